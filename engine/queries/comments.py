"""What people said about a case."""

from typing import Any

import sqlalchemy as sa

from engine.db.models import command, submission

MOST = 100


def comments(connection: sa.Connection, case_id: str) -> list[dict[str, Any]]:
    """The comments on a case, newest first: actor, at, text (None once erased). The caller asks who may see it."""
    same = sa.and_(command.c.stream == submission.c.stream, command.c.seq == submission.c.seq)
    rows = sa.select(submission.c.actor, submission.c.at, submission.c["values"]).join(command, same)
    rows = rows.where(submission.c.stream == case_id, command.c.kind == "comment")
    found = connection.execute(rows.order_by(submission.c.seq.desc()).limit(MOST))
    return [{"actor": row[0], "at": row[1], "text": (row[2] or {}).get("text")} for row in found]
