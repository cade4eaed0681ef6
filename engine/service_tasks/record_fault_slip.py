"""Enter a fault slip that stands into the register, and what its person owes by it into the ledger."""

from engine.errors import OperationFailed
from engine.registers import crews, faults, ledger, money, people
from engine.service_tasks.registry import Occasion, Result, operation

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
        person: Id text, or the principal key of a person, a head or a group: whoever that is now.
        rule: P-01 …
        decided_by: Principal key of who confirmed it.
        grade: ordinary, serious or dismissal; None where the rule knows only money.
        amount: Yuan, a fine or a cost.
    Returns:
        `slip`: its id; `amount` in yuan as text, None where there is none; `crew` that the person leads, or None.
    Raises:
        OperationFailed: The amount is not above 0, or it is nobody's, or several people's.
    """
    connection = occasion.connection
    assert connection is not None  # not a job
    who, owed = people.one_behind(connection, person), None if amount is None else money.fen(amount)
    slip = occasion.id("slip")
    faults.put(
        connection,
        id=slip,
        case_id=occasion.case_id,
        principal=person if ":" in person else f"person:{person}",
        person=who,
        rule=rule,
        grade=grade,
        amount=owed,
        decided_at=occasion.now,
        decided_by=decided_by,
    )
    if owed is not None:
        if owed <= 0 or who is None:
            raise OperationFailed(operation="record_fault_slip", reason="a fine is above 0 and one person's")
        entry = ledger.Entry(
            id=occasion.id("entry"), at=occasion.now, kind="fine", case_id=occasion.case_id, about=rule
        )
        receiver = _INCOME.get(rule, "company:fines")
        ledger.transfer(connection, entry, payer=f"person:{who}", receiver=receiver, amount=owed)
    led = crews.of_foreman(connection, who) if who is not None else None
    return {"slip": slip, "amount": None if owed is None else money.text(owed), "crew": led}
