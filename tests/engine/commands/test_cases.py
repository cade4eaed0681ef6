"""What is done to a case beside completing its tasks."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine import clock, log, rebuild, replay, worker
from engine.commands.attach_file import AttachFile
from engine.commands.cancel_instance import CancelInstance
from engine.commands.claim_task import ClaimTask
from engine.commands.comment import Comment
from engine.commands.complete_task import CompleteTask
from engine.commands.put_person import PutPerson
from engine.commands.release_task import ReleaseTask
from engine.commands.reschedule import Reschedule
from engine.commands.resume_instance import ResumeInstance
from engine.commands.save_draft import SaveDraft
from engine.commands.start_process import StartProcess
from engine.commands.suspend_instance import SuspendInstance
from engine.commands.transfer_task import TransferTask
from engine.db.models import breach, case_file, command, draft, inbox, instance, job, notice, submission, user_task
from engine.errors import BusinessKeyTaken, CaseClosed, Forbidden, Suspended
from engine.executor import Engine
from tests.factories import ADMIN, CALL, COLLEAGUE, MANAGER, OUTSIDER, SPECIALIST, deploy, start

MORNING = datetime(2025, 9, 26, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
SETTLED = {"result": "settled"}


@pytest.fixture
def case(engine: Engine) -> str:
    """A case that was started in the morning."""
    with clock.hold(MORNING):
        deploy(engine)
        return start(engine)


def column(engine: Engine, *columns: Any) -> list[Any]:
    with engine.read() as connection:
        found = connection.execute(sa.select(*columns))
        return [tuple(row) if len(columns) > 1 else row[0] for row in found]


def task_of(engine: Engine) -> str:
    return str(column(engine, user_task.c.id)[0])


def sound(engine: Engine) -> bool:
    """Projections equal a rebuild, the chains hold, every case replays."""
    with engine.read() as connection:
        cases = connection.scalars(sa.select(instance.c.id)).all()
        faults = [*log.verify(connection)]
        return not any(
            [*faults, *rebuild.compare(connection, case), *replay.replay(connection, case)] for case in cases
        )


def test_a_suspended_case_rests_and_its_deadlines_move_by_the_time_held(engine: Engine, case: str) -> None:
    with clock.hold(MORNING + HOUR):
        engine.execute(SuspendInstance(case_id=case, reason="等配件"), MANAGER)
    with clock.hold(MORNING + 10 * HOUR):
        worker.run_due(engine)
        with pytest.raises(Suspended):
            engine.execute(CompleteTask(task_id=task_of(engine), values=SETTLED), SPECIALIST)
    with clock.hold(MORNING + 25 * HOUR):
        engine.execute(ResumeInstance(case_id=case), MANAGER)
        worker.run_due(engine)

    assert column(engine, breach.c.id) == []
    assert column(engine, inbox.c.due_at) == [MORNING + 27 * HOUR]
    assert sorted(column(engine, job.c.kind, job.c.status)) == [("reminder", "ready"), ("timer", "ready")]
    assert sound(engine)


def test_a_moved_appointment_moves_the_due_time(engine: Engine, case: str) -> None:
    timer = column(engine, job.c.id, job.c.kind)
    timer_id = next(key for key, kind in timer if kind == "timer")

    with clock.hold(MORNING + HOUR):
        moved = Reschedule(case_id=case, timer_id=timer_id, due_at=MORNING + 8 * HOUR, reason="客户改约")
        engine.execute(moved, MANAGER)

    assert column(engine, inbox.c.due_at) == [MORNING + 8 * HOUR]
    assert column(engine, user_task.c.due_at, user_task.c.revision) == [(MORNING + 8 * HOUR, 2)]
    assert sound(engine)


def test_a_claimed_task_stays_with_its_assignee_when_its_due_time_moves(engine: Engine, case: str) -> None:
    timer_id = next(key for key, kind in column(engine, job.c.id, job.c.kind) if kind == "timer")
    with clock.hold(MORNING):
        engine.execute(ClaimTask(task_id=task_of(engine)), SPECIALIST)
        engine.execute(Reschedule(case_id=case, timer_id=timer_id, due_at=MORNING + 8 * HOUR, reason="改约"), MANAGER)

    assert column(engine, inbox.c.principal, inbox.c.due_at) == [("person:1", MORNING + 8 * HOUR)]
    assert sound(engine)


def test_a_cancelled_case_leaves_nothing_open(engine: Engine, case: str) -> None:
    with clock.hold(MORNING):
        engine.execute(CancelInstance(case_id=case, reason="重复登记"), MANAGER)

    assert column(engine, instance.c.status, instance.c.end_state) == [("cancelled", "cancelled")]
    assert column(engine, inbox.c.task_id) == column(engine, job.c.id) == []
    assert column(engine, user_task.c.cancelled_at) == [MORNING]
    assert sound(engine)
    with pytest.raises(CaseClosed):
        engine.execute(CancelInstance(case_id=case, reason="再次"), MANAGER)


def test_only_the_manager_directs_a_case(engine: Engine, case: str) -> None:
    with clock.hold(MORNING), pytest.raises(Forbidden):
        engine.execute(CancelInstance(case_id=case, reason="?"), SPECIALIST)


def test_a_comment_is_kept_beside_the_log(engine: Engine, case: str) -> None:
    with clock.hold(MORNING):
        engine.execute(Comment(case_id=case, text="客户下午在家"), COLLEAGUE)
        with pytest.raises(Forbidden):
            engine.execute(Comment(case_id=case, text="?"), OUTSIDER)

    assert {"text": "客户下午在家"} in column(engine, submission.c["values"])
    assert "客户" not in str(column(engine, command.c.body))
    assert sound(engine)


def test_a_file_belongs_to_its_case(engine: Engine, case: str) -> None:
    photo = AttachFile(case_id=case, digest="ab" * 32, name="墙面.jpg", size_bytes=7, media_type="image/jpeg")

    with clock.hold(MORNING):
        engine.execute(photo, SPECIALIST)

    assert column(engine, case_file.c.name, case_file.c.hash) == [("墙面.jpg", bytes.fromhex("ab" * 32))]


def test_a_task_is_handed_over_and_back(engine: Engine, case: str) -> None:
    engine.execute(PutPerson(username="ding_nan", name="丁楠", groups=["service_specialist"]), ADMIN)
    task = task_of(engine)
    with clock.hold(MORNING):
        engine.execute(ClaimTask(task_id=task), SPECIALIST)
        engine.execute(TransferTask(task_id=task, to="person:1", reason="请代办"), SPECIALIST)
        told = column(engine, notice.c.principal, notice.c.code)
        engine.execute(ReleaseTask(task_id=task), SPECIALIST)

    assert told == [("person:1", "notice.transferred")]
    assert column(engine, inbox.c.principal) == ["group:service_specialist"]
    assert column(engine, user_task.c.assignee, user_task.c.revision) == [(None, 4)]
    assert sound(engine)


def test_a_draft_goes_with_its_task(engine: Engine, case: str) -> None:
    task = task_of(engine)
    with clock.hold(MORNING):
        engine.execute(SaveDraft(task_id=task, values={"words": "写到一半"}), SPECIALIST)
        engine.execute(SaveDraft(task_id=task, values={"words": "写完了"}), SPECIALIST)
        kept = column(engine, draft.c["values"])
        engine.execute(CompleteTask(task_id=task, values=SETTLED), SPECIALIST)

    assert kept == [{"words": "写完了"}]
    assert column(engine, draft.c.task_id) == []


def test_a_business_key_is_given_once(engine: Engine, case: str) -> None:
    engine.execute(StartProcess(procedure="one-task", values=CALL, business_key="A-1"), SPECIALIST)

    with pytest.raises(BusinessKeyTaken):
        engine.execute(StartProcess(procedure="one-task", values=CALL, business_key="A-1"), SPECIALIST)


def test_who_is_no_starter_starts_nothing(engine: Engine, case: str) -> None:
    with pytest.raises(Forbidden):
        engine.execute(StartProcess(procedure="one-task", values=CALL), OUTSIDER)
