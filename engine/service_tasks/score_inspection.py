"""The rates of a pre-acceptance sheet (procedures.md 3.16, F-14)."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.errors import OperationFailed
from engine.service_tasks.registry import Occasion, Result, operation


@operation(
    parameters={"items": True},
    results=frozenset({"overall_rate", "lowest_rate", "item_rates", "passed", "total"}),
)
def score_inspection(occasion: Occasion, *, items: Sequence[Mapping[str, Any]]) -> Result:
    """Reckon each item's rate and the overall rate = passed checkpoints / all checkpoints × 100.

    A rate is cut, not rounded, to two places: 84.996 % stays below 85, and what is exactly 85 % is "85.00".

    Args:
        items: Rows of the form, `passed` and `total` each.
    Returns:
        Rates in percent as text; `item_rates` in the order of the rows.
    Raises:
        OperationFailed: No item, an item without checkpoints, or more passed than there are.
    """
    if not items or any(not 0 <= row["passed"] <= row["total"] or row["total"] < 1 for row in items):
        raise OperationFailed(operation="score_inspection", reason="an item has at least one checkpoint, passed or not")
    passed, total = (sum(row[name] for row in items) for name in ("passed", "total"))
    hundredths = [_hundredths(row["passed"], row["total"]) for row in items]
    return {
        "overall_rate": _text(_hundredths(passed, total)),
        "lowest_rate": _text(min(hundredths)),
        "item_rates": [_text(rate) for rate in hundredths],
        "passed": passed,
        "total": total,
    }


def _hundredths(passed: int, total: int) -> int:
    return passed * 10_000 // total


def _text(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}"
