"""Enter a pre-acceptance inspection into the register and count the foreman's failures (procedures.md 3.16)."""

from datetime import datetime

from engine.registers import inspections, locks
from engine.service_tasks.registry import Occasion, Result, operation, person_id


@operation(
    parameters={"site": True, "foreman": True, "result": True, "at": True, "overall_rate": False},
    results=frozenset({"number", "failures"}),
)
def record_inspection(
    occasion: Occasion, *, site: str, foreman: str | None, result: str, at: str, overall_rate: str | None = None
) -> Result:
    """Write the inspection's row.

    Args:
        foreman: Id text; None where the site has none.
        result: failed, pass, good, excellent; void is kept and does not count (A-34).
        at: When it took place, ISO with offset.
        overall_rate: Percent as text.
    Returns:
        `number`: of the inspections that counted under this foreman, 0 where it is void; `failures`: how many of them
        failed, this one included. A new foreman begins at 0 (A-11).
    """
    assert occasion.connection is not None  # not a job
    who = None if foreman is None else person_id(foreman)
    locks.lock(occasion.connection, sites=[site])
    number = inspections.put(
        occasion.connection,
        id=occasion.id("inspection"),
        case_id=occasion.case_id,
        site=site,
        foreman=who,
        at=datetime.fromisoformat(at),
        overall_rate=overall_rate,
        result=result,
    )
    return {"number": number, "failures": inspections.failures(occasion.connection, site, who)}
