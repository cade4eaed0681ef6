"""Book what was collected of a fine, or of a cost that a person bears."""

from engine.errors import OperationFailed
from engine.registers import crews, faults, ledger, locks, money
from engine.service_tasks.registry import Occasion, Result, operation

_PAYERS = {"wages": "company:wages", "cash": "company:bank"}


@operation(parameters={"slip": True, "amount": True, "way": True}, results=frozenset({"settled", "owed"}))
def settle_fine(occasion: Occasion, *, slip: str, amount: str, way: str) -> Result:
    """Credit a person with what was collected, at most with what they still owe: it may have been set off meanwhile.

    Args:
        slip: What record_fault_slip answered.
        amount: Yuan as text.
        way: wages, cash, or retention (of the crew that the person leads; it owes what its retention does not cover).
    Returns:
        In yuan as text: `settled`; of it `owed` by the crew.
    Raises:
        OperationFailed: The retention of somebody who leads no crew.
    """
    connection = occasion.connection
    assert connection is not None  # not a job
    row = faults.find(connection, slip)
    led = crews.of_foreman(connection, row.person)
    payer = f"retention:{led}" if way == "retention" and led else _PAYERS.get(way)
    if payer is None:
        raise OperationFailed(operation="settle_fine", reason="who leads no crew has no retention", way=way)
    locks.lock(connection, crews=[led] if led else [], people=[row.person])
    settled = min(money.fen(amount), faults.owes(connection, row.person))
    owed = money.ZERO
    if settled:
        entry = ledger.Entry(
            id=occasion.id("entry"), at=occasion.now, kind="fine_collected", case_id=occasion.case_id, about=row.rule
        )
        owed = ledger.transfer(connection, entry, payer=payer, receiver=f"person:{row.person}", amount=settled)
    return {"settled": money.text(settled), "owed": money.text(owed)}
