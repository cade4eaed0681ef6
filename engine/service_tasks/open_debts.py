"""What is set off against a foreman's settlement (procedures.md 3.18)."""

from engine.registers import crews, faults, ledger, money
from engine.service_tasks.registry import Occasion, Result, operation, person_id


@operation(parameters={"person": True, "crew": True}, results=frozenset({"fines", "repairs", "total"}))
def open_debts(occasion: Occasion, *, person: str | None, crew: str | None) -> Result:
    """Look up what is owed and was not collected yet, as it stands now.

    Args:
        person: The foreman, id text or principal key.
        crew: His crew's key.
    Returns:
        In yuan as text: `fines` that the person owes (and costs that he bears), `repairs` that the crew owes beyond
        its retention, and their `total`.
    """
    assert occasion.connection is not None  # not a job
    if crew is not None:
        ledger.lock(occasion.connection, [f"crew:{crew}"])
    fines = money.ZERO if person is None else faults.owes(occasion.connection, person_id(person))
    repairs = money.ZERO if crew is None else crews.owes(occasion.connection, crew)
    return {"fines": money.text(fines), "repairs": money.text(repairs), "total": money.text(fines + repairs)}
