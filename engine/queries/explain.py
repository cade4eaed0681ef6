"""流程说明: the procedures in words, as they are in force, as they once were, or as a draft has them."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine import deployments
from engine.db.models import deployment
from engine.errors import NotFound
from engine.studio import checking, drafts
from engine.studio.known import known
from engine.workflow.explained import Explained, Start
from engine.workflow.explaining import explain
from engine.workflow.lint.material import read_material
from engine.workflow.lint.surroundings import Surroundings
from engine.workflow.picture import picture as drawn

DRAFT = "draft"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A procedure in the list; `starts` says how it begins."""

    procedure: str
    title: str
    version: int
    starters: tuple[str, ...]
    starts: tuple[Start, ...]
    steps: int

    @property
    def kind(self) -> str:
        """hand, timer, message or called: the first way in which it begins."""
        return self.starts[0].kind if self.starts else "called"


@dataclass(frozen=True, kw_only=True)
class Page:
    """One procedure; `version` is None for a draft."""

    told: Explained
    version: int | None
    newest: int | None
    since: datetime


def index(connection: sa.Connection, language: str) -> list[Entry]:
    """All procedures in force, by title. `language`: zh or en."""
    versions = {row.procedure: row.version for row in _newest(connection)}
    names = known(connection)
    found = []
    for material in names.procedures.values():
        told = explain(material, names, language)
        version = versions.get(told.procedure, 1)
        more = {"starters": told.starters, "starts": told.starts}
        found.append(
            Entry(procedure=told.procedure, title=told.title, version=version, steps=len(told.steps), **more)  # type: ignore[arg-type]
        )
    return sorted(found, key=lambda one: one.title)


def page(connection: sa.Connection, procedure: str, version: int | str | None, language: str) -> Page:
    """One procedure in words.

    Args:
        version: A number, `DRAFT`, or None for the one in force.
    Raises:
        NotFound: There is none.
    """
    number, since, files = _version(connection, procedure, version)
    names = known(connection)
    told = explain(read_material(files, "", Surroundings()), names, language)
    newest = deployments.current(connection, procedure)
    last = int(newest.version) if newest is not None else None
    return Page(told=told, version=number, newest=last, since=since)


def picture(connection: sa.Connection, procedure: str, version: int | str | None) -> str:
    """The diagram as SVG.

    Raises:
        NotFound: There is none.
    """
    content = _version(connection, procedure, version)[2].get(f"{procedure}.bpmn")
    if content is None:
        raise NotFound(procedure=procedure)
    return drawn(content)


def _version(
    connection: sa.Connection, procedure: str, version: int | str | None
) -> tuple[int | None, datetime, dict[str, bytes]]:
    """Number, since when, own files."""
    if version == DRAFT:
        draft = drafts.require(connection, procedure)
        return None, draft.saved_at, drafts.files(connection, draft.id)
    rows = sa.select(deployment).where(deployment.c.procedure == procedure)
    if version is not None:
        rows = rows.where(deployment.c.version == version)
    row = connection.execute(rows.order_by(deployment.c.version.desc()).limit(1)).one_or_none()
    if row is None:
        raise NotFound(procedure=procedure)
    return row.version, row.deployed_at, checking.own(deployments.files(connection, row.id))


def _newest(connection: sa.Connection) -> list[sa.Row[tuple[str, int]]]:
    newest = sa.select(deployment.c.procedure, sa.func.max(deployment.c.version).label("version"))
    return list(connection.execute(newest.group_by(deployment.c.procedure)))
