"""Sites: who works there, and until when the company answers for the work."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.db.models import contract, site, warranty_card
from engine.registers import crews


def find(connection: sa.Connection, key: str) -> sa.Row[Any] | None:
    """The site's row."""
    return connection.execute(sa.select(site).where(site.c.key == key)).one_or_none()


def warranty_until(connection: sa.Connection, key: str) -> date | None:
    """The last day under warranty: of the warranty card, else of the contract; None where neither says one."""
    card: date | None = connection.scalar(
        sa.select(sa.func.max(warranty_card.c.until)).where(warranty_card.c.site == key)
    )
    said = sa.select(sa.func.max(contract.c.warranty_until)).where(contract.c.site == key)
    if card is None:
        card = connection.scalar(said)
    return card


def assign_foreman(connection: sa.Connection, key: str, person: int) -> str | None:
    """Give a site to a foreman with his crew; gives the crew's key. Whether he may have it asks `foremen.require`."""
    led = crews.of_foreman(connection, person)
    connection.execute(site.update().where(site.c.key == key).values(foreman=person, crew=led))
    return led
