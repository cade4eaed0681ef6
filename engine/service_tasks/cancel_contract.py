"""Cancel a contract and take it off its designer's output (procedures.md 3.20, step 6; P-13, T-78)."""

from engine.clock import OFFICE
from engine.errors import OperationFailed
from engine.registers import contracts, ledger, locks, money
from engine.service_tasks.contract_facts import contract_facts
from engine.service_tasks.registry import Occasion, Result, operation


@operation(
    parameters={"contract": True, "base": True, "late": True}, results=frozenset({"month", "designer", "reduced"})
)
def cancel_contract(occasion: Occasion, *, contract: str, base: str, late: bool) -> Result:
    """Mark a contract as cancelled and book the reduction in the books of this month.

    Args:
        base: What the contract counts for, in yuan.
        late: The month in which it was due is over: the entry is marked as a correction.
    Returns:
        `month`: its first day; `designer`: the person's id, None where the site has none; `reduced`: by how many yuan.
    Raises:
        OperationFailed: There is no such contract, or it was cancelled before.
    """
    connection = occasion.connection
    assert connection is not None  # not a job
    locks.lock(connection, contracts=[contract])
    facts, today = contract_facts(occasion, contract=contract), occasion.now.astimezone(OFFICE).date()
    if facts["status"] == contracts.CANCELLED:
        raise OperationFailed(operation="cancel_contract", contract=contract, reason="it is cancelled already")
    contracts.cancel(connection, contract, today)
    amount = money.fen(base) if facts["designer"] else money.ZERO
    if amount:
        entry = ledger.Entry(
            id=occasion.id("output"),
            at=occasion.now,
            kind="output_correction" if late else "output_reduction",
            case_id=occasion.case_id,
            about=contract,
        )
        account = f"output:{facts['designer']}"
        ledger.transfer(connection, entry, payer=account, receiver="company:output", amount=amount)
    return {
        "month": today.replace(day=1).isoformat(),
        "designer": facts["designer"],
        "reduced": money.text(amount),
    }
