"""Awards for excellent sites (procedures.md 3.17)."""

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from engine.db.models import award


def put(
    connection: sa.Connection,
    *,
    site: str,
    month: date,
    amount: Decimal,
    score: str,
    foreman: int | None,
    foreman_share: Decimal,
    project_manager: int | None,
    project_manager_share: Decimal,
    case_id: str,
) -> None:
    """Add the award of a site; `month` is any day of it, sums in yuan."""
    row = {"site": site, "month": month.replace(day=1), "amount": amount, "score": score, "case_id": case_id}
    shares = {"foreman_share": foreman_share, "project_manager_share": project_manager_share}
    connection.execute(award.insert(), {**row, **shares, "foreman": foreman, "project_manager": project_manager})


def of_month(connection: sa.Connection, month: date) -> list[sa.Row[Any]]:
    """The awards of a month (any day of it), by site."""
    found = sa.select(award).where(award.c.month == month.replace(day=1)).order_by(award.c.site)
    return list(connection.execute(found))
