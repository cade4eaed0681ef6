"""What the registers say of a site."""

from typing import Any

from engine.clock import OFFICE
from engine.errors import OperationFailed
from engine.registers import contracts, crews, sites
from engine.service_tasks.registry import Occasion, Result, iso, operation, person_key

_FACTS = (
    *("customer", "crew", "crew_state", "crew_kind", "foreman", "project_manager", "designer", "contract"),
    *("warranty_until", "in_warranty", "completed_on", "final_paid_on", "satisfaction"),
)


@operation(parameters={"site": True}, results=frozenset(_FACTS))
def site_facts(occasion: Occasion, *, site: str | None) -> Result:
    """Look a site up; every fact is None where no site is given.

    Returns:
        Keys of registers; people as id text; dates ISO; `in_warranty`: today is not after the last day (False: not
        known); `crew_state` active or departed; `contract`: that for the works, one in force first.
    Raises:
        OperationFailed: There is no such site.
    """
    connection = occasion.connection
    assert connection is not None  # not a job
    facts: dict[str, Any] = dict.fromkeys(_FACTS)
    if site is None:
        return facts
    row = sites.find(connection, site)
    if row is None:
        raise OperationFailed(operation="site_facts", site=site)
    led_by = crews.of_site(connection, site)
    crew = crews.find(connection, led_by) if led_by else None
    until = sites.warranty_until(connection, site)
    return facts | {
        "customer": row.customer,
        "crew": led_by,
        "crew_state": crew.state if crew else None,
        "crew_kind": crew.kind if crew else None,
        "foreman": person_key(row.foreman),
        "project_manager": person_key(row.project_manager),
        "designer": person_key(row.designer),
        "contract": contracts.of_site(connection, site),
        "warranty_until": iso(until),
        "in_warranty": until is not None and occasion.now.astimezone(OFFICE).date() <= until,
        "completed_on": iso(row.completed_on),
        "final_paid_on": iso(row.final_paid_on),
        "satisfaction": row.satisfaction,
    }
