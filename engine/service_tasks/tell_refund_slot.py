"""When a refund may be paid, and the notice that the customer has to be told (procedures.md 3.21, T-26)."""

from datetime import datetime, time

from engine.clock import OFFICE
from engine.service_tasks.notify import tell
from engine.service_tasks.registry import Occasion, Result, operation


@operation(parameters={"opens": True, "closes_at": True, "to": True}, results=frozenset({"day", "opens", "closes"}))
def tell_refund_slot(occasion: Occasion, *, opens: str, closes_at: str, to: object) -> Result:
    """Tell people of the slot.

    Args:
        opens: The instant from which it may be paid, ISO with offset.
        closes_at: The time of day at which the slot ends, "18:00".
        to: Principal keys.
    Returns:
        `day` of the slot; its instants `opens` and `closes`.
    """
    begins = datetime.fromisoformat(opens).astimezone(OFFICE)
    day = begins.date().isoformat()
    tell(occasion, to, "refund_slot", day=day)
    return {
        "day": day,
        "opens": begins.isoformat(),
        "closes": datetime.combine(begins.date(), time.fromisoformat(closes_at), OFFICE).isoformat(),
    }
