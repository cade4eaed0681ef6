"""What a terminated contract comes to: its base, and the fees of a liable party (procedures.md 3.20, P-10…P-12)."""

from engine.errors import OperationFailed
from engine.registers import contracts, money
from engine.service_tasks.contract_facts import contract_facts
from engine.service_tasks.registry import Occasion, Result, operation


@operation(
    parameters={"contract": True, "loss_percent": True, "compensation_percent": True, "with_changes": True},
    results=frozenset({"customer", "crew", "designer", "base", "loss_fee", "compensation", "status"}),
)
def termination_terms(
    occasion: Occasion, *, contract: str, loss_percent: int, compensation_percent: int, with_changes: bool
) -> Result:
    """Work out the fees from the contract as it stands now.

    Args:
        loss_percent, compensation_percent: Of the base, whole numbers from 0 to 100.
        with_changes: Whether additions and deductions belong to the base (A-28).
    Returns:
        `customer`, `crew`, `designer`: keys, the latter two None where the site has none; `status` of the contract;
        `base`, `loss_fee`, `compensation`: yuan as text, half a fen rounded up.
    Raises:
        OperationFailed: There is no such contract, a rate is out of range, or the base is below 0.
    """
    assert occasion.connection is not None  # not a job
    facts = contract_facts(occasion, contract=contract)
    base = contracts.base(occasion.connection, contract) if with_changes else money.fen(facts["amount"])
    if base < 0 or not (0 <= loss_percent <= 100 and 0 <= compensation_percent <= 100):
        raise OperationFailed(operation="termination_terms", contract=contract, reason="a base below 0, or no rate")
    return {
        **{name: facts[name] for name in ("customer", "crew", "designer", "status")},
        "base": money.text(base),
        "loss_fee": money.text(base * loss_percent / 100),
        "compensation": money.text(base * compensation_percent / 100),
    }
