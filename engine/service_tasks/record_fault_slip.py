"""Enter a fault slip that stands into the register, and what its person owes by it into the ledger."""

from engine.errors import OperationFailed
from engine.registers import crews, faults, ledger, money
from engine.service_tasks.registry import Occasion, Result, operation, person_id

_INCOME = {"P-28": "company:repairs"}  # the cost of the captain's repair; else it is a fine


@operation(
    parameters={"person": True, "rule": True, "decided_by": True, "grade": False, "amount": False},
    results=frozenset({"slip", "amount", "crew"}),
)
def record_fault_slip(
    occasion: Occasion,
    *,
    person: str,
    rule: str,
    decided_by: str,
    grade: str | None = None,
    amount: str | int | None = None,
) -> Result:
    """Write the slip; with an amount its person owes it from now on.

    Args:
        person: Id text, or a person's principal key.
        rule: P-01 …
        decided_by: Principal key of who confirmed it.
        grade: ordinary, serious or dismissal; None where the rule knows only money.
        amount: Yuan, a fine or a cost.
    Returns:
        `slip`: its id; `amount` in yuan as text, None where there is none; `crew` that the person leads, or None.
    Raises:
        OperationFailed: The amount is not above 0.
    """
    assert occasion.connection is not None  # not a job
    who, owed = person_id(person), None if amount is None else money.fen(amount)
    slip = occasion.id("slip")
    faults.put(
        occasion.connection,
        id=slip,
        case_id=occasion.case_id,
        person=who,
        rule=rule,
        grade=grade,
        amount=owed,
        decided_at=occasion.now,
        decided_by=decided_by,
    )
    if owed is not None:
        if owed <= 0:
            raise OperationFailed(operation="record_fault_slip", reason="a fine is above 0")
        entry = ledger.Entry(
            id=occasion.id("entry"), at=occasion.now, kind="fine", case_id=occasion.case_id, about=rule
        )
        receiver = _INCOME.get(rule, "company:fines")
        ledger.transfer(occasion.connection, entry, payer=f"person:{who}", receiver=receiver, amount=owed)
    led = crews.of_foreman(occasion.connection, who)
    return {"slip": slip, "amount": None if owed is None else money.text(owed), "crew": led}
