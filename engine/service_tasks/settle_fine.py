"""Book what was collected of a fine, or of a cost that a person bears."""

from engine.errors import OperationFailed
from engine.registers import crews, faults, ledger, locks, money
from engine.service_tasks.registry import Occasion, Result, operation, person_id

_PAYERS = {"wages": "company:wages", "cash": "company:bank"}


@operation(
    parameters={"person": True, "amount": True, "way": True, "rule": True}, results=frozenset({"settled", "owed"})
)
def settle_fine(occasion: Occasion, *, person: str, amount: str, way: str, rule: str) -> Result:
    """Credit a person with what was collected, at most with what they still owe: it may have been set off meanwhile.

    Args:
        person: Id text, or a person's principal key.
        amount: Yuan as text.
        way: wages, cash, or retention (of the crew that the person leads; it owes what its retention does not cover).
    Returns:
        In yuan as text: `settled`; of it `owed` by the crew.
    Raises:
        OperationFailed: The retention of somebody who leads no crew.
    """
    connection, who = occasion.connection, person_id(person)
    assert connection is not None  # not a job
    led = crews.of_foreman(connection, who)
    payer = f"retention:{led}" if way == "retention" and led else _PAYERS.get(way)
    if payer is None:
        raise OperationFailed(operation="settle_fine", reason="who leads no crew has no retention", way=way)
    locks.lock(connection, crews=[led] if led else [], people=[who])
    settled = min(money.fen(amount), faults.owes(connection, who))
    owed = money.ZERO
    if settled:
        entry = ledger.Entry(
            id=occasion.id("entry"), at=occasion.now, kind="fine_collected", case_id=occasion.case_id, about=rule
        )
        owed = ledger.transfer(connection, entry, payer=payer, receiver=f"person:{who}", amount=settled)
    return {"settled": money.text(settled), "owed": money.text(owed)}
