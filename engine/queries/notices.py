"""What people were told: breaches, reminders, what was handed to them."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.actor import Actor
from engine.db.models import notice
from engine.queries.people import Known

PAGE = 30
COUNTED = 100


def notices(
    connection: sa.Connection, actor: Actor, *, before: datetime | None = None, size: int = PAGE
) -> list[sa.RowMapping]:
    """The newest notices of all that a person stands behind, one per event."""
    firsts = [_newest(key, before, size) for key in sorted(actor.principals)]
    rows = sa.union_all(*(sa.select(one.subquery()) for one in firsts)).subquery()
    found: dict[tuple[Any, ...], sa.RowMapping] = {}
    for row in connection.execute(sa.select(rows).order_by(rows.c.at.desc(), rows.c.id)).mappings():
        same = (row["case_id"], row["code"], row["at"], str(row["parameters"]))
        found.setdefault(same, row)  # told as a member of two groups, shown once
    return list(found.values())[:size]


def unseen(connection: sa.Connection, known: Known) -> int:
    """How many notices came since the person looked, at most 100."""
    since = known.notices_seen_at
    parts = []
    for key in sorted(known.actor.principals):
        rows = sa.select(notice.c.id).where(notice.c.principal == key)
        parts.append(rows.where(notice.c.at > since).limit(COUNTED) if since else rows.limit(COUNTED))
    new = sa.union_all(*(sa.select(one.subquery()) for one in parts)).limit(COUNTED).subquery()
    return int(connection.scalar(sa.select(sa.func.count()).select_from(new)) or 0)


def _newest(principal: str, before: datetime | None, size: int) -> "sa.Select[Any]":
    rows = sa.select(notice).where(notice.c.principal == principal)
    if before is not None:
        rows = rows.where(notice.c.at < before)
    return rows.order_by(notice.c.at.desc()).limit(size)
