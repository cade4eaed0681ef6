"""After a compensation every share of its voucher stands in the ledger, and wages have settled those of employees."""

from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.db.models import ledger_entry, ledger_posting
from engine.registers import ledger
from engine.settings import ROOT
from engine.stories import story, theatre

PROCESSES = ROOT / "processes"
STORIES = PROCESSES / "major-complaint" / "scenarios"
BOOKS = {
    "shared-out": {  # 6,000: 40 % and 10 % by employees, whose wages gave it back
        "company:bank": "6000.00",
        "company:compensations": "-3000.00",
        "company:wages": "-3000.00",
        "person:tie_zhu": "0.00",
        "person:tang_yi": "0.00",
    },
    "crew-and-company": {
        "company:bank": "1000.00",
        "company:compensations": "-700.00",
        "retention:crew_mu_gong": "-300.00",
    },
}


@pytest.mark.parametrize("name", BOOKS)
def test_the_shares_are_booked_and_wages_settle_them(name: str, company: Path, tmp_path: Path) -> None:
    with theatre.copied(company, tmp_path) as engine:
        played = theatre.perform(story.load(STORIES / f"{name}.toml"), engine)
        with engine.read() as connection:
            postings = connection.execute(
                sa.select(ledger_posting.c.account, sa.func.sum(ledger_posting.c.amount))
                .join(ledger_entry, ledger_entry.c.id == ledger_posting.c.entry)
                .where(ledger_entry.c.case_id == played.case)
                .group_by(ledger_posting.c.account)
            ).all()
            wrong = ledger.unbalanced(connection)

    logins = {actor.key: f"person:{login}" for login, actor in played.people.items()}
    found = {logins.get(account, account): amount for account, amount in postings}
    assert found == {account: Decimal(amount) for account, amount in BOOKS[name].items()}
    assert wrong == []
