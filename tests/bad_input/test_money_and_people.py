"""Sums, dates and people that a procedure does not take: said at the field of the page, and nothing is half-written.

That the engine refuses them is told by the stories; each is played here up to its refused step, which then comes
from a page.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from lxml import html

from engine import clock
from engine.commands.complete_task import CompleteTask
from engine.commands.put_person import PutPerson
from engine.commands.transfer_task import TransferTask
from engine.db.models import person
from engine.errors import PersonUnavailable
from engine.executor import Engine
from engine.registers import crews
from engine.settings import ROOT, Settings
from engine.stories import company, facts, theatre
from engine.stories.driver import Playing
from engine.stories.story import Deed, load
from tests.bad_input.browsing import Browser, submission
from tests.bad_input.untouched import nothing_changes
from web import create_app

PROCESSES = ROOT / "processes"
TYPED = frozenset({"draft"})  # what was typed is kept, so that nobody types it twice


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with the company of the stories."""
    path = tmp_path_factory.mktemp("founded") / "company.db"
    theatre.prepare(Settings(database_url=f"sqlite:///{path}", var=path.parent), PROCESSES / "company.toml")
    return path


@pytest.fixture
def stage(founded: Path, tmp_path: Path) -> Iterator[Engine]:
    with theatre.copied(founded, tmp_path) as engine:
        yield engine


@dataclass(frozen=True)
class Answer:
    """What a page answered to a form: the error at each field that has one."""

    status: int
    text: str
    errors: Mapping[str, str]


def played(stage: Engine, path: str, do: str, nth: int = 0) -> tuple[Playing, Deed]:
    """A story up to the nth step of an element, and that step."""
    folder, _, name = path.partition("/")
    story = load(PROCESSES / folder / "scenarios" / f"{name}.toml")
    step = [deed for deed in story.deeds if deed.do == do][nth]
    playing = theatre.perform(replace(story, deeds=story.deeds[: step.number - 1]), stage)
    return playing, step


def open_task(playing: Playing, step: Deed) -> Any:
    with playing.engine.read() as connection:
        tasks = facts.open_tasks(connection, playing.case_of(step))
    return next(task for task in tasks if task.element == step.do)


def sent(playing: Playing, step: Deed, **changes: Any) -> Answer:
    """Send the form of a step from its page, by the one who has it, and see that nothing changes."""
    task, number = open_task(playing, step), int(playing.people[str(step.by)].key.removeprefix("person:"))
    with clock.hold(step.at):
        browser = Browser(create_app(engine=playing.engine), playing.engine, number)
        fields = submission(playing.engine, task.id, **flat(playing.value({**step.form, **changes})))
        with nothing_changes(playing.engine, besides=TYPED):
            answer = browser.post(f"/tasks/{task.id}/complete", fields)
    page = html.fromstring(answer.text)
    wrong = page.xpath("//*[@aria-invalid='true']/@id | //*[contains(@class, 'is-invalid')]/@id")
    errors = {one: " ".join(page.get_element_by_id(f"{one}-error").text_content().split()) for one in set(wrong)}
    return Answer(
        answer.status_code, page.text_content(), {one.removeprefix("f-"): said for one, said in errors.items()}
    )


def departed(stage: Engine) -> str:
    """The number of the foreman who has left."""
    with stage.read() as connection:
        return str(connection.scalars(sa.select(person.c.id).where(person.c.username == "qiu_shan")).one())


def flat(values: Mapping[str, Any], before: str = "") -> dict[str, str]:
    """Values as a browser posts them: a row's field under "list.0.field"."""
    found: dict[str, str] = {}
    for key, value in values.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            for number, row in enumerate(value):
                found |= flat(row, f"{before}{key}.{number}.")
        elif value is not False:
            found[before + key] = "yes" if value is True else str(value)
    return found


ABSURD = "contract-termination/absurd-sums"
REFUSED = [
    ("shares over 100 %", "major-complaint/shares-over-a-hundred", "decide_solution", 0, "shares", "最多 100%"),
    ("a negative sum", ABSURD, "define_liability", 0, "design_fee", "0.00"),
    ("an absurd sum", ABSURD, "define_liability", 1, "paid", "100,000,000"),
    ("another base than the contract's", ABSURD, "define_liability", 2, "base", "以登记为准"),
    ("a refund that does not add up", ABSURD, "define_liability", 4, "actual_refund", "不等于已付款减扣款"),
    ("a sum in words", ABSURD, "define_liability", 5, "actual_refund", "数"),
    ("a penalty below 500", "penalty-slip/fine-in-range", "confirm_penalty", 0, "fine", "500 到 2000"),
    ("a penalty above 2,000", "penalty-slip/fine-in-range", "confirm_penalty", 1, "fine", "500 到 2000"),
    ("a time in the future", "repair-handling/final-call-late", "final_call", 0, "call_time", "09:00"),
    ("a time before the case", "repair-handling/final-call-late", "final_call", 1, "call_time", "08:50"),
    (
        "material in a normal repair",
        "departed-crew-repair/labour-and-material",
        "compute_cost",
        0,
        "material",
        "正常维修",
    ),
    (
        "a repair that costs less than nothing",
        "repair-captain-takeover/cost-on-the-crew",
        "compute_cost",
        0,
        "labour",
        "0.01",
    ),
    (
        "a repair that costs too much",
        "repair-captain-takeover/cost-on-the-crew",
        "compute_cost",
        1,
        "labour",
        "100,000",
    ),
    ("a suspended foreman", "pre-acceptance-inspection/third-failure", "replace_foreman", 0, "foreman", "选"),
]


