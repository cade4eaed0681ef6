"""What a file that somebody brings in would do to a procedure, and the ZIP of one of its versions."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine import deployments
from engine.db.models import deployment
from engine.errors import DraftUnreadable, NotFound
from engine.studio import checking, drafts, packing
from engine.workflow import lint
from engine.workflow.changes import Change, compare


@dataclass(frozen=True, kw_only=True)
class Preview:
    """A package beside what there is.

    Attributes:
        draft: The open draft's row, whose files it would replace; None where there is none.
        version: The version in force that it is compared with where there is no draft; None: a new procedure.
        changes: What would be different; empty too where there is nothing to compare with.
        problems: Of the package itself, errors first.
    """

    draft: Any
    version: int | None
    changes: tuple[Change, ...]
    problems: tuple[lint.Problem, ...]


def preview(connection: sa.Connection, package: packing.Package) -> Preview:
    """What bringing a package in would change, and what is wrong with it."""
    draft = drafts.find(connection, package.procedure)
    current = deployments.current(connection, package.procedure)
    before: dict[str, bytes] = {}
    if draft is not None:
        before = drafts.files(connection, draft.id)
    elif current is not None:
        before = checking.own(deployments.files(connection, str(current.id)))
    return Preview(
        draft=draft,
        version=int(current.version) if current is not None else None,
        changes=compare(before, package.files) if before else (),
        problems=checking.check(connection, package.files),
    )


def packed(connection: sa.Connection, procedure: str, version: str) -> bytes:
    """The ZIP of a version (its number), or of the draft ("draft").

    Raises:
        NotFound: There is none.
    """
    if version == "draft":
        return packing.pack(procedure, drafts.files(connection, drafts.require(connection, procedure).id))
    rows = sa.select(deployment.c.id).where(deployment.c.procedure == procedure)
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    found = connection.scalar(rows.where(deployment.c.version == number))
    if found is None:
        raise NotFound(procedure=procedure, version=version[:20])
    return packing.pack(procedure, checking.own(deployments.files(connection, str(found))))


def require_readable(path: str, content: bytes) -> None:
    """Refuse a file that no editor could open.

    Raises:
        DraftUnreadable: Its problems say why.
    """
    if problems := checking.unreadable(path, content):
        raise DraftUnreadable(problems, path)
