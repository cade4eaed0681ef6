"""Order suspensions (停单): in force up to and with their last day; they end by themselves."""

from datetime import date

import sqlalchemy as sa

from engine.db.models import suspension


def put(
    connection: sa.Connection, *, id: str, person: int, since: date, until: date, case_id: str | None, rule: str | None
) -> None:
    """Suspend somebody's orders from a day up to and with another."""
    row = {"id": id, "person": person, "since": since, "until": until, "case_id": case_id, "rule": rule}
    connection.execute(suspension.insert(), row)


def until(connection: sa.Connection, person: int, on: date) -> date | None:
    """The last day of the suspension in force on a day; None where there is none."""
    in_force = sa.select(sa.func.max(suspension.c.until)).where(
        suspension.c.person == person, suspension.c.since <= on, suspension.c.until >= on
    )
    last: date | None = connection.scalar(in_force)
    return last
