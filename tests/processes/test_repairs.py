"""What the stories of repairs leave in the books, and what their forms show (procedures.md 3.8–3.13)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine import clock
from engine.db.models import instance, ledger_entry, ledger_posting, repair_cost, user_task
from engine.executor import Engine
from engine.exports.events import Selection, traces
from engine.queries.instance import case_page
from engine.queries.task import TaskPage, facts, task_page
from engine.queries.timeline import timeline
from engine.settings import ROOT, Settings
from engine.stories import company, story, theatre

PROCESSES = ROOT / "processes"
SETTLEMENT = PROCESSES / "repair-monthly-settlement" / "scenarios"


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with the company in it."""
    folder = tmp_path_factory.mktemp("company")
    settings = Settings(database_url=f"sqlite:///{folder / 'company.db'}", var=folder)
    theatre.prepare(settings, PROCESSES / "company.toml")
    return folder / "company.db"


@pytest.fixture
def engine(founded: Path, tmp_path: Path) -> Iterator[Engine]:
    with theatre.copied(founded, tmp_path) as engine:
        yield engine


@pytest.fixture
def play(engine: Engine) -> Callable[..., story.Story]:
    """Play a story of the settlement, or its first deeds until one is done."""

    def played(name: str, until: str | None = None) -> story.Story:
        told = story.load(SETTLEMENT / f"{name}.toml")
        if until is not None:
            last = next(n for n, deed in enumerate(told.deeds, 1) if deed.do == until)
            told = replace(told, deeds=told.deeds[:last])
        theatre.perform(told, engine)
        return told

    return played


def booked(connection: sa.Connection, month: date) -> dict[str, Decimal]:
    """Account → what repairs moved in the books of a month."""
    query = (
        sa.select(ledger_posting.c.account, sa.func.sum(ledger_posting.c.amount))
        .join(ledger_entry, ledger_entry.c.id == ledger_posting.c.entry)
        .where(ledger_entry.c.kind == "repair_cost", ledger_entry.c.month == month)
        .group_by(ledger_posting.c.account)
    )
    return {account: amount for account, amount in connection.execute(query)}


def page_of(engine: Engine, told: story.Story, login: str, element: str, item: str | None = None) -> TaskPage:
    """An open task as somebody sees it at the story's end."""
    actor, now = company.actors(engine)[login], told.deeds[-1].at
    with clock.hold(now), engine.read() as connection:
        query = sa.select(user_task.c.id).where(user_task.c.element == element, user_task.c.completed_at.is_(None))
        found = connection.scalars(query.where(user_task.c.item.is_not_distinct_from(item))).one()
        return task_page(connection, actor, found, now)


def test_a_neglected_repair_is_deducted_in_the_books_of_its_month(
    engine: Engine, play: Callable[..., story.Story]
) -> None:
    play("neglected-repair")

    with engine.read() as connection:
        assert booked(connection, date(2025, 9, 1)) == {
            "retention:crew_tie_zhu": Decimal("-455.00"),
            "company:repairs": Decimal("455.00"),
        }
        assert booked(connection, date(2025, 10, 1)) == {}
        cost = connection.execute(sa.select(repair_cost)).one()
        assert (cost.labour, cost.material, cost.payer) == (Decimal("360.00"), Decimal("95.00"), "crew")
        assert cost.entry is not None


def test_what_a_retention_lacks_is_owed_by_the_crew(engine: Engine, play: Callable[..., story.Story]) -> None:
    play("retention-too-small")

    with engine.read() as connection:
        assert booked(connection, date(2025, 9, 1)) == {
            "retention:crew_mu_gong": Decimal("-1000.00"),
            "crew:crew_mu_gong": Decimal("-584.00"),
            "company:repairs": Decimal("1584.00"),
        }


def test_the_settlement_list_is_filled_in_from_the_register(engine: Engine, play: Callable[..., story.Story]) -> None:
    told = play("unsigned-left-out", until="wait")

    values = page_of(engine, told, "chen_siyu", "hand_in_list").values
    assert [(row["crew"], row["total"]) for row in values["crews"]] == [
        ("crew_tie_zhu", "440.00"),
        ("crew_wa_long", "689.00"),
    ]
    assert [(row["case"], row["total"]) for row in values["unsigned"]] == [("BX-2025-0003", "455.00")]


def test_a_task_for_each_crew_shows_its_own_crew(engine: Engine, play: Callable[..., story.Story]) -> None:
    told = play("unsigned-left-out", until="hand_in_list")

    for crew, retention in (("crew_tie_zhu", "5000.00"), ("crew_wa_long", "20000.00")):
        values = page_of(engine, told, "kuai_ji", "reconcile", crew).values
        assert (values["crew"], values["retention"]) == (crew, retention)


def test_an_export_calls_a_step_by_its_own_procedures_name(engine: Engine, play: Callable[..., story.Story]) -> None:
    """The captain's and the departed crew's repair both have a step compute_cost, with another name."""
    play("neglected-repair")

    with engine.read() as connection:
        case = connection.scalars(sa.select(instance.c.id).where(instance.c.procedure == "repair-handling")).one()
        exported = [one for _, happened in traces(connection, Selection(case=case)) for one in happened]

    assert {one.activity for one in exported if one.element == "compute_cost"} == {"核算费用"}


def test_a_case_is_told_with_the_forms_of_the_procedure_that_asked(
    engine: Engine, play: Callable[..., story.Story]
) -> None:
    """The captain's and the departed crew's repair both have a step compute_cost, with another name and form."""
    play("neglected-repair", until="compute_cost")
    captain = company.actors(engine)["shi_qiang"]

    with engine.read() as connection:
        case = connection.scalars(sa.select(instance.c.id).where(instance.c.procedure == "repair-handling")).one()
        fact = next(one for one in facts(connection, captain, case) if one.element == "compute_cost")
        row = case_page(connection, captain, case, clock.now()).row
        happened = next(one for one in timeline(connection, row) if one.element == "compute_cost" and one.form)

    for told in (fact, happened):
        assert told.name == "核算费用"
        assert told.form is not None and "payer" in {field.key for field in told.form.asked}
