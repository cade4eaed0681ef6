"""What happened in a case, row by row of its log, with what people sent as far as it was not erased."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.db.models import command, submission

_ROWS = (
    sa.select(command, submission.c["values"], submission.c.round, submission.c.item)
    .join(
        submission,
        sa.and_(submission.c.stream == command.c.stream, submission.c.seq == command.c.seq),
        isouter=True,
    )
    .where(command.c.stream == sa.bindparam("of_stream"))
)


@dataclass(frozen=True, kw_only=True)
class Event:
    """A row of the log.

    Attributes:
        values: What was sent with it; None where nothing was, or it was erased.
        round, item: Of the user task that it was sent for.
        hash: 64 hex digits.
    """

    seq: int
    at: datetime
    actor: str
    kind: str
    body: dict[str, Any]
    reads: list[Any]
    values: dict[str, Any] | None
    hash: str
    round: int | None = None
    item: str | None = None


def trail(connection: sa.Connection, stream: str, *, newest_first: bool = False, most: int = 1000) -> list[Event]:
    """The log of a case, or of another stream. Who may see the case is for the caller to ask (queries.instance)."""
    order = command.c.seq.desc() if newest_first else command.c.seq
    names = ("seq", "at", "actor", "kind", "body", "reads", "values", "round", "item")
    return [
        Event(**{name: row[name] for name in names}, hash=row["hash"].hex())
        for row in connection.execute(_ROWS.order_by(order).limit(most), {"of_stream": stream}).mappings()
    ]
