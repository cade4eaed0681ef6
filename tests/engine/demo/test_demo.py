"""A small demo: everything is to be seen in it, and its record is whole."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine import audit, installation, passwords
from engine.bootstrap import build_engine
from engine.clock import OFFICE
from engine.db.models import customer, instance, person, submission
from engine.demo.accounts import SHOWS, accounts
from engine.demo.making import PASSWORD, Wish, make
from engine.executor import Engine
from engine.settings import Settings

UNTIL = datetime(2026, 11, 5, 3, 20, tzinfo=OFFICE)  # at night, after a month's end
SMALL = Wish(until=UNTIL, days=10, cases=25)
BY_THE_CALENDAR = {
    "complaint-monthly-analysis",
    "excellent-site-award",
    "pre-acceptance-scheduling",
    "repair-captain-weekly-check",
    "repair-monthly-settlement",
    "termination-monthly-summary",
}
STATES = ("fresh", "due_soon", "overdue", "offered", "claimed", "escalated", "several_departments", "suspended")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, dict[str, Any]]:
    """A demo of ten days, in which messages are kept for two; its settings and what it shows."""
    return made(tmp_path_factory.mktemp("demo"), SMALL)


@pytest.fixture
def engine(small: tuple[Settings, dict[str, Any]]) -> Iterator[Engine]:
    engine = build_engine(small[0])
    yield engine
    engine.store.close()


def made(folder: Path, wish: Wish) -> tuple[Settings, dict[str, Any]]:
    settings = Settings(var=folder, message_days=2)
    installation.bring_up(settings)
    return settings, make(settings, wish)


def test_every_state_of_a_task_is_to_be_seen(
    small: tuple[Settings, dict[str, Any]], procedures_with_cases: set[str]
) -> None:
    shown = small[1]

    assert {name: shown[name] for name in (*STATES, "incidents") if shown[name] < 1} == {}
    assert (shown["people"], shown["customers"]) == (41, 200)
    assert shown["cases"] >= 25
    assert set(shown["procedures"]) == procedures_with_cases


def test_its_record_is_whole_and_every_case_replays(engine: Engine) -> None:
    with engine.read() as connection:
        flaws = [*audit.verify(connection)]
        for case in audit.cases(connection):
            flaws += audit.examine(connection, case)[1]

    assert flaws == []


def test_its_people_log_in_with_the_password_of_the_demo(engine: Engine) -> None:
    with engine.read() as connection:
        stored = set(connection.scalars(sa.select(person.c.password_hash)))

    assert len(stored) == 1
    assert passwords.matches(stored.pop(), PASSWORD)
    assert [row["login"] for row in accounts(engine)[: len(SHOWS)]] == list(SHOWS)


def test_its_phone_numbers_are_nobodys(engine: Engine) -> None:
    with engine.read() as connection:
        phones = list(connection.scalars(sa.select(customer.c.phone)))
        sent = connection.scalars(sa.select(submission.c["values"]).where(submission.c.element.is_not(None)))
        phones += [values["phone"] for values in sent if values and "phone" in values]

    assert [phone for phone in phones if not phone.startswith("000-")] == []


def test_every_case_says_in_lists_what_it_is_about(engine: Engine) -> None:
    with engine.read() as connection:
        silent = sa.select(instance.c.procedure).distinct().where(instance.c.subject.is_(None))
        procedures = set(connection.scalars(silent))

    assert procedures <= BY_THE_CALENDAR  # nobody is asked


def test_nothing_happens_after_its_end(engine: Engine) -> None:
    with engine.read() as connection:
        last = connection.scalar(sa.select(sa.func.max(instance.c.last_at)))

    assert last is not None
    assert last <= UNTIL


def test_the_same_seed_and_end_give_the_same_demo(small: tuple[Settings, dict[str, Any]], tmp_path: Path) -> None:
    again = made(tmp_path, SMALL)[1]

    assert again == small[1]
