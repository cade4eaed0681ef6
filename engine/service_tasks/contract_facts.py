"""What the registers say of a contract and its changes."""

from typing import Any

from engine.errors import OperationFailed
from engine.registers import contracts, crews, money, sites
from engine.service_tasks.registry import Occasion, Result, operation, person_key

_FACTS = (
    *("site", "customer", "amount", "additions", "deductions", "base"),
    *("designer", "crew", "foreman", "status"),
)


@operation(parameters={"contract": True}, results=frozenset(_FACTS))
def contract_facts(occasion: Occasion, *, contract: str | None) -> Result:
    """Look a contract up; every fact is None where none is given.

    Returns:
        Keys of registers; people as id text; `amount`, `additions`, `deductions` (each ≥ 0) and `base` = amount +
        additions − deductions in yuan as text; `status` active or cancelled.
    Raises:
        OperationFailed: There is no such contract.
    """
    connection = occasion.connection
    assert connection is not None  # not a job
    facts: dict[str, Any] = dict.fromkeys(_FACTS)
    if contract is None:
        return facts
    row = contracts.find(connection, contract)
    site = sites.find(connection, row.site) if row else None
    if row is None or site is None:
        raise OperationFailed(operation="contract_facts", contract=contract)
    added, deducted = contracts.changes(connection, contract)
    return facts | {
        "site": site.key,
        "customer": site.customer,
        "amount": money.text(row.amount or money.ZERO),
        "additions": money.text(added),
        "deductions": money.text(deducted),
        "base": money.text(contracts.base(connection, contract)),
        "designer": person_key(site.designer),
        "crew": crews.of_site(connection, site.key),
        "foreman": person_key(site.foreman),
        "status": row.status,
    }
