"""What the crews' repairs of a month cost: the list that finance settles (procedures.md 3.11, F-09, R-22)."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from engine.clock import OFFICE
from engine.db.models import instance
from engine.registers import costs, crews, money
from engine.service_tasks.registry import Occasion, Result, operation
from engine.working_time import add_months

_FIELDS = ("month", "crews", "count", "total", "unsigned", "unsigned_count")
MOST_UNSIGNED = 200  # that an expression may hold; the number says how many there are


@operation(parameters={"at": True}, results=frozenset(_FIELDS))
def month_repair_costs(occasion: Occasion, *, at: str) -> Result:
    """List the costs that were signed until the end of the month of an instant, 24:00, and are not settled.

    A cost signed on the 1st belongs to the next month. What is not signed is listed beside, and left out of the sums.

    Args:
        at: An instant as ISO text with offset.
    Returns:
        `month`: the last day of the month. `crews`: one a crew, {key, crew, count, labour, material, total, retention,
        owed, costs}: of the total the retention does not cover `owed`; `costs` are its lines. `total` and `count` of
        all. `unsigned`: lines as well. A line is {key, crew, case, site, labour, material, total}, `case` its number;
        by crew, the oldest first. All money in yuan as text.
    """
    connection = occasion.connection
    assert connection is not None  # not a job
    ends = end_of_month(at)
    due, left = costs.due(connection, before=ends), costs.unsigned(connection, before=ends)
    numbers = _numbers(connection, [*due, *left])
    listed = [_crew(connection, crew, rows, numbers) for crew, rows in by_crew(due).items()]
    return {
        "month": (ends - timedelta(days=1)).date().isoformat(),
        "crews": listed,
        "count": sum(one["count"] for one in listed),
        "total": money.text(money.total(money.fen(one["total"]) for one in listed)),
        "unsigned": [_line(row, numbers) for row in left[:MOST_UNSIGNED]],
        "unsigned_count": len(left),
    }


def end_of_month(at: str) -> datetime:
    """The instant at which the month of an instant is over, in office time."""
    first = datetime.combine(datetime.fromisoformat(at).astimezone(OFFICE).replace(day=1).date(), time(), OFFICE)
    return add_months(first, 1)


def by_crew(rows: Iterable[sa.Row[Any]]) -> dict[str, list[sa.Row[Any]]]:
    """Crew → its costs, in their order."""
    found: dict[str, list[sa.Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.crew, []).append(row)
    return found


def total_of(rows: Iterable[sa.Row[Any]]) -> Decimal:
    """What these costs come to, in yuan."""
    return money.total(row.labour + row.material for row in rows)


def _crew(connection: sa.Connection, crew: str, rows: list[sa.Row[Any]], numbers: Mapping[str, str]) -> dict[str, Any]:
    total, held = total_of(rows), crews.retention(connection, crew)
    sums = {
        "labour": money.total(row.labour for row in rows),
        "material": money.total(row.material for row in rows),
        "total": total,
        "retention": held,
        "owed": total - min(total, max(held, money.ZERO)),
    }
    texts = {name: money.text(amount) for name, amount in sums.items()}
    lines = [_line(row, numbers) for row in rows]
    return {"key": crew, "crew": crew, "count": len(rows), "costs": lines, **texts}


def _line(row: sa.Row[Any], numbers: Mapping[str, str]) -> dict[str, Any]:
    sums = {"labour": row.labour, "material": row.material, "total": total_of([row])}
    texts = {name: money.text(amount) for name, amount in sums.items()}
    return {"key": row.id, "crew": row.crew, "case": numbers.get(row.case_id), "site": row.site, **texts}


def _numbers(connection: sa.Connection, rows: Iterable[sa.Row[Any]]) -> dict[str, str]:
    """Id of a case → its number."""
    found = sa.select(instance.c.id, instance.c.business_key)
    return dict(connection.execute(found.where(instance.c.id.in_([row.case_id for row in rows]))).all())
