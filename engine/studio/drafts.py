"""Drafts of procedures: one open draft each, its files, who saved what; outside of the log, but for their ends.

A draft has one counter, `revision`. A file's revision is the draft's at the moment when it was saved last, so that a
number is never used twice, not even by a file that was removed and made anew.
"""

import re
import tomllib
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from engine.db.models import draft_file, procedure_draft
from engine.errors import DraftChanged, DraftFrozen, DraftNotSubmitted, InvalidCommand, NotFound
from engine.unit_of_work import UnitOfWork

STREAM = "definitions"
EDITING, SUBMITTED, APPROVED = "editing", "submitted", "approved"
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")  # of a procedure; its process has underscores instead
LONGEST_NAME = 60
FIRST = 1
LONGEST_REASON = 500
OF_SUBMISSION = ("submitted_by", "submitted_at", "submitted_seq", "effective_at", "digest", "against")  # columns
OF_APPROVAL = ("approved_by", "approved_at")
_KEY = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}"
_PATHS = r"{0}\.bpmn|{key}\.dmn|procedure\.toml|forms/{0}/{key}\.json|documents/{key}\.typ"


def find(connection: sa.Connection, procedure: str) -> "sa.Row[Any] | None":
    """The draft of a procedure; None where it has none."""
    return connection.execute(sa.select(procedure_draft).where(procedure_draft.c.procedure == procedure)).one_or_none()


def require(connection: sa.Connection, procedure: str) -> "sa.Row[Any]":
    """The draft of a procedure.

    Raises:
        NotFound: It has none.
    """
    found = find(connection, procedure)
    if found is None:
        raise NotFound(procedure=procedure)
    return found


def lock_editable(work: UnitOfWork, procedure: str) -> "sa.Row[Any]":
    """The draft of a procedure under lock, while its files may be changed.

    Raises:
        NotFound: It has none.
        DraftFrozen: It was submitted.
    """
    found = _locked(work, procedure)
    if found is None:
        raise NotFound(procedure=procedure)
    if found.state != EDITING:
        raise DraftFrozen(procedure=procedure)
    return found


def lock_submitted(work: UnitOfWork, procedure: str, *states: str) -> "sa.Row[Any]":
    """The draft of a procedure under lock, to be decided on while it is in one of these states.

    Raises:
        DraftNotSubmitted: It has none (any more), or one in another state.
    """
    found = _locked(work, procedure)
    if found is None or found.state not in states:
        raise DraftNotSubmitted(procedure=procedure)
    return found


def _locked(work: UnitOfWork, procedure: str) -> "sa.Row[Any] | None":
    row = sa.select(procedure_draft).where(procedure_draft.c.procedure == procedure).with_for_update()
    return work.connection.execute(row).one_or_none()


def files(connection: sa.Connection, draft_id: str) -> dict[str, bytes]:
    """Path → content of all files of a draft."""
    rows = sa.select(draft_file.c.path, draft_file.c.content).where(draft_file.c.draft_id == draft_id)
    return {row.path: bytes(row.content) for row in connection.execute(rows.order_by(draft_file.c.path))}


def paths(connection: sa.Connection, draft_id: str) -> list[str]:
    """The paths of a draft's files."""
    rows = sa.select(draft_file.c.path).where(draft_file.c.draft_id == draft_id).order_by(draft_file.c.path)
    return list(connection.scalars(rows))


def file(connection: sa.Connection, draft_id: str, path: str) -> "sa.Row[Any] | None":
    """One file of a draft with who saved it when, and its revision; None where there is none."""
    row = sa.select(draft_file).where(draft_file.c.draft_id == draft_id, draft_file.c.path == path)
    return connection.execute(row).one_or_none()


def is_path(procedure: str, path: str) -> bool:
    """Whether a file of a draft of this procedure may have this path."""
    allowed = _PATHS.format(re.escape(procedure), key=_KEY)
    return re.fullmatch(allowed, path) is not None and ".." not in path


def begin(work: UnitOfWork, procedure: str, content: Mapping[str, bytes], based_on: str | None) -> str:
    """Make a draft that holds these files; gives its id."""
    key = uuid4().hex
    who = {"started_by": work.actor.key, "saved_by": work.actor.key}
    row = {"id": key, "procedure": procedure, "based_on": based_on, "state": EDITING, "revision": FIRST, **who}
    work.connection.execute(procedure_draft.insert(), row | {"started_at": work.now, "saved_at": work.now})
    saved = {"draft_id": key, "revision": FIRST, "saved_by": work.actor.key, "saved_at": work.now}
    work.connection.execute(draft_file.insert(), [{"path": p, "content": c, **saved} for p, c in content.items()])
    return key


def put_file(work: UnitOfWork, draft: "sa.Row[Any]", path: str, content: bytes | None, revision: int) -> int:
    """Save or, without content, remove a file of a locked draft; gives its new revision.

    Args:
        revision: Of the file as the person saw it, 0 where they saw none.
    Raises:
        DraftChanged: Somebody else has saved, made or removed it since.
    """
    before = file(work.connection, draft.id, path)
    if (before.revision if before else 0) != revision:
        who = {"by": before.saved_by, "at": before.saved_at} if before else {"by": draft.saved_by, "at": draft.saved_at}
        raise DraftChanged(path=path, **who)
    key = (draft_file.c.draft_id == draft.id, draft_file.c.path == path)
    if before is not None and content is not None and bytes(before.content) == content:
        return revision
    number = int(draft.revision) + 1
    saved = {"revision": number, "saved_by": work.actor.key, "saved_at": work.now}
    if content is None:
        work.connection.execute(draft_file.delete().where(*key))
    elif before is None:
        work.connection.execute(draft_file.insert(), {"draft_id": draft.id, "path": path, "content": content, **saved})
    else:
        work.connection.execute(draft_file.update().where(*key), {"content": content, **saved})
    set_columns(work, draft.id, **saved)
    return number


def set_columns(work: UnitOfWork, draft_id: str, **columns: Any) -> None:
    """Change columns of a draft's row."""
    work.connection.execute(procedure_draft.update().where(procedure_draft.c.id == draft_id), columns)


def remove(work: UnitOfWork, draft_id: str) -> None:
    """Delete a draft with its files."""
    work.connection.execute(draft_file.delete().where(draft_file.c.draft_id == draft_id))
    work.connection.execute(procedure_draft.delete().where(procedure_draft.c.id == draft_id))


def require_reason(reason: str) -> None:
    """Raises InvalidCommand unless somebody says why."""
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise InvalidCommand(field="reason")


def title_of(procedure: str, content: Mapping[str, bytes]) -> str:
    """What people call the procedure of these files; its name where they do not say."""
    try:
        settings = tomllib.loads(content["procedure.toml"].decode())
    except (KeyError, ValueError, RecursionError):
        return procedure
    title = settings.get("title")
    return title if isinstance(title, str) and title else procedure