@pytest.mark.parametrize(
    ("path", "do", "nth", "field", "said"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED]
)
def test_what_is_wrong_is_said_at_its_field(stage: Engine, path: str, do: str, nth: int, field: str, said: str) -> None:
    answer = sent(*played(stage, path, do, nth))

    assert answer.status == 422
    assert set(answer.errors) == {field}
    assert said in answer.errors[field], answer.errors[field]


@pytest.mark.parametrize("amount", ["-455.00", "100000.01", "1e9", "NaN", "四百五十五", "455.005"])
def test_no_absurd_sum_comes_into_the_books(stage: Engine, amount: str) -> None:
    playing, step = played(stage, "repair-captain-takeover/cost-on-the-crew", "compute_cost")

    answer = sent(playing, step, labour=amount)

    assert answer.status == 422 and set(answer.errors) == {"labour"}


@pytest.mark.parametrize(("field", "value"), [("amount", "2399.99"), ("person", "@tang_yi")])
def test_no_other_wages_are_deducted_than_the_voucher_says(stage: Engine, field: str, value: str) -> None:
    playing, step = played(stage, "major-complaint/after-the-payroll", "wage_deduction")

    answer = sent(playing, step, **{field: value})

    assert answer.status == 422 and set(answer.errors) == {field}


def test_a_share_below_nothing_is_refused_in_its_row(stage: Engine) -> None:
    playing, step = played(stage, "major-complaint/shares-over-a-hundred", "decide_solution")
    shares = [
        {"bearer": "employee", "percent": 60, "person": "@tie_zhu"},
        {"bearer": "employee", "percent": -10, "person": "@tang_yi"},
    ]

    answer = sent(playing, step, shares=shares)

    assert answer.status == 422 and set(answer.errors) == {"shares-1-percent"}


def test_a_refund_on_a_tuesday_is_told_from_when_it_may_be_paid(stage: Engine) -> None:
    playing, step = played(stage, "contract-termination/tuesday-refused", "pay_refund")

    answer = sent(playing, step)

    assert answer.status == 409
    assert "2025-09-25 13:30 之前不能完成" in answer.text


def test_somebody_who_has_left_is_neither_offered_nor_taken_by_a_form(stage: Engine) -> None:
    playing, step = played(stage, "repair-handling/crew-never-calls", "hand_over_sheet")

    answer = sent(playing, step, foreman=departed(stage))

    assert (answer.status, set(answer.errors)) == (422, {"foreman"})
    assert "丘山" not in answer.text


def test_somebody_who_has_left_gets_no_task(stage: Engine) -> None:
    playing, step = played(stage, "repair-handling/crew-never-calls", "hand_over_sheet")
    handed_over = TransferTask(task_id=open_task(playing, step).id, to=f"person:{departed(stage)}")

    with clock.hold(step.at), nothing_changes(stage), pytest.raises(PersonUnavailable):
        stage.execute(handed_over, playing.people["lin_xiaomei"])


@pytest.mark.parametrize(
    ("path", "do", "login"),
    [
        ("contract-termination/crew-liable", "issue_by_finance", "tang_yi"),
        ("major-complaint/after-the-payroll", "wage_deduction", "tie_zhu"),
        ("termination-monthly-summary/two-terminations", "build_summary", "tang_yi"),
    ],
)
def test_who_has_left_meanwhile_still_gets_and_pays_what_is_due(stage: Engine, path: str, do: str, login: str) -> None:
    playing, step = played(stage, path, do, -1)
    task, who = open_task(playing, step), int(playing.people[login].key.removeprefix("person:"))
    assert f"@{login}" in str(step.form)

    with clock.hold(step.at):
        stage.execute(PutPerson(person_id=who, username=login, name="已离职", active=False), company.OPERATOR)
        values = playing.value(step.form)
        stage.execute(CompleteTask(task_id=task.id, revision=task.revision, values=values), playing.actor(step))


def test_a_retention_that_is_too_small_is_emptied_and_finance_is_told_the_rest(stage: Engine) -> None:
    playing, step = played(stage, "repair-monthly-settlement/retention-too-small", "acknowledge_receivable")

    answer = sent(playing, step)

    assert answer.status == 422 and "账上" in answer.errors["owed"]
    with stage.read() as connection:
        assert crews.retention(connection, "crew_mu_gong") == 0
        assert crews.owes(connection, "crew_mu_gong") == Decimal("584.00")
