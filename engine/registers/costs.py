"""What repairs cost, who pays, and whether it was settled (procedures.md 3.9–3.11)."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from engine.db.models import repair_cost

CREW, CUSTOMER, COMPANY = "crew", "customer", "company"
NORMAL, NON_NORMAL = "normal", "non_normal"


def put(
    connection: sa.Connection,
    *,
    id: str,
    case_id: str,
    site: str,
    crew: str | None,
    payer: str,
    scope: str,
    labour: Decimal,
    material: Decimal,
    computed_at: datetime,
) -> None:
    """Add what a repair cost, in yuan; it is settled only once it was signed."""
    row = {"id": id, "case_id": case_id, "site": site, "crew": crew, "payer": payer, "scope": scope}
    sums = {"labour": labour, "material": material, "computed_at": computed_at}
    connection.execute(repair_cost.insert(), {**row, **sums})


def sign(connection: sa.Connection, id: str, at: datetime) -> None:
    """Note when a cost was signed by the last who had to."""
    connection.execute(repair_cost.update().where(repair_cost.c.id == id).values(signed_at=at))


def settle(connection: sa.Connection, id: str, entry: str) -> None:
    """Note which ledger entry settled a cost."""
    connection.execute(repair_cost.update().where(repair_cost.c.id == id).values(entry=entry))


def drop_unsigned(connection: sa.Connection, case_id: str) -> None:
    """Take back what a case computed and not everybody signed: it is reckoned anew."""
    connection.execute(repair_cost.delete().where(repair_cost.c.case_id == case_id, repair_cost.c.signed_at.is_(None)))


def due(connection: sa.Connection, *, before: datetime) -> list[sa.Row[Any]]:
    """The crews' costs that were signed before an instant and are not settled, by crew, oldest first."""
    return _of_crews(connection, repair_cost.c.signed_at < before, before)


def unsigned(connection: sa.Connection, *, before: datetime) -> list[sa.Row[Any]]:
    """The crews' costs that were computed before an instant, and not signed by then."""
    late = sa.or_(repair_cost.c.signed_at.is_(None), repair_cost.c.signed_at >= before)
    return _of_crews(connection, late, before)


def _of_crews(
    connection: sa.Connection, condition: sa.ColumnElement[bool], computed_before: datetime
) -> list[sa.Row[Any]]:
    found = sa.select(repair_cost).where(
        repair_cost.c.payer == CREW,
        repair_cost.c.crew.is_not(None),
        repair_cost.c.entry.is_(None),
        repair_cost.c.computed_at < computed_before,
        condition,
    )
    return list(connection.execute(found.order_by(repair_cost.c.crew, repair_cost.c.computed_at, repair_cost.c.id)))
