"""Contracts with their additions and deductions."""

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from engine.db.models import contract, contract_change
from engine.registers import money

ACTIVE, CANCELLED = "active", "cancelled"
MOST = Decimal(100_000_000)  # yuan


def find(connection: sa.Connection, key: str) -> sa.Row[Any] | None:
    """The contract's row."""
    return connection.execute(sa.select(contract).where(contract.c.key == key)).one_or_none()


def of_site(connection: sa.Connection, site: str) -> str | None:
    """The key of the site's contract for the works: one in force before a cancelled one, the latest first."""
    of_it = sa.select(contract.c.key).where(contract.c.site == site)
    order = (contract.c.kind != "construction", contract.c.status != ACTIVE, contract.c.signed_on.desc().nulls_last())
    return connection.scalars(of_it.order_by(*order, contract.c.key.desc())).first()


def changes(connection: sa.Connection, key: str) -> tuple[Decimal, Decimal]:
    """The additions and the deductions of a contract, each as a sum ≥ 0 in yuan."""
    amounts = connection.scalars(sa.select(contract_change.c.amount).where(contract_change.c.contract == key)).all()
    added = money.total(amount for amount in amounts if amount > 0)
    return added, money.total(-amount for amount in amounts if amount < 0)


def base(connection: sa.Connection, key: str) -> Decimal:
    """Contract + additions − deductions, in yuan (procedures.md 3.20, A-28)."""
    row = find(connection, key)
    added, deducted = changes(connection, key)
    return (row.amount if row is not None and row.amount is not None else money.ZERO) + added - deducted


def cancel(connection: sa.Connection, key: str, on: date) -> None:
    """Note that a contract was terminated."""
    connection.execute(contract.update().where(contract.c.key == key).values(status=CANCELLED, cancelled_on=on))
