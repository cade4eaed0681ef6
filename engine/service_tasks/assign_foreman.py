"""Give a site to a foreman and his crew."""

from engine.clock import OFFICE
from engine.errors import OperationFailed
from engine.registers import crews, foremen, locks, sites
from engine.service_tasks.registry import Occasion, Result, operation, person_id


@operation(parameters={"site": True, "person": True}, results=frozenset({"foreman", "crew", "before"}))
def assign_foreman(occasion: Occasion, *, site: str, person: str) -> Result:
    """Write foreman and crew of a site.

    Args:
        person: Id text, or a person's principal key.
    Returns:
        `foreman` as id text, his `crew` (None: he leads none), and who it was `before`.
    Raises:
        PersonUnavailable: He has left, is no foreman, or gets no orders today.
        OperationFailed: There is no such site.
    """
    connection, who = occasion.connection, person_id(person)
    assert connection is not None  # not a job
    led = crews.of_foreman(connection, who)
    locks.lock(connection, crews=[led] if led else [], sites=[site], people=[who])
    row = sites.find(connection, site)
    if row is None:
        raise OperationFailed(operation="assign_foreman", site=site)
    foremen.require(connection, who, occasion.now.astimezone(OFFICE).date())
    crew = sites.assign_foreman(connection, site, who)
    return {"foreman": str(who), "crew": crew, "before": None if row.foreman is None else str(row.foreman)}
