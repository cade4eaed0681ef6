"""What the stories of pre-acceptance leave in the registers and the books (procedures.md 3.16–3.18)."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.db.models import award, fault_slip, inspection, ledger_entry, ledger_posting, person, site, suspension
from engine.settings import ROOT, Settings
from engine.stories import story, theatre

PROCESSES = ROOT / "processes"
Play = Callable[[str], sa.Connection]


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with the company in it."""
    folder = tmp_path_factory.mktemp("company")
    settings = Settings(database_url=f"sqlite:///{folder / 'company.db'}", var=folder)
    theatre.prepare(settings, PROCESSES / "company.toml")
    return folder / "company.db"


@pytest.fixture
def play(founded: Path, tmp_path: Path) -> Iterator[Play]:
    """Play a story, "procedure/story", and read what it left."""
    with theatre.copied(founded, tmp_path) as engine, engine.read() as connection:

        def played(name: str) -> sa.Connection:
            procedure, _, stem = name.partition("/")
            theatre.perform(story.load(PROCESSES / procedure / "scenarios" / f"{stem}.toml"), engine)
            connection.rollback()
            return connection

        yield played


def person_of(connection: sa.Connection, login: str) -> int:
    return int(connection.scalars(sa.select(person.c.id).where(person.c.username == login)).one())


def balances(connection: sa.Connection) -> dict[str, Decimal]:
    """Account → balance by what cases have booked: what is held of the crews since before is left out."""
    total = sa.func.sum(ledger_posting.c.amount)
    booked = sa.select(ledger_posting.c.account, total).join(ledger_entry, ledger_entry.c.id == ledger_posting.c.entry)
    found = booked.where(ledger_entry.c.case_id.is_not(None)).group_by(ledger_posting.c.account)
    return {account: amount for account, amount in connection.execute(found)}


def test_three_failures_leave_five_slips_a_fine_a_suspension_and_a_new_foreman(play: Play) -> None:
    connection = play("pre-acceptance-inspection/third-failure")

    foreman, manager, successor = (person_of(connection, login) for login in ("mu_gong", "wu_kai", "tie_zhu"))
    slips = connection.execute(sa.select(fault_slip).order_by(fault_slip.c.decided_at)).all()
    assert [(slip.rule, slip.person, slip.grade) for slip in slips] == [
        ("P-30", foreman, "ordinary"),
        ("P-31", foreman, "serious"),
        ("P-31b", manager, "ordinary"),
        ("P-32", foreman, None),
        ("P-32b", manager, "serious"),
    ]
    assert [slip.amount for slip in slips] == [None, None, None, Decimal("500.00"), None]
    stop = connection.execute(sa.select(suspension)).one()
    assert (stop.person, stop.since, stop.until) == (foreman, date(2025, 9, 29), date(2025, 12, 29))
    assert connection.scalars(sa.select(site.c.foreman).where(site.c.key == "S-002")).one() == successor
    numbers = connection.execute(sa.select(inspection.c.result, inspection.c.number).order_by(inspection.c.at)).all()
    assert [tuple(row) for row in numbers] == [("failed", 1), ("failed", 2), ("failed", 3)]
    assert balances(connection)[f"person:{foreman}"] == Decimal("0.00")
    assert balances(connection)["company:fines"] == Decimal("500.00")


def test_a_fine_that_was_set_off_is_not_collected_again(play: Play) -> None:
    connection = play("final-settlement-gate/fine-open")

    found = balances(connection)
    assert found[f"person:{person_of(connection, 'mu_gong')}"] == Decimal("0.00")
    assert found["company:works"] == Decimal("-12000.00")
    assert found["company:bank"] == Decimal("11500.00")
    assert found["company:fines"] == Decimal("500.00")


def test_three_awards_are_shared_70_to_30_and_paid(play: Play) -> None:
    connection = play("excellent-site-award/three-outputs")

    rows = connection.execute(sa.select(award).order_by(award.c.site)).all()
    shares = [(row.amount, row.foreman_share, row.project_manager_share) for row in rows]
    assert shares == [tuple(map(Decimal, sums)) for sums in ((860, 602, 258), (1000, 700, 300), (1000, 700, 300))]
    found = balances(connection)
    assert found["company:awards"] == Decimal("-2860.00")
    assert found["company:bank"] == Decimal("2860.00")
    assert {found[account] for account in found if account.startswith("person:")} == {Decimal("0.00")}
