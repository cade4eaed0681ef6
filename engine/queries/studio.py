"""What the studio's editors show: a draft's files and state, and what is wrong with it."""

from typing import Any

import sqlalchemy as sa

from engine.errors import NotFound
from engine.studio import checking, drafts
from engine.studio.known import known
from engine.workflow import lint
from engine.workflow.changes import Change, compare

LARGEST_REPORT = 500  # problems that a page lists


def draft(connection: sa.Connection, procedure: str) -> "sa.Row[Any]":
    """The draft of a procedure: the columns of procedure_draft.

    Raises:
        NotFound: It has none.
    """
    return drafts.require(connection, procedure)


def file(connection: sa.Connection, procedure: str, path: str) -> dict[str, Any]:
    """A file of a procedure's draft: path, content as text, revision, who saved it when, whether it may be changed.

    Raises:
        NotFound: There is no such file, or no draft.
    """
    found = drafts.require(connection, procedure)
    row = drafts.file(connection, found.id, path)
    if row is None:
        raise NotFound(path=path)
    return {
        "path": path,
        "content": bytes(row.content).decode(errors="replace"),
        "revision": row.revision,
        "saved_by": row.saved_by,
        "saved_at": row.saved_at,
        "editable": found.state == drafts.EDITING,
    }


def problems(connection: sa.Connection, procedure: str) -> list[lint.Problem]:
    """What is wrong with a procedure's draft, or could be better, errors first.

    Raises:
        NotFound: It has none.
    """
    found = drafts.require(connection, procedure)
    return list(checking.check(connection, drafts.files(connection, found.id))[:LARGEST_REPORT])


def differences(connection: sa.Connection, procedure: str, path: str, mine: bytes) -> list[Change]:
    """What differs in a file of the draft as it is kept from what somebody else has in hand.

    Raises:
        NotFound: The procedure has no draft.
    """
    kept = drafts.files(connection, drafts.require(connection, procedure).id)
    return [one for one in compare(kept | {path: mine}, kept, known(connection)) if one.file == path]
