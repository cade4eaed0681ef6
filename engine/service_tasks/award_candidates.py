"""The excellent sites of a month (procedures.md 3.17): who is eligible, how many may win, who does."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from engine.clock import OFFICE
from engine.db.models import site
from engine.registers import inspections
from engine.service_tasks.registry import Occasion, Result, operation
from engine.working_time import add_months

CONTENT = ("satisfied", "very_satisfied")


@operation(
    parameters={"at": True, "percent": True, "most": True, "lowest_score": True},
    results=frozenset({"month", "completed", "quota", "eligible", "winners", "tied"}),
)
def award_candidates(occasion: Occasion, *, at: str, percent: int, most: int, lowest_score: str | int) -> Result:
    """Rank the sites completed in the month of an instant.

    Eligible: the final payment is paid, the customer is satisfied, the last inspection scored `lowest_score` or more.
    Ranked by score, then very satisfied first, then completed earlier. Quota: `percent` of the completed sites, rounded
    down, at least 1 if somebody is eligible, at most `most` (A-12).

    Args:
        at: ISO with offset.
    Returns:
        `month`: its first day; `completed`: number of sites; `eligible` and `winners`: keys of sites, ranked; `tied`:
        keys that can't be told apart at the last place, for the general manager's office to decide.
    """
    connection = occasion.connection
    assert connection is not None  # not a job
    first = datetime.fromisoformat(at).astimezone(OFFICE).replace(day=1)
    done = site.c.completed_on >= first.date(), site.c.completed_on < add_months(first, 1).date()
    completed = connection.execute(sa.select(site).where(*done).order_by(site.c.key)).all()
    ranked = sorted(
        (merit, row.key) for row in completed if (merit := _merit(connection, row, Decimal(lowest_score))) is not None
    )
    quota = min(most, max(1, len(completed) * percent // 100)) if ranked else 0
    keys = [key for _, key in ranked]
    return {
        "month": first.date().isoformat(),
        "completed": len(completed),
        "quota": quota,
        "eligible": keys,
        "winners": keys[:quota],
        "tied": _tied(ranked, quota),
    }


def _merit(connection: sa.Connection, row: sa.Row[Any], lowest: Decimal) -> tuple[Decimal, bool, str] | None:
    """What a site is ranked by, the best first; None where it is not eligible."""
    if row.final_paid_on is None or row.satisfaction not in CONTENT:
        return None
    last = inspections.last(connection, row.key)
    if last is None or last.result != inspections.EXCELLENT or Decimal(last.overall_rate) < lowest:
        return None
    return -Decimal(last.overall_rate), row.satisfaction != "very_satisfied", row.completed_on.isoformat()


def _tied(ranked: list[tuple[Any, str]], quota: int) -> list[str]:
    if not 0 < quota < len(ranked) or ranked[quota - 1][0] != ranked[quota][0]:
        return []
    return [key for merit, key in ranked if merit == ranked[quota][0]]
