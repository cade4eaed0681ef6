"""How a compensation is shared out among those who bear it (procedures.md 3.3, formula; P-04)."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from engine.errors import OperationFailed
from engine.service_tasks.registry import Occasion, Result, operation

FEN = Decimal("0.01")


@operation(
    parameters={"amount": True, "shares": True},
    results=frozenset({"employees", "crews", "employee_sum", "crew_sum", "company"}),
)
def split_cost(occasion: Occasion, *, amount: str, shares: Sequence[Mapping[str, Any]] | None) -> Result:
    """Split an amount in yuan by whole percentages; what is not shared out is the company's.

    Args:
        shares: Rows of a form: `bearer` ("company", "employee" or "crew"), `person` (its key) and `percent`.
    Returns:
        `employees` and `crews`: lists of {key, person, amount}, one a person; `company`, `employee_sum`, `crew_sum`.
        Amounts are text, exact to the fen, and together they are the whole.
    Raises:
        OperationFailed: The shares add up to more than 100 %.
    """
    total, rows = Decimal(amount), [row for row in shares or () if row.get("percent")]
    if sum(row["percent"] for row in rows) > 100:
        raise OperationFailed(operation="split_cost", reason="the shares add up to more than 100 %")
    left = total
    borne: dict[str, dict[str, Decimal]] = {"employee": {}, "crew": {}}
    for row in rows:
        people = borne.get(row["bearer"])
        if people is None:
            continue
        share = min(left, (total * row["percent"] / 100).quantize(FEN, ROUND_HALF_UP))  # halves may not add up to more
        people[row["person"]] = people.get(row["person"], Decimal(0)) + share
        left -= share
    return {
        "employees": _listed(borne["employee"]),
        "crews": _listed(borne["crew"]),
        "employee_sum": _text(sum(borne["employee"].values(), Decimal(0))),
        "crew_sum": _text(sum(borne["crew"].values(), Decimal(0))),
        "company": _text(left),
    }


def _listed(amounts: Mapping[str, Decimal]) -> list[dict[str, str]]:
    return [{"key": person, "person": person, "amount": _text(share)} for person, share in amounts.items() if share]


def _text(amount: Decimal) -> str:
    return format(amount.quantize(FEN), "f")
