"""A month of a company, a twentieth of the large one: it runs through all procedures, and its books balance."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa

from engine import audit, installation
from engine.bootstrap import build_engine
from engine.clock import OFFICE
from engine.db.models import crew, instance, ledger_posting, submission
from engine.demo import books
from engine.demo.making import large, make
from engine.executor import Engine
from engine.registers import ledger
from engine.settings import Settings

WISH = large(datetime(2026, 11, 5, 3, 20, tzinfo=OFFICE), share=0.05)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = Settings(var=tmp_path_factory.mktemp("large"))
    installation.bring_up(settings)
    shown = make(settings, WISH)
    assert shown["incidents"] == 0
    return settings


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    engine = build_engine(settings)
    yield engine
    engine.store.close()


def test_every_entry_every_crew_and_every_sum_on_a_paper_balances(engine: Engine) -> None:
    with engine.read() as connection:
        found = books.examine(connection)
        crews = connection.scalar(sa.select(sa.func.count()).select_from(crew))

    assert found.faults == []
    assert found.crews == crews
    assert found.sums >= 10


def test_the_month_has_been_through_every_procedure(engine: Engine, procedures_with_cases: set[str]) -> None:
    with engine.read() as connection:
        seen = set(connection.scalars(sa.select(instance.c.procedure).distinct()))
        unfinished = list(connection.scalars(sa.select(instance.c.business_key).where(instance.c.end_state.is_(None))))

    assert seen == procedures_with_cases
    assert len(unfinished) <= 8  # of the last days


def test_its_record_is_whole(engine: Engine) -> None:
    with engine.read() as connection:
        flaws = [*audit.verify(connection)]
        for case in audit.cases(connection):
            flaws += audit.examine(connection, case)[1]

    assert flaws == []


def test_money_taken_from_a_crew_for_no_repair_is_found(engine: Engine) -> None:
    entry = ledger.Entry(id="e" * 32, at=WISH.until, kind="repair_cost", case_id=None, about=None)

    with engine.store.write() as connection:
        ledger.transfer(
            connection, entry, payer="crew:crew_mu_gong", receiver="company:repairs", amount=Decimal("12.34")
        )
        found = books.examine(connection)
        connection.rollback()

    assert found.faults == [f"entry {'e' * 32} settles no repair"]


def test_a_sum_on_a_paper_that_was_never_booked_is_found(engine: Engine) -> None:
    with engine.store.write() as connection:
        ended = sa.select(instance.c.id).where(instance.c.end_state == "terminated_refunded")
        case = connection.scalars(ended).first()
        of_case = sa.select(submission).where(submission.c.stream == case, submission.c.element == "define_liability")
        sent = connection.execute(of_case.order_by(submission.c.seq.desc())).first()
        assert sent is not None
        values = {**sent._mapping["values"], "other_deductions": "0.07"}
        connection.execute(submission.insert(), {**sent._mapping, "seq": sent.seq + 1000, "values": values})
        found = books.examine(connection)
        connection.rollback()

    assert len(found.faults) == 1
    assert "0.07 of print_sheet is not in the ledger" in found.faults[0]


def test_a_posting_without_its_counterpart_is_found(engine: Engine) -> None:
    with engine.store.write() as connection:
        entry = connection.scalars(sa.select(ledger_posting.c.entry)).first()
        lonely = {"entry": entry, "n": 9, "account": "retention:crew_mu_gong", "amount": Decimal("0.01")}
        connection.execute(ledger_posting.insert(), lonely)
        found = books.examine(connection)
        connection.rollback()

    assert found.faults[0] == f"does not add up, or is below 0: {entry}"
    assert "all postings add up to 0.01" in found.faults
