"""Commands on a real store: one transaction each, timers first, one winner, one answer per request."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from engine import clock
from engine.commands.claim_task import ClaimTask
from engine.commands.complete_task import CompleteTask
from engine.db.models import access, breach, command, inbox, instance, job, notice, submission, user_task
from engine.errors import ConcurrentUpdate, EngineError, Forbidden, FormRejected, Stale
from engine.executor import Engine
from tests.factories import COLLEAGUE, OUTSIDER, SPECIALIST, deploy, deploy_files, files_of, start

MORNING = datetime(2025, 9, 26, 1, tzinfo=UTC)
REQUEST = "0123456789abcdef0123456789abcdef"
SETTLED = {"result": "settled", "words": "已答复"}


def rows(engine: Engine, table: sa.Table, *columns: str) -> list[tuple[object, ...]]:
    with engine.read() as connection:
        found = connection.execute(sa.select(*(table.c[name] for name in columns)).order_by(*table.primary_key))
        return [tuple(row) for row in found]


@pytest.fixture
def task(engine: Engine) -> str:
    """The open task of a case that was started in the morning."""
    with clock.hold(MORNING):
        deploy(engine)
        start(engine)
    return str(rows(engine, user_task, "id")[0][0])


def test_a_started_case_offers_its_task_to_the_group(engine: Engine, task: str) -> None:
    due = MORNING + timedelta(hours=3)

    assert rows(engine, inbox, "principal", "due_at", "task_id") == [("group:service_specialist", due, task)]
    assert rows(engine, instance, "status", "business_key", "subject") == [("running", "YB-2025-0001", "林婉清")]
    kinds = sorted(rows(engine, job, "kind", "due_at"))
    assert kinds == [("reminder", MORNING + timedelta(hours=2.4)), ("timer", due)]


def test_a_claimed_task_leaves_the_inboxes_of_the_others(engine: Engine, task: str) -> None:
    engine.execute(ClaimTask(task_id=task, revision=1), SPECIALIST)

    assert rows(engine, inbox, "principal") == [("person:1",)]
    with pytest.raises(EngineError) as refused:
        engine.execute(ClaimTask(task_id=task), COLLEAGUE)
    assert refused.value.code == "task.already_claimed"


def test_a_completed_task_ends_the_case_and_leaves_nothing_open(engine: Engine, task: str) -> None:
    with clock.hold(MORNING + timedelta(hours=1)):
        done = engine.execute(CompleteTask(task_id=task, revision=1, values=SETTLED), SPECIALIST)

    assert (done.seq, done.kind, done.body["values"]) == (2, "complete_task", {"result": "settled"})
    assert rows(engine, instance, "status", "end_state") == [("completed", "closed")]
    assert rows(engine, inbox, "principal") == rows(engine, job, "id") == []
    assert rows(engine, user_task, "assignee", "completed_at") == [("person:1", MORNING + timedelta(hours=1))]
    assert ("answer", SETTLED) in rows(engine, submission, "element", "values")


def test_the_log_holds_no_free_text(engine: Engine, task: str) -> None:
    engine.execute(CompleteTask(task_id=task, values=SETTLED), SPECIALIST)

    bodies = str(rows(engine, command, "body", "reads"))
    assert "林婉清" not in bodies
    assert "已答复" not in bodies


def test_who_was_not_offered_the_task_is_refused_and_the_attempt_recorded(engine: Engine, task: str) -> None:
    with pytest.raises(Forbidden):
        engine.execute(CompleteTask(task_id=task, values=SETTLED), OUTSIDER)

    assert rows(engine, access, "actor", "kind", "about", "code", "subject") == [
        ("person:4", "refused", {"command": "complete_task"}, "access.forbidden", task)
    ]


def test_a_form_that_is_wrong_changes_nothing(engine: Engine, task: str) -> None:
    with clock.hold(MORNING), pytest.raises(FormRejected) as refused:
        engine.execute(CompleteTask(task_id=task, values={"words": "?"}), SPECIALIST)

    assert set(refused.value.errors) == {"result"}
    assert rows(engine, instance, "seq") == [(1,)]


def test_a_stale_page_is_told_so(engine: Engine, task: str) -> None:
    engine.execute(ClaimTask(task_id=task), SPECIALIST)

    with pytest.raises(Stale):
        engine.execute(CompleteTask(task_id=task, revision=1, values=SETTLED), SPECIALIST)


def test_a_second_click_gets_the_first_answer(engine: Engine, task: str) -> None:
    first = engine.execute(CompleteTask(task_id=task, values=SETTLED), SPECIALIST, REQUEST)
    second = engine.execute(CompleteTask(task_id=task, values=SETTLED), SPECIALIST, REQUEST)

    assert second == first
    assert rows(engine, access, "seq") == []


def test_the_same_request_of_somebody_else_is_refused(engine: Engine, task: str) -> None:
    engine.execute(CompleteTask(task_id=task, values=SETTLED), SPECIALIST, REQUEST)

    with pytest.raises(EngineError) as refused:
        engine.execute(CompleteTask(task_id=task, values=SETTLED), COLLEAGUE, REQUEST)
    assert refused.value.code == "request.duplicate"


def test_of_six_who_complete_one_task_at_once_one_wins(engine: Engine, task: str) -> None:
    outcomes: list[str] = []

    def complete() -> None:
        try:
            engine.execute(CompleteTask(task_id=task, values=SETTLED), SPECIALIST)
            outcomes.append("done")
        except ConcurrentUpdate as refused:
            outcomes.append(refused.context["by"])

    threads = [threading.Thread(target=complete) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["done", *["person:1"] * 5]


def test_a_late_click_can_not_outrun_the_breach(engine: Engine, task: str) -> None:
    late = MORNING + timedelta(hours=4)

    with clock.hold(late):
        engine.execute(CompleteTask(task_id=task, values=SETTLED), SPECIALIST)

    due = MORNING + timedelta(hours=3)
    assert rows(engine, breach, "deadline", "due_at", "met_at") == [("T-01", due, late)]
    kinds = rows(engine, command, "kind", "at")
    assert ("fire_timer", due) in kinds
    told = {key for (key,) in rows(engine, notice, "principal")}
    assert told == {"head:service_specialist", "group:service_manager"}


def test_the_breach_stands_even_where_the_late_click_is_refused(engine: Engine, task: str) -> None:
    with clock.hold(MORNING + timedelta(hours=4)), pytest.raises(Forbidden):
        engine.execute(CompleteTask(task_id=task, values=SETTLED), OUTSIDER)

    assert rows(engine, breach, "deadline", "met_at") == [("T-01", None)]


def test_completing_at_the_due_instant_is_on_time(engine: Engine, task: str) -> None:
    with clock.hold(MORNING + timedelta(hours=3)):
        engine.execute(CompleteTask(task_id=task, values=SETTLED), SPECIALIST)

    assert rows(engine, breach, "id") == []


def test_a_timer_that_can_not_fire_becomes_an_incident_and_holds_nobody_up(engine: Engine) -> None:
    files = files_of("one-task")
    broken = b'value="T-01"/><spiffworkflow:property name="responsible" value="head_of(number(begin.severity))"/>'
    deploy_files(engine, files | {"one-task.bpmn": files["one-task.bpmn"].replace(b'value="T-01"/>', broken)})
    with clock.hold(MORNING):
        start(engine)

    with clock.hold(MORNING + timedelta(hours=4)):
        engine.execute(CompleteTask(task_id=str(rows(engine, user_task, "id")[0][0]), values=SETTLED), SPECIALIST)

    kinds = [kind for (kind,) in rows(engine, command, "kind") if kind != "deploy_procedure"]
    assert kinds == ["start_process", "fail_job", "complete_task"]
    assert rows(engine, instance, "status") == [("completed",)]
