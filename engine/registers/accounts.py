"""Which accounts the ledger may have."""

import re
from decimal import Decimal

import sqlalchemy as sa

from engine.db.models import crew, customer, person

MOST = Decimal(100_000_000)  # yuan that people may enter in one sum
_COMPANY = re.compile(r"[a-z][a-z_]{0,39}")
_OWNERS: dict[str, sa.ColumnElement[str]] = {
    "retention": crew.c.key,
    "crew": crew.c.key,
    "person": sa.cast(person.c.id, sa.Text),
    "output": sa.cast(person.c.id, sa.Text),
    "customer": customer.c.key,
}


def exists(connection: sa.Connection, account: str) -> bool:
    """Whether an account has an owner: `company:<what>`, or a crew, a person or a customer that there is."""
    kind, _, key = account.partition(":")
    if kind == "company":
        return _COMPANY.fullmatch(key) is not None
    owner = _OWNERS.get(kind)
    return owner is not None and connection.scalar(sa.select(owner).where(owner == key)) is not None
