"""Enter the awards of a month into the register and the ledger (procedures.md 3.17, P-40, P-41)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from engine.errors import OperationFailed
from engine.registers import awards, contracts, inspections, ledger, money, sites
from engine.service_tasks.registry import Occasion, Result, operation


@operation(
    parameters={"sites": True, "month": True, "percent": True, "cap": True, "foreman_percent": True},
    results=frozenset({"awards", "total"}),
)
def record_awards(
    occasion: Occasion,
    *,
    sites: Sequence[str],
    month: str,
    percent: str | int,
    cap: str | int,
    foreman_percent: int,
) -> Result:
    """Award each site `percent` of its output value, at most `cap` yuan (A-21: a site).

    The output value is the contract with its additions and deductions. The foreman has `foreman_percent` of the award,
    rounded half up to the fen, the project manager the rest; from now on the company owes it to them.

    Args:
        month: Any day of the month, ISO.
    Returns:
        `awards`: rows of {site, score, output, amount, foreman, foreman_share, project_manager,
        project_manager_share}, people as id text, sums in yuan as text; `total` of the amounts.
    Raises:
        OperationFailed: A site has no foreman, no project manager, no contract or no score.
    """
    found = [_award(occasion, site, Decimal(percent), money.fen(cap), foreman_percent) for site in sorted(sites)]
    for row in found:
        _write(occasion, row, date.fromisoformat(month))
    return {
        "awards": [{name: _plain(name, value) for name, value in row.items()} for row in found],
        "total": money.text(money.total(row["amount"] for row in found)),
    }


def _award(occasion: Occasion, key: str, percent: Decimal, cap: Decimal, foreman_percent: int) -> dict[str, Any]:
    connection = occasion.connection
    assert connection is not None  # not a job
    site, last, contract = (
        sites.find(connection, key),
        inspections.last(connection, key),
        contracts.of_site(connection, key),
    )
    if site is None or last is None or contract is None or None in (site.foreman, site.project_manager):
        raise OperationFailed(operation="record_awards", site=key, reason="foreman, manager, contract, score needed")
    output = contracts.base(connection, contract)
    amount = min(money.fen(output * percent / 100), cap)
    share = money.fen(amount * foreman_percent / 100)
    return {
        "site": key,
        "score": last.overall_rate,
        "output": output,
        "amount": amount,
        "foreman": site.foreman,
        "foreman_share": share,
        "project_manager": site.project_manager,
        "project_manager_share": amount - share,
    }


def _write(occasion: Occasion, row: dict[str, Any], month: date) -> None:
    assert occasion.connection is not None
    kept = {name: value for name, value in row.items() if name != "output"}
    awards.put(occasion.connection, month=month, case_id=occasion.case_id, **kept)
    ledger.post(
        occasion.connection,
        id=occasion.id("award", row["site"]),
        at=occasion.now,
        month=month,
        kind="award",
        case_id=occasion.case_id,
        about=row["site"],
        postings=[
            ("company:awards", -row["amount"]),
            (f"person:{row['foreman']}", row["foreman_share"]),
            (f"person:{row['project_manager']}", row["project_manager_share"]),
        ],
    )


def _plain(name: str, value: Any) -> str:
    return money.text(value) if isinstance(value, Decimal) else str(value)
