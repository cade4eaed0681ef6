"""A case as its log replays it: where its tokens stand after each command, and what the command changed."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from engine import clock
from engine.commands.cancel_instance import CancelInstance
from engine.commands.claim_task import ClaimTask
from engine.commands.complete_task import CompleteTask
from engine.commands.resume_instance import ResumeInstance
from engine.commands.suspend_instance import SuspendInstance
from engine.db import append_only
from engine.db.models import user_task
from engine.errors import NotFound
from engine.executor import Engine
from engine.queries import case_replay
from engine.queries.case_replay import Frame
from tests.factories import ADMIN, OUTSIDER, SPECIALIST, deploy, deploy_files, files_of, start

MORNING = datetime(2025, 9, 26, 1, tzinfo=UTC)


@pytest.fixture
def case(engine: Engine) -> str:
    """A case that was started and claimed."""
    with clock.hold(MORNING):
        deploy(engine)
        case = start(engine)
        engine.execute(ClaimTask(task_id=task_of(engine)), SPECIALIST)
    return case


def task_of(engine: Engine) -> str:
    with engine.read() as connection:
        return str(connection.scalars(sa.select(user_task.c.id)).one())


def replayed(engine: Engine, case: str) -> list[Frame]:
    with engine.read() as connection:
        record = case_replay.recorded(connection, ADMIN, case)
    return list(case_replay.frames(record))


def standing(frame: Frame) -> list[tuple[str, str]]:
    return [(token.element, token.state) for token in frame.tokens]


def test_tokens_stand_where_the_case_waits_and_turn_late_with_the_breach(engine: Engine, case: str) -> None:
    with clock.hold(MORNING + timedelta(hours=5)):
        engine.execute(CompleteTask(task_id=task_of(engine), values={"result": "settled", "words": "好"}), SPECIALIST)

    frames = replayed(engine, case)

    assert [(one.happening.kind, standing(one)) for one in frames] == [
        ("start_process", [("answer", "act")]),
        ("claim_task", [("answer", "act")]),
        ("fire_timer", [("answer", "late")]),
        ("complete_task", []),
    ]
    assert frames[0].flows == (("one-task", "begin", "answer"),)
    assert [target for _, _, target in frames[3].flows] == ["finished"]
    assert frames[3].states["one-task"]["answer"] == "done"
    assert [len(one.timers) for one in frames] == [1, 1, 0, 0]


def test_a_step_says_what_it_changed_before_and_after(engine: Engine, case: str) -> None:
    with clock.hold(MORNING + timedelta(minutes=5)):
        engine.execute(CompleteTask(task_id=task_of(engine), values={"result": "settled", "words": "好"}), SPECIALIST)

    frames = replayed(engine, case)

    assert {(one.element, one.field, one.before, one.after) for one in frames[2].changes} == {
        ("answer", "result", None, "settled"),
        ("answer", "words", None, "好"),
    }
    assert frames[1].changes == ()


def test_a_held_case_is_held_until_it_goes_on(engine: Engine, case: str) -> None:
    for minutes, command in ((1, SuspendInstance(case_id=case, reason="等")), (2, ResumeInstance(case_id=case))):
        with clock.hold(MORNING + timedelta(minutes=minutes)):
            engine.execute(command, ADMIN)

    frames = replayed(engine, case)

    assert [standing(one) for one in frames[2:]] == [[("answer", "hold")], [("answer", "act")]]
    assert frames[2].suspended_at == MORNING + timedelta(minutes=1)
    assert frames[3].timers[0][0].due_at - frames[2].timers[0][0].due_at == timedelta(minutes=1)


def test_what_a_cancelled_case_left_open_is_cancelled(engine: Engine, case: str) -> None:
    with clock.hold(MORNING + timedelta(minutes=1)):
        engine.execute(CancelInstance(case_id=case, reason="误登"), ADMIN)

    last = replayed(engine, case)[-1]

    assert (last.tokens, last.timers, last.states["one-task"]["answer"]) == ((), (), "cancelled")


def test_a_record_that_goes_another_way_is_shown_no_further(engine: Engine, case: str) -> None:
    with engine.store.write() as connection:
        for drop in append_only.drop_statements(engine.store.dialect):
            connection.exec_driver_sql(drop)
        connection.exec_driver_sql("UPDATE command SET engine_epoch = 0 WHERE kind = 'claim_task'")
        connection.commit()

    frames = replayed(engine, case)

    assert [one.code for one in frames] == [None, "replay.older_epoch"]
    assert (frames[1].tokens, frames[1].states) == ((), {})


def test_who_takes_no_part_sees_no_replay(engine: Engine, case: str) -> None:
    with engine.read() as connection, pytest.raises(NotFound):
        case_replay.recorded(connection, OUTSIDER, case)


def test_what_changed_in_a_called_procedure_bears_the_name_that_the_step_has_there(engine: Engine) -> None:
    called = files_of("one-task")
    with clock.hold(MORNING):
        deploy(engine)
        deploy_files(engine, calling(called))
        case = start(engine, "caller")
        for words in ("问过", "答复"):
            with engine.read() as connection:
                task = connection.scalars(sa.select(user_task.c.id).where(user_task.c.completed_at.is_(None))).one()
            engine.execute(ClaimTask(task_id=task), SPECIALIST)
            engine.execute(CompleteTask(task_id=task, values={"result": "settled", "words": words}), SPECIALIST)

    changes = [one for frame in replayed(engine, case) for one in frame.changes if one.field == "words"]

    assert [(one.after, one.name) for one in changes] == [("问过", "问一下"), ("答复", "答复客户")]


def calling(files: dict[str, bytes]) -> dict[str, bytes]:
    """A procedure "caller" with a step of the same id as that of one-task, which it calls behind it."""
    call = (
        '<bpmn:callActivity id="inner" name="再答复" calledElement="one_task"/>'
        '<bpmn:sequenceFlow id="inner_to_finished" sourceRef="inner" targetRef="finished"/>'
    )
    diagram = files["one-task.bpmn"].decode().replace("one_task", "caller").replace("答复客户", "问一下")
    diagram = diagram.replace('id="answer_to_finished" sourceRef="answer" targetRef="finished"/>', "{}").format(
        'id="answer_to_inner" sourceRef="answer" targetRef="inner"/>' + call.replace("caller", "one_task")
    )
    lane = "<bpmn:flowNodeRef>inner</bpmn:flowNodeRef><bpmn:flowNodeRef>finished</bpmn:flowNodeRef>"
    diagram = diagram.replace("<bpmn:flowNodeRef>finished</bpmn:flowNodeRef>", lane)
    forms = {path.replace("one-task", "caller"): content for path, content in files.items() if path.startswith("forms")}
    return {"caller.bpmn": diagram.encode(), "procedure.toml": files["procedure.toml"], **forms}
