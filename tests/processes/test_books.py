"""The audit of the books finds a sum that a paper says and the ledger lacks, in open cases and in closed ones."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.db.models import submission
from engine.demo import books
from engine.executor import Engine
from engine.settings import ROOT
from engine.stories import story, theatre

Play = Callable[[str, str | None], Engine]


@pytest.fixture
def play(company: Path, tmp_path: Path) -> Iterator[Play]:
    """Play a story, "procedure/story", or its first deeds until one is done."""
    with theatre.copied(company, tmp_path) as engine:

        def played(name: str, until: str | None = None) -> Engine:
            procedure, _, stem = name.partition("/")
            told = story.load(ROOT / "processes" / procedure / "scenarios" / f"{stem}.toml")
            if until is not None:
                last = max(n for n, deed in enumerate(told.deeds, 1) if deed.do == until)
                told = replace(told, deeds=told.deeds[:last])
            theatre.perform(told, engine)
            return engine

        yield played


@contextmanager
def sent_otherwise(engine: Engine, element: str, **values: str) -> Iterator[sa.Connection]:
    """The last submission of a step had said something else: what its paper would print."""
    with engine.store.write() as connection:
        last = sa.select(submission).where(submission.c.element == element).order_by(submission.c.seq.desc())
        row = connection.execute(last).first()
        assert row is not None
        changed = {**row._mapping, "seq": row.seq + 1000, "values": {**row._mapping["values"], **values}}
        connection.execute(submission.insert(), changed)
        yield connection
        connection.rollback()


@pytest.mark.parametrize(
    ("name", "until", "sums"),
    [
        ("repair-captain-takeover/customer-side", None, 2),  # the file and the bill
        ("repair-handling/paid-service", None, 2),
        ("repair-monthly-settlement/neglected-repair", None, 2),  # the file and the list
        ("repair-captain-takeover/cost-on-the-crew", None, 0),  # booked at the month's end
        ("contract-termination/crew-liable", "collect_by_finance", 3),  # open: two of the notice, one settlement
        ("contract-termination/customer-owes", "issue_loss_notice", 1),
    ],
)
def test_what_stories_print_is_booked(play: Play, name: str, until: str | None, sums: int) -> None:
    with play(name, until).read() as connection:
        found = books.examine(connection)

    assert (found.faults, found.sums) == ([], sums)


def test_a_repair_file_that_says_another_sum_than_was_billed_is_found(play: Play) -> None:
    engine = play("repair-captain-takeover/customer-side", None)

    with sent_otherwise(engine, "compute_cost", labour="385.01") as connection:
        faults = books.examine(connection).faults

    assert len(faults) == 1
    assert "480.01 of print_file is not in the ledger" in faults[0]


def test_a_notice_of_an_open_case_that_says_another_sum_than_was_booked_is_found(play: Play) -> None:
    engine = play("contract-termination/crew-liable", "collect_by_finance")

    with sent_otherwise(engine, "issue_loss_notice", loss_fee="12500.01") as connection:
        faults = books.examine(connection).faults

    assert len(faults) == 1
    assert "(loss_fee) is not what print_loss_notice says" in faults[0]
