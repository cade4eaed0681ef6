"""Give somebody no orders for some months (停单, T-23)."""

from engine.clock import OFFICE
from engine.registers import locks, suspensions
from engine.service_tasks.registry import Occasion, Result, operation, person_id
from engine.working_time import add_months


@operation(parameters={"person": True, "months": True, "rule": True}, results=frozenset({"person", "since", "until"}))
def suspend_orders(occasion: Occasion, *, person: str, months: int, rule: str) -> Result:
    """Suspend from today up to and with the same day so many calendar months later; it ends by itself.

    Args:
        person: Id text, or a person's principal key.
        rule: P-32 …
    Returns:
        `person` as id text; `since` and `until`, ISO dates.
    """
    assert occasion.connection is not None  # not a job
    who, today = person_id(person), occasion.now.astimezone(OFFICE)
    until = add_months(today, months).date()
    locks.lock(occasion.connection, people=[who])
    suspensions.put(
        occasion.connection,
        id=occasion.id("suspension"),
        person=who,
        since=today.date(),
        until=until,
        case_id=occasion.case_id,
        rule=rule,
    )
    return {"person": str(who), "since": today.date().isoformat(), "until": until.isoformat()}
