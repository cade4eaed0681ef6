"""The same request again, with the same contents and with others."""

from typing import Any

import pytest
import sqlalchemy as sa

from engine import rebuild, replay
from engine.commands.comment import Comment
from engine.commands.complete_task import CompleteTask
from engine.commands.start_process import StartProcess
from engine.commands.transfer_task import TransferTask
from engine.db.models import command, submission
from engine.errors import EngineError
from engine.executor import Engine
from engine.messages import say
from tests.bad_input.conftest import Open
from tests.bad_input.untouched import contents, nothing_changes
from tests.factories import CALL, SPECIALIST

REQUEST = "0123456789abcdef0123456789abcdef"
SETTLED = {"result": "settled", "words": "已答复"}


def number_of(engine: Engine, kind: str) -> int:
    with engine.read() as connection:
        count = sa.select(sa.func.count()).select_from(command).where(command.c.kind == kind)
        return connection.scalar(count) or 0


@pytest.mark.parametrize("kind", ["complete_task", "start_process", "comment"])
def test_a_second_click_gets_the_first_answer_and_leaves_one_row(company: Engine, opened: Open, kind: str) -> None:
    def made() -> Any:
        return {
            "complete_task": lambda: CompleteTask(task_id=opened.task, revision=1, values=SETTLED),
            "start_process": lambda: StartProcess(procedure="one-task", values=CALL),
            "comment": lambda: Comment(case_id=opened.case, text="客户下午在家"),
        }[kind]()

    before = number_of(company, kind)
    first = company.execute(made(), SPECIALIST, REQUEST)
    with nothing_changes(company):
        second = company.execute(made(), SPECIALIST, REQUEST)

    assert second == first
    assert number_of(company, kind) == before + 1


def test_the_very_same_command_again_gets_the_first_answer(company: Engine, opened: Open) -> None:
    start = StartProcess(procedure="one-task", values=CALL)  # names its case: both would write the same rows
    first = company.execute(start, SPECIALIST, REQUEST)

    with nothing_changes(company):
        assert company.execute(start, SPECIALIST, REQUEST) == first
        with pytest.raises(EngineError):
            company.execute(start, SPECIALIST)


@pytest.mark.parametrize(
    "other",
    [
        lambda opened: CompleteTask(task_id=opened.task, revision=1, values=SETTLED | {"words": "改了主意"}),
        lambda opened: CompleteTask(task_id=opened.task, revision=1, values={"result": "open"}),
        lambda opened: TransferTask(task_id=opened.task, to="person:2"),
        lambda opened: StartProcess(procedure="one-task", values=CALL),
    ],
    ids=["other words", "another result", "another deed", "a start"],
)
def test_the_same_request_with_other_contents_is_refused(company: Engine, opened: Open, other: Any) -> None:
    company.execute(CompleteTask(task_id=opened.task, revision=1, values=SETTLED), SPECIALIST, REQUEST)

    with nothing_changes(company), pytest.raises(EngineError) as refused:
        company.execute(other(opened), SPECIALIST, REQUEST)

    assert refused.value.code == "request.duplicate"
    assert "刷新" in say(refused.value.code, "zh")


def test_a_second_start_with_another_caller_is_not_taken_for_the_first(company: Engine, opened: Open) -> None:
    company.execute(StartProcess(procedure="one-task", values=CALL), SPECIALIST, REQUEST)

    with nothing_changes(company), pytest.raises(EngineError) as refused:
        company.execute(StartProcess(procedure="one-task", values=CALL | {"caller": "别人"}), SPECIALIST, REQUEST)

    assert refused.value.code == "request.duplicate"


def test_a_repeated_request_is_answered_even_after_its_words_were_erased(company: Engine, opened: Open) -> None:
    command = CompleteTask(task_id=opened.task, revision=1, values=SETTLED)
    first = company.execute(command, SPECIALIST, REQUEST)
    with company.store.write() as connection:
        connection.execute(submission.update().values(values=None, salt=None))
        connection.commit()

    assert company.execute(command, SPECIALIST, REQUEST) == first


def test_the_mark_of_a_request_disturbs_neither_replay_nor_words(company: Engine, opened: Open) -> None:
    company.execute(CompleteTask(task_id=opened.task, revision=1, values=SETTLED), SPECIALIST, REQUEST)

    with company.read() as connection:
        assert not [*replay.replay(connection, opened.case), *rebuild.compare(connection, opened.case)]
    assert contents(company)["submission"][0] > 0


def test_a_stale_page_is_refused(company: Engine, opened: Open) -> None:
    with nothing_changes(company), pytest.raises(EngineError) as refused:
        company.execute(CompleteTask(task_id=opened.task, revision=7, values=SETTLED), SPECIALIST)

    assert (refused.value.code, refused.value.context["revision"]) == ("task.stale", 1)
    assert "刷新" in say(refused.value.code, "zh")
