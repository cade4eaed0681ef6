"""Note that a repair's cost was signed by all who have to (procedures.md 3.10, steps 4 and 5)."""

from engine.clock import OFFICE
from engine.registers import costs
from engine.service_tasks.registry import Occasion, Result, iso, operation


@operation(parameters={"cost": True}, results=frozenset({"month"}))
def sign_repair_cost(occasion: Occasion, *, cost: str) -> Result:
    """Sign a cost now; from then on the month-end settlement takes it.

    Args:
        cost: The id that `record_repair_cost` gave.
    Returns:
        `month`: the first day of the month in which it will be settled.
    """
    assert occasion.connection is not None  # not a job
    costs.sign(occasion.connection, cost, occasion.now)
    return {"month": iso(occasion.now.astimezone(OFFICE).date().replace(day=1))}
