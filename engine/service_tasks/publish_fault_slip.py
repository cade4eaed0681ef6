"""Note that a fault slip stood in the weekly bulletin."""

from datetime import date

from engine.registers import faults
from engine.service_tasks.registry import Occasion, Result, operation


@operation(parameters={"slip": True, "on": True}, results=frozenset({"on"}))
def publish_fault_slip(occasion: Occasion, *, slip: str, on: str) -> Result:
    """Write the day of the bulletin.

    Args:
        slip: What record_fault_slip answered.
        on: ISO date.
    """
    assert occasion.connection is not None  # not a job
    faults.publish(occasion.connection, slip, date.fromisoformat(on))
    return {"on": on}
