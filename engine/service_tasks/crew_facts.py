"""What the registers and the books say of a crew."""

from typing import Any

from engine.errors import OperationFailed
from engine.registers import crews, money
from engine.service_tasks.registry import Occasion, Result, operation, person_key

_FACTS = ("state", "kind", "foreman", "retention", "owes")


@operation(parameters={"crew": True}, results=frozenset(_FACTS))
def crew_facts(occasion: Occasion, *, crew: str | None) -> Result:
    """Look a crew up; every fact is None where no crew is given.

    Returns:
        `state` active or departed; `kind` general or paving; `foreman` as id text; in yuan as text, both ≥ 0:
        `retention` that we hold, and what the crew `owes` beyond it.
    Raises:
        OperationFailed: There is no such crew.
    """
    assert occasion.connection is not None  # not a job
    facts: dict[str, Any] = dict.fromkeys(_FACTS)
    if crew is None:
        return facts
    row = crews.find(occasion.connection, crew)
    if row is None:
        raise OperationFailed(operation="crew_facts", crew=crew)
    return facts | {
        "state": row.state,
        "kind": row.kind,
        "foreman": person_key(row.foreman),
        "retention": money.text(crews.retention(occasion.connection, crew)),
        "owes": money.text(crews.owes(occasion.connection, crew)),
    }
