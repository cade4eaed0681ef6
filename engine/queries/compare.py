"""What the comparison page shows: two versions, the sentences between them, and whom the change concerns."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine import deployments
from engine.db.models import deployment, deployment_file, instance
from engine.errors import NotFound
from engine.queries.past_effect import PastEffect, past_effect
from engine.registers import calendar
from engine.studio import checking, drafts
from engine.studio.known import known
from engine.workflow.changes import Change, compare
from engine.workflow.lint.material import read_material
from engine.workflow.lint.surroundings import Surroundings
from engine.workflow.wording import Known, Names

DRAFT = "draft"
RUNNING = ("running", "suspended")


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two versions of a procedure; a version is a number or `DRAFT`, `before` None where there is no version yet.

    Attributes:
        versions: All numbers, newest first.
        draft: State of the open draft, None without one.
        running: (version, number) of running cases of versions other than `after`.
        within: (title, deployment id, number) of running cases of procedures that call this one.
        past: What changed deadlines would have done last year.
    """

    procedure: str
    title: str
    deployment_id: str | None
    versions: tuple[int, ...]
    draft: str | None
    before: int | str | None
    after: int | str
    changes: tuple[Change, ...]
    running: tuple[tuple[int, int], ...]
    within: tuple[tuple[str, str, int], ...]
    past: tuple[PastEffect, ...]


def comparison(
    connection: sa.Connection, procedure: str, before: int | str | None, after: int | str | None, now: datetime
) -> Comparison:
    """Compare two versions.

    Args:
        before: None for the version in force, or the one before `after`.
        after: None for the draft, without one the version in force.
    Raises:
        NotFound: There is no such version, draft or procedure.
    """
    rows = _versions(connection, procedure)
    draft = drafts.find(connection, procedure)
    if not rows and draft is None:
        raise NotFound(procedure=procedure)
    numbers = tuple(int(row.version) for row in rows)
    after = after if after is not None else DRAFT if draft is not None else numbers[0]
    if before is None:
        earlier = [one for one in numbers if after == DRAFT or one < int(after)]
        before = earlier[0] if earlier else None
    files = [diagram_files(connection, procedure, one) for one in (before, after) if one is not None]
    names = known(connection)
    changes = compare(files[0], files[1], names) if len(files) == 2 else ()
    return Comparison(
        procedure=procedure,
        title=rows[0].title if rows else drafts.title_of(procedure, files[-1]),
        deployment_id=rows[0].id if rows else None,
        versions=numbers,
        draft=draft.state if draft is not None else None,
        before=before,
        after=after,
        changes=changes,
        running=tuple(_running(connection, procedure, after)),
        within=tuple(_within(connection, procedure)),
        past=tuple(_past(connection, files, names, changes, now)) if changes else (),
    )


def diagram(connection: sa.Connection, procedure: str, version: int | str) -> bytes:
    """The BPMN file of a version.

    Raises:
        NotFound: There is none.
    """
    content = diagram_files(connection, procedure, version).get(f"{procedure}.bpmn")
    if content is None:
        raise NotFound(procedure=procedure)
    return content


def diagram_files(connection: sa.Connection, procedure: str, version: int | str) -> dict[str, bytes]:
    """The own files of a version, or of the draft.

    Raises:
        NotFound: There is none.
    """
    if version == DRAFT:
        return drafts.files(connection, drafts.require(connection, procedure).id)
    row = next((one for one in _versions(connection, procedure) if one.version == version), None)
    if row is None:
        raise NotFound(procedure=procedure, version=version)
    return checking.own(deployments.files(connection, row.id))


def _versions(connection: sa.Connection, procedure: str) -> "list[sa.Row[tuple[str, int, str]]]":
    rows = sa.select(deployment.c.id, deployment.c.version, deployment.c.title)
    of_procedure = rows.where(deployment.c.procedure == procedure)
    return list(connection.execute(of_procedure.order_by(deployment.c.version.desc())))


def _running(connection: sa.Connection, procedure: str, after: int | str) -> Iterable[tuple[int, int]]:
    rows = (
        sa.select(deployment.c.version, sa.func.count().label("cases"))
        .join(instance, instance.c.deployment_id == deployment.c.id)
        .where(deployment.c.procedure == procedure, instance.c.status.in_(RUNNING))
        .group_by(deployment.c.version)
        .order_by(deployment.c.version.desc())
    )
    return ((row.version, row.cases) for row in connection.execute(rows) if row.version != after)


def _within(connection: sa.Connection, procedure: str) -> Iterable[tuple[str, str, int]]:
    """Running cases that have this procedure bound in their own version."""
    bound = sa.select(deployment_file.c.deployment_id).where(
        deployment_file.c.path == f"calls/{procedure}/{procedure}.bpmn"
    )
    rows = (
        sa.select(deployment.c.title, deployment.c.id, sa.func.count().label("cases"))
        .join(instance, instance.c.deployment_id == deployment.c.id)
        .where(deployment.c.id.in_(bound), instance.c.status.in_(RUNNING))
        .group_by(deployment.c.title, deployment.c.id, deployment.c.version)
        .order_by(deployment.c.title, deployment.c.version)
    )
    found: dict[str, tuple[str, int]] = {}  # title → its newest version's id, cases of all versions
    for row in connection.execute(rows):
        found[row.title] = (row.id, row.cases + found.get(row.title, ("", 0))[1])
    return ((title, newest, cases) for title, (newest, cases) in found.items())


def _past(
    connection: sa.Connection, files: list[dict[str, bytes]], names: Known, changes: tuple[Change, ...], now: datetime
) -> Iterable[PastEffect]:
    moved = [change.element for change in changes if change.kind == "deadline_changed"]
    if not moved:
        return
    old, new = (Names(read_material(one, "", Surroundings()), names) for one in files)
    days = calendar.current(connection)
    for timer in moved:
        node = new.node(timer)
        if node is None or "deadline" not in node.properties:
            continue
        found = past_effect(connection, (old, new), timer, days, now)
        if found is not None:
            yield found
