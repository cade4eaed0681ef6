"""Execute a loss-fee notice (F-16): what a liable crew or designer pays (procedures.md 3.22, P-11, P-12)."""

from engine.errors import OperationFailed
from engine.registers import ledger, money
from engine.service_tasks.registry import Occasion, Result, operation


@operation(
    parameters=dict.fromkeys(("payer", "loss_fee", "compensation", "about"), True)
    | dict.fromkeys(("way", "crew", "designer"), False),
    results=frozenset({"owed", "receiver"}),
)
def collect_loss_fee(
    occasion: Occasion,
    *,
    payer: str,
    loss_fee: str,
    compensation: str,
    about: str,
    way: str | None = None,
    crew: str | None = None,
    designer: str | None = None,
) -> Result:
    """Book the fee to the company, and the compensation to the account of the crew or designer who gets it.

    Args:
        payer: crew, designer, or customer, whose fee is set off inside the refund: nothing is booked here.
        way: cash, retention (of a crew, who owes what it does not cover) or wages (of a designer).
        about: The contract's key.
    Returns:
        `owed`: what the crew's retention did not cover; `receiver`: the account of who gets the compensation, or None.
    Raises:
        OperationFailed: The payer or the receiver is missing.
    """
    assert occasion.connection is not None  # not a job
    accounts = {"retention": f"retention:{crew}", "wages": f"person:{designer}", "cash": "company:bank"}
    receiver = {"crew": f"person:{designer}", "designer": f"crew:{crew}"}.get(payer)
    due = [("loss_fee", "company:loss_fees", money.fen(loss_fee))]
    if money.fen(compensation):
        due.append(("compensation", str(receiver), money.fen(compensation)))
    owed = money.ZERO
    for kind, account, amount in due if payer != "customer" else ():
        if way not in accounts or "None" in (*accounts[way].split(":"), *account.split(":")):
            raise OperationFailed(operation="collect_loss_fee", reason="no payer, no receiver or no way", payer=payer)
        entry = ledger.Entry(id=occasion.id(kind), at=occasion.now, kind=kind, case_id=occasion.case_id, about=about)
        owed += ledger.transfer(occasion.connection, entry, payer=accounts[way], receiver=account, amount=amount)
    return {"owed": money.text(owed), "receiver": receiver if len(due) > 1 and payer != "customer" else None}
