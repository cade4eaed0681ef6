"""After a termination's story every sum on its papers stands in the ledger, and what was settled is at nothing."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.db.models import ledger_entry, ledger_posting, submission
from engine.settings import ROOT
from engine.stories import story, theatre

PROCESSES = ROOT / "processes"
STORIES = PROCESSES / "contract-termination" / "scenarios"
# Story → what the accounts that it moves come to, besides what they were at its start.
BOOKS = {
    "customer-liable": {
        "customer:K-007": "0.00",
        "company:contract_payments": "-40000.00",
        "company:design_fees": "3000.00",
        "company:change_losses": "1200.00",
        "company:loss_fees": "12500.00",
        "company:bank": "23300.00",
        "company:output": "125000.00",
        "output:tang_yi": "-125000.00",
    },
    "crew-liable": {
        "customer:K-007": "0.00",
        "company:contract_payments": "-40000.00",
        "company:design_fees": "3000.00",
        "company:change_losses": "1200.00",
        "company:loss_fees": "12500.00",
        "company:bank": "38300.00",  # the refund of 35,800.00 and the designer's 2,500.00
        "retention:crew_mu_gong": "-1000.00",
        "crew:crew_mu_gong": "-14000.00",
        "person:tang_yi": "0.00",
        "company:output": "125000.00",
        "output:tang_yi": "-125000.00",
    },
    "customer-owes": {
        "customer:K-007": "0.00",
        "company:contract_payments": "-10000.00",
        "company:design_fees": "3000.00",
        "company:change_losses": "1200.00",
        "company:loss_fees": "12500.00",
        "company:bank": "-6700.00",
        "company:output": "125000.00",
        "output:tang_yi": "-125000.00",
    },
}
ON_PAPER = ("paid", "design_fee", "change_loss", "other_deductions", "loss_fee", "compensation", "actual_refund")


@pytest.mark.parametrize("name", BOOKS)
def test_the_accounts_come_to_what_the_story_says(name: str, company: Path, tmp_path: Path) -> None:
    with theatre.copied(company, tmp_path) as engine:
        played = theatre.perform(story.load(STORIES / f"{name}.toml"), engine)
        with engine.read() as connection:
            postings = connection.execute(
                sa.select(ledger_posting.c.account, ledger_posting.c.amount)
                .join(ledger_entry, ledger_entry.c.id == ledger_posting.c.entry)
                .where(ledger_entry.c.case_id == played.case)
            ).all()
            entered = connection.scalars(
                sa.select(submission.c["values"]).where(
                    submission.c.stream == played.case, submission.c.element == "define_liability"
                )
            ).all()

    tang_yi = played.people["tang_yi"].key.removeprefix("person:")
    assert _balances(postings) == {
        account.replace("tang_yi", tang_yi): Decimal(amount) for account, amount in BOOKS[name].items()
    }
    assert sum(amount for _, amount in postings) == 0
    booked = {abs(amount) for _, amount in postings}
    on_paper = {abs(Decimal(entered[-1][field])) for field in ON_PAPER if field in entered[-1]} - {Decimal(0)}
    assert on_paper <= booked


def _balances(postings: Iterable[tuple[str, Decimal]]) -> Mapping[str, Decimal]:
    found: dict[str, Decimal] = {}
    for account, amount in postings:
        found[account] = found.get(account, Decimal(0)) + amount
    return found
