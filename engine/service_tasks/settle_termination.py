"""A customer's account when a contract ends: what was paid, less what is deducted (procedures.md 3.21, formula)."""

from engine.registers import ledger, money
from engine.service_tasks.registry import Occasion, Result, operation

_DEDUCTIONS = {
    "design_fee": "company:design_fees",
    "change_loss": "company:change_losses",
    "other_deductions": "company:termination_deductions",
    "loss_fee": "company:loss_fees",
}


@operation(
    parameters={"customer": True, "about": True, "paid": True} | dict.fromkeys(_DEDUCTIONS, False),
    results=frozenset({"account", "refund", "owed"}),
)
def settle_termination(occasion: Occasion, *, customer: str, about: str, paid: str, **deductions: str | None) -> Result:
    """Book the payments back to the customer and the deductions off them, as one entry.

    Args:
        about: The contract's key.
        paid: Yuan as text.
        deductions: `design_fee`, `change_loss`, `other_deductions` and `loss_fee`; the loss fee where the customer
            bears it, so that it is set off here.
    Returns:
        `account` of the customer; `refund`: what the customer gets, below 0 where something is still owed;
        `owed`: that, 0.00 otherwise.
    """
    assert occasion.connection is not None  # not a job
    account, received = f"customer:{customer}", money.fen(paid)
    taken = [(_DEDUCTIONS[name], money.fen(amount)) for name, amount in deductions.items() if amount is not None]
    refund = received - money.total(amount for _, amount in taken)
    postings = [("company:contract_payments", -received), (account, refund), *taken]
    postings = [(name, amount) for name, amount in postings if amount]
    if postings:
        ledger.post(
            occasion.connection,
            id=occasion.id("settlement"),
            at=occasion.now,
            month=None,
            kind="termination_settlement",
            case_id=occasion.case_id,
            about=about,
            postings=postings,
        )
    return {"account": account, "refund": money.text(refund), "owed": money.text(max(-refund, money.ZERO))}
