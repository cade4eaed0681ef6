"""Crews: whose retention is held, who leads them, whether they are still there."""

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from engine.db.models import crew, site
from engine.registers import ledger, money

ACTIVE, DEPARTED = "active", "departed"
KINDS, STATES = ("general", "paving"), (ACTIVE, DEPARTED)


def find(connection: sa.Connection, key: str) -> sa.Row[Any] | None:
    """The crew's row."""
    return connection.execute(sa.select(crew).where(crew.c.key == key)).one_or_none()


def of_foreman(connection: sa.Connection, person: int) -> str | None:
    """The key of the crew that a person leads; the active one before one that has left."""
    led = sa.select(crew.c.key).where(crew.c.foreman == person).order_by(crew.c.state, crew.c.key)
    return connection.scalars(led).first()


def of_site(connection: sa.Connection, key: str) -> str | None:
    """The key of the crew that built, or builds, a site; else that of its foreman."""
    row = connection.execute(sa.select(site.c.crew, site.c.foreman).where(site.c.key == key)).one_or_none()
    if row is None:
        return None
    return row.crew or (of_foreman(connection, row.foreman) if row.foreman else None)


def retention(connection: sa.Connection, key: str) -> Decimal:
    """What we hold of a crew, in yuan."""
    return ledger.balance(connection, f"retention:{key}")


def owes(connection: sa.Connection, key: str) -> Decimal:
    """What a crew owes us beyond its retention, in yuan; 0.00 where it owes nothing."""
    return max(-ledger.balance(connection, f"crew:{key}"), money.ZERO)


def depart(connection: sa.Connection, key: str, on: date) -> None:
    """Note that a crew has left."""
    connection.execute(crew.update().where(crew.c.key == key).values(state=DEPARTED, departed_on=on))
