"""Book what a customer pays for a repair (procedures.md 3.8, G1; 3.9, K4)."""

from engine.errors import OperationFailed
from engine.registers import ledger, money, sites
from engine.service_tasks.registry import Occasion, Result, operation


@operation(parameters={"site": True, "amount": True}, results=frozenset({"entry", "amount"}))
def bill_repair(occasion: Occasion, *, site: str, amount: str) -> Result:
    """Charge the customer of a site.

    Args:
        amount: Yuan as text, above 0.
    Returns:
        `entry`: the ledger's; `amount` in yuan as text.
    Raises:
        OperationFailed: There is no such site, or nothing to pay.
    """
    assert occasion.connection is not None  # not a job
    row = sites.find(occasion.connection, site)
    if row is None:
        raise OperationFailed(operation="bill_repair", site=site)
    charged = money.fen(amount)
    entry = ledger.Entry(
        id=occasion.id("entry"), at=occasion.now, kind="repair_bill", case_id=occasion.case_id, about=site
    )
    payer = f"customer:{row.customer}"
    ledger.transfer(occasion.connection, entry, payer=payer, receiver="company:repairs", amount=charged)
    return {"entry": entry.id, "amount": money.text(charged)}
