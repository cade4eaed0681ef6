"""Who may be given a site: a foreman who is there, leads a crew that is there, and whose orders are not suspended."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.db.models import crew, membership, person, suspension
from engine.errors import PersonUnavailable

GROUP = "foreman"


def available(on: date) -> sa.ColumnElement[bool]:
    """The condition on `person` that this is a foreman who may take a site on a day."""
    leads = _exists(crew, crew.c.foreman, crew.c.state == "active")
    led = _exists(crew, crew.c.foreman, crew.c.state == "departed")
    is_foreman = _exists(membership, membership.c.person_id, membership.c.group_key == GROUP)
    suspended = _exists(suspension, suspension.c.person, suspension.c.since <= on, suspension.c.until >= on)
    return person.c.active & (leads | (is_foreman & ~led)) & ~suspended


def require(connection: sa.Connection, person_id: int, on: date, *, field: str = "foreman") -> None:
    """Raises PersonUnavailable where this person can't be given a site on a day."""
    found = sa.select(person.c.id).where(person.c.id == person_id, available(on))
    if connection.scalar(found) is None:
        raise PersonUnavailable(field=field)


def _exists(table: sa.Table, of: "sa.Column[Any]", *conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists().where(of == person.c.id, *conditions).correlate(person)
