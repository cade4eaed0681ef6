"""Fault slips that stand (procedures.md 3.19), and the fines that come with some of them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from engine.db.models import fault_slip
from engine.registers import ledger, money


def put(
    connection: sa.Connection,
    *,
    id: str,
    case_id: str,
    principal: str,
    person: int | None,
    rule: str,
    grade: str | None,
    amount: Decimal | None,
    decided_at: datetime,
    decided_by: str,
) -> None:
    """Add a slip; `decided_by` is a principal key, `amount` in yuan or None."""
    who = {"principal": principal, "person": person, "decided_at": decided_at, "decided_by": decided_by}
    row = {"id": id, "case_id": case_id, "rule": rule, "grade": grade, "amount": amount}
    connection.execute(fault_slip.insert(), {**who, **row})


def find(connection: sa.Connection, id: str) -> sa.Row[Any]:
    """The slip's row."""
    return connection.execute(sa.select(fault_slip).where(fault_slip.c.id == id)).one()


def publish(connection: sa.Connection, id: str, on: date) -> None:
    """Note on which day a slip stood in the bulletin."""
    connection.execute(fault_slip.update().where(fault_slip.c.id == id).values(bulletin_on=on))


def of_person(connection: sa.Connection, person: int) -> list[sa.Row[Any]]:
    """The slips of a person, oldest first."""
    found = sa.select(fault_slip).where(fault_slip.c.person == person)
    return list(connection.execute(found.order_by(fault_slip.c.decided_at, fault_slip.c.id)))


def owes(connection: sa.Connection, person: int) -> Decimal:
    """What a person owes us, in yuan: fines and costs that were not collected yet; 0.00 where there are none."""
    return max(-ledger.balance(connection, f"person:{person}"), money.ZERO)
