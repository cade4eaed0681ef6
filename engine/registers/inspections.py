"""Pre-acceptance inspections of sites (procedures.md 3.16)."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.db.models import inspection

FAILED, PASS, GOOD, EXCELLENT, VOID = "failed", "pass", "good", "excellent", "void"
PASSED = (PASS, GOOD, EXCELLENT)


def put(
    connection: sa.Connection,
    *,
    id: str,
    case_id: str,
    site: str,
    foreman: int | None,
    at: datetime,
    overall_rate: str | None,
    result: str,
) -> int:
    """Add an inspection; gives its number among those that count under this foreman, 0 where it is void (A-34)."""
    counted = result != VOID
    number = count(connection, site, foreman) + 1 if counted else 0
    row = {"id": id, "case_id": case_id, "site": site, "foreman": foreman, "at": at, "overall_rate": overall_rate}
    connection.execute(inspection.insert(), {**row, "result": result, "counted": counted, "number": number})
    return number


def count(connection: sa.Connection, site: str, foreman: int | None) -> int:
    """How many inspections of a site counted under a foreman: a new one begins anew (A-11)."""
    counted = sa.select(sa.func.count()).where(
        inspection.c.site == site, inspection.c.foreman == foreman, inspection.c.counted
    )
    return connection.scalar(counted) or 0


def failures(connection: sa.Connection, site: str, foreman: int | None) -> int:
    """How many inspections of a site a foreman has failed."""
    failed = sa.select(sa.func.count()).where(
        inspection.c.site == site, inspection.c.foreman == foreman, inspection.c.result == FAILED
    )
    return connection.scalar(failed) or 0


def last(connection: sa.Connection, site: str) -> sa.Row[Any] | None:
    """The latest inspection of a site that counted."""
    found = sa.select(inspection).where(inspection.c.site == site, inspection.c.counted)
    return connection.execute(found.order_by(inspection.c.at.desc(), inspection.c.id)).first()
