"""Book that the awards of a month were paid (procedures.md 3.17)."""

from collections.abc import Mapping, Sequence

from engine.registers import ledger, money
from engine.service_tasks.registry import Occasion, Result, operation


@operation(parameters={"awards": True}, results=frozenset({"total"}))
def settle_awards(occasion: Occasion, *, awards: Sequence[Mapping[str, str]]) -> Result:
    """Add one entry a site: what the company owed its foreman and its project manager has left the bank.

    Args:
        awards: Rows that record_awards answered.
    Returns:
        `total` paid, in yuan as text.
    """
    assert occasion.connection is not None  # not a job
    for row in awards:
        ledger.post(
            occasion.connection,
            id=occasion.id("payment", row["site"]),
            at=occasion.now,
            month=None,
            kind="award_payment",
            case_id=occasion.case_id,
            about=row["site"],
            postings=[
                (f"person:{row['foreman']}", -money.fen(row["foreman_share"])),
                (f"person:{row['project_manager']}", -money.fen(row["project_manager_share"])),
                ("company:bank", money.fen(row["amount"])),
            ],
        )
    return {"total": money.text(money.total(money.fen(row["amount"]) for row in awards))}
