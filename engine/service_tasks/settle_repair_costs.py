"""Take the signed repair costs of a month out of the crews' retentions (procedures.md 3.11)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from engine.errors import OperationFailed
from engine.registers import costs, ledger, money
from engine.registers.crews import retention
from engine.service_tasks.month_repair_costs import by_crew, end_of_month, total_of
from engine.service_tasks.registry import Occasion, Result, iso, operation


@operation(parameters={"at": True, "crews": True}, results=frozenset({"month", "crews", "total", "owed"}))
def settle_repair_costs(occasion: Occasion, *, at: str, crews: Sequence[Mapping[str, Any]] | None) -> Result:
    """Book each cost as an entry of its own, in the books of the month whose list was reconciled.

    A retention gives what is there; what is missing the crew owes from then on.

    Args:
        at: An instant of that month, as `month_repair_costs` had it.
        crews: The crews as it listed them and finance reconciled them.
    Returns:
        `month`: the first day of the month in whose books they stand. `crews`: {key, crew, total, before, after, owed}
        with the retention before and after; `total` and `owed` of all. In yuan as text.
    Raises:
        OperationFailed: The costs are not those that were reconciled.
    """
    connection = occasion.connection
    assert connection is not None  # not a job
    listed, ends = {one["key"]: one["total"] for one in crews or ()}, end_of_month(at)
    ledger.lock(connection, [f"retention:{crew}" for crew in listed])
    due = by_crew(costs.due(connection, before=ends))
    if {crew: money.text(total_of(rows)) for crew, rows in due.items()} != listed:
        raise OperationFailed(operation="settle_repair_costs", reason="the costs are not those that were reconciled")
    month = (ends - timedelta(days=1)).date().replace(day=1)
    settled = [_settle(occasion, connection, crew, rows, month) for crew, rows in due.items()]
    return {
        "month": iso(month),
        "crews": settled,
        "total": money.text(money.total(money.fen(one["total"]) for one in settled)),
        "owed": money.text(money.total(money.fen(one["owed"]) for one in settled)),
    }


def _settle(
    occasion: Occasion, connection: sa.Connection, crew: str, rows: Sequence[sa.Row[Any]], month: date
) -> dict[str, str]:
    before, owed = retention(connection, crew), money.ZERO
    for row in rows:
        entry = ledger.Entry(
            id=occasion.id(row.id),
            at=occasion.now,
            kind="repair_cost",
            case_id=row.case_id,
            about=row.site,
            month=month,
        )
        amount, payer = total_of([row]), f"retention:{crew}"
        owed += ledger.transfer(connection, entry, payer=payer, receiver="company:repairs", amount=amount)
        costs.settle(connection, row.id, entry.id)
    after = retention(connection, crew)
    sums = {"total": total_of(rows), "before": before, "after": after, "owed": owed}
    return {"key": crew, "crew": crew, **{name: money.text(amount) for name, amount in sums.items()}}
