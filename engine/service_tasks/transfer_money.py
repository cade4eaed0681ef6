"""Move money from one account of the ledger to another."""

from datetime import date

from engine.errors import OperationFailed
from engine.registers import ledger, money
from engine.service_tasks.registry import Occasion, Result, operation


@operation(
    parameters={"kind": True, "payer": True, "receiver": True, "amount": True, "about": False, "month": False},
    results=frozenset({"entry", "amount", "taken", "owed"}),
)
def transfer_money(
    occasion: Occasion,
    *,
    kind: str,
    payer: str,
    receiver: str,
    amount: str,
    about: str | None = None,
    month: str | None = None,
) -> Result:
    """Add one entry to the ledger, in the books of a month.

    A payer `retention:<crew>` gives what is there, the crew owes the rest (procedures.md 3.11).

    Args:
        kind: What it is for, a code: repair_cost, loss_fee, compensation, refund, fine, award, …
        payer, receiver: Accounts (see registers.ledger), "retention:crew_tie_zhu", "company:repairs".
        amount: Yuan as text, above 0; it is rounded half up to the fen.
        about: A key (of a site, a contract, a rule), never a name.
        month: Any day of the month of the books, ISO; without it the present one.
    Returns:
        `entry`: its id; `amount`; of it `taken` from the payer and `owed` by the crew.
    Raises:
        OperationFailed: No sum above 0, or payer and receiver are one.
    """
    assert occasion.connection is not None  # not a job
    try:
        sum_of_it = money.fen(amount)
    except (TypeError, ValueError) as error:
        raise OperationFailed(operation="transfer_money", reason=str(error)) from None
    entry = ledger.Entry(
        id=occasion.id("entry"),
        at=occasion.now,
        kind=kind,
        case_id=occasion.case_id,
        about=about,
        month=date.fromisoformat(month) if month else None,
    )
    owed = ledger.transfer(occasion.connection, entry, payer=payer, receiver=receiver, amount=sum_of_it)
    return {
        "entry": entry.id,
        "amount": money.text(sum_of_it),
        "taken": money.text(sum_of_it - owed),
        "owed": money.text(owed),
    }
