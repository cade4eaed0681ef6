"""Jobs: performed once, in order, kept back where they fail, given up in the end."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine import clock, jobs, rebuild, replay, worker
from engine.commands.correlate_message import CorrelateMessage
from engine.commands.resolve_incident import ResolveIncident
from engine.commands.retry_job import RetryJob
from engine.db.models import breach, command, instance, job, message, notice, user_task
from engine.executor import Engine
from engine.service_tasks.registry import OPERATIONS, Occasion, operation
from tests.factories import ADMIN, SPECIALIST, deploy, start

MORNING = datetime(2025, 9, 26, 1, tzinfo=UTC)


class PostOffice:
    """Stands for the world outside: takes letters, or is closed."""

    def __init__(self) -> None:
        self.closed = False
        self.taken: list[tuple[str, str]] = []


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """The operation `post_letter`, performed by a job."""
    office = PostOffice()

    def post_letter(occasion: Occasion, parcel: str) -> dict[str, Any]:
        if office.closed:
            raise ConnectionError("the post office is closed")
        office.taken.append((parcel, occasion.key))
        return {"stamp": len(office.taken)}

    operation(parameters={"parcel": True}, job=True)(post_letter)
    yield office
    del OPERATIONS["post_letter"]


def column(engine: Engine, *columns: Any) -> list[Any]:
    with engine.read() as connection:
        found = connection.execute(sa.select(*columns))
        return [tuple(row) if len(columns) > 1 else row[0] for row in found]


def ordered(engine: Engine) -> str:
    """A case that was started by a message and has posted its letter."""
    with clock.hold(MORNING):
        deploy(engine, "errand")
        done = engine.execute(CorrelateMessage(name="order", payload={"parcel": "a"}), ADMIN)
        worker.run_due(engine)
    return done.stream


def sound(engine: Engine) -> bool:
    """Projections equal a rebuild and every case replays."""
    with engine.read() as connection:
        cases = connection.scalars(sa.select(instance.c.id)).all()
        return not any([*rebuild.compare(connection, case), *replay.replay(connection, case)] for case in cases)


def test_a_timer_fires_after_its_due_instant_not_at_it(engine: Engine) -> None:
    deploy(engine)
    with clock.hold(MORNING):
        start(engine)

    with clock.hold(MORNING + timedelta(hours=3)):
        worker.run_due(engine)
    at_the_instant = column(engine, breach.c.deadline)
    with clock.hold(MORNING + timedelta(hours=3, microseconds=1)):
        worker.run_due(engine)

    assert at_the_instant == []
    assert column(engine, breach.c.deadline, breach.c.due_at) == [("T-01", MORNING + timedelta(hours=3))]


def test_after_downtime_what_was_missed_fires_once_at_its_due_time(engine: Engine) -> None:
    deploy(engine)
    for minutes in (10, 0):
        with clock.hold(MORNING + timedelta(minutes=minutes)):
            start(engine)

    with clock.hold(MORNING + timedelta(days=2)):
        worker.run_due(engine)
        worker.run_due(engine)

    fired = sa.select(command.c.at).where(command.c.kind == "fire_timer").order_by(command.c.at)
    with engine.read() as connection:
        assert list(connection.scalars(fired)) == [
            MORNING + timedelta(hours=3),
            MORNING + timedelta(hours=3, minutes=10),
        ]
    assert sound(engine)


def test_a_reminder_reaches_who_may_take_the_task(engine: Engine) -> None:
    deploy(engine)
    with clock.hold(MORNING):
        start(engine)

    with clock.hold(MORNING + timedelta(hours=2, minutes=30)):
        worker.run_due(engine)

    assert column(engine, notice.c.principal, notice.c.code) == [("group:service_specialist", "notice.reminder")]


def test_an_operation_that_leaves_the_database_is_performed_by_a_job(engine: Engine, office: PostOffice) -> None:
    case = ordered(engine)

    assert [parcel for parcel, _ in office.taken] == ["a"]
    assert column(engine, job.c.id) == []
    with engine.read() as connection:
        kinds = connection.scalars(sa.select(command.c.kind).where(command.c.stream == case).order_by(command.c.seq))
        assert list(kinds) == ["correlate_message", "complete_service_task"]
    assert sound(engine)


def test_a_failing_operation_is_tried_again_and_then_given_up(engine: Engine, office: PostOffice) -> None:
    office.closed = True
    ordered(engine)

    now = MORNING
    for _ in range(12):
        now += timedelta(hours=2)
        with clock.hold(now):
            worker.run_due(engine)

    assert column(engine, job.c.kind, job.c.status, job.c.tries) == [("call", "incident", 10)]
    assert "fail_job" in column(engine, command.c.kind)


def test_an_incident_can_be_retried(engine: Engine, office: PostOffice) -> None:
    test_a_failing_operation_is_tried_again_and_then_given_up(engine, office)
    office.closed = False

    with clock.hold(MORNING + timedelta(days=2)):
        engine.execute(RetryJob(job_id=column(engine, job.c.id)[0]), ADMIN)
        worker.run_due(engine)

    assert column(engine, job.c.id) == []
    assert sound(engine)


def test_an_incident_can_be_settled_by_hand(engine: Engine, office: PostOffice) -> None:
    test_a_failing_operation_is_tried_again_and_then_given_up(engine, office)

    with clock.hold(MORNING + timedelta(days=2)):
        settled = ResolveIncident(job_id=column(engine, job.c.id)[0], reason="亲自送达", result={"stamp": 7})
        engine.execute(settled, ADMIN)

    assert column(engine, job.c.id) == []
    assert sound(engine)


def test_a_crash_between_sending_and_reporting_repeats_with_the_same_key(engine: Engine, office: PostOffice) -> None:
    with clock.hold(MORNING):
        deploy(engine, "errand")
        engine.execute(CorrelateMessage(name="order", payload={"parcel": "a"}), ADMIN)
        with engine.store.write() as connection:  # performed outside, then the process died
            (one,) = jobs.due(connection, MORNING, 10)
            jobs.lease(connection, one, MORNING)
            connection.commit()
        office.taken.append(("a", one.id))
        worker.run_due(engine)
    before_the_lease_ended = len(office.taken)

    with clock.hold(MORNING + jobs.LEASE):
        worker.run_due(engine)

    assert before_the_lease_ended == 1
    assert {key for _, key in office.taken} == {one.id}
    assert column(engine, job.c.id) == []


def test_a_message_reaches_the_case_that_waits_for_its_key(engine: Engine, office: PostOffice) -> None:
    case = ordered(engine)

    with clock.hold(MORNING + timedelta(hours=1)):
        other = engine.execute(CorrelateMessage(name="reply", key="b"), ADMIN)
        right = engine.execute(CorrelateMessage(name="reply", key="a", payload={"good": True}), ADMIN)

    assert (other.seq, right.stream) == (0, case)
    assert column(engine, user_task.c.element) == ["read_reply"]
    assert sound(engine)


def test_a_message_that_came_too_early_is_kept_until_somebody_waits(engine: Engine, office: PostOffice) -> None:
    with clock.hold(MORNING):
        deploy(engine, "errand")
        engine.execute(CorrelateMessage(name="reply", key="a"), ADMIN)
        case = engine.execute(CorrelateMessage(name="order", payload={"parcel": "a"}), ADMIN).stream
        worker.run_due(engine)

    assert column(engine, message.c.receiver) == [case]
    assert column(engine, user_task.c.element) == ["read_reply"]
    assert sound(engine)


def test_a_message_that_nobody_wants_becomes_an_incident(engine: Engine) -> None:
    with clock.hold(MORNING):
        engine.execute(CorrelateMessage(name="reply", key="a"), ADMIN)

    with clock.hold(MORNING + timedelta(days=31)):
        worker.run_due(engine)

    assert column(engine, job.c.kind, job.c.status, job.c.error) == [
        ("message_expiry", "incident", "message.unreceived")
    ]


def test_time_may_pass_job_by_job(engine: Engine) -> None:
    deploy(engine)
    with clock.hold(MORNING):
        start(engine, actor=SPECIALIST)

    worker.run_until(engine, MORNING + timedelta(days=1))

    told = column(engine, notice.c.code, notice.c.at)
    assert ("notice.reminder", MORNING + timedelta(hours=2.4)) in told
    assert ("notice.breach", MORNING + timedelta(hours=3)) in told
