"""By how much two statements of what a customer has paid differ (procedures.md 3.20, step 4)."""

from engine.registers import money
from engine.service_tasks.registry import Occasion, Result, operation


@operation(parameters={"stated": True, "verified": True}, results=frozenset({"difference", "agrees"}))
def payment_difference(occasion: Occasion, *, stated: str, verified: str) -> Result:
    """Answer `difference` = verified − stated in yuan as text ("-1000.00"), and whether they `agree`."""
    difference = money.fen(verified) - money.fen(stated)
    return {"difference": money.text(difference), "agrees": not difference}
