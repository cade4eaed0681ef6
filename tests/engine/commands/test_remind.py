"""Reminding of a deadline that is near, and of one that was moved after that."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from engine import clock, worker
from engine.commands.reschedule import Reschedule
from engine.db.models import job, notice
from engine.executor import Engine
from tests.factories import MANAGER, deploy, start

MORNING = datetime(2025, 9, 26, 1, tzinfo=UTC)


def test_a_deadline_that_was_moved_after_its_reminder_is_reminded_of_again(engine: Engine) -> None:
    # given a case whose reminder has gone out, and then another appointment
    deploy(engine)
    with clock.hold(MORNING):
        case = start(engine)
    worker.run_until(engine, MORNING + timedelta(hours=2, minutes=30))
    with engine.read() as connection:
        timer = connection.scalars(sa.select(job.c.id).where(job.c.kind == "timer")).one()
    with clock.hold(MORNING + timedelta(hours=2, minutes=30)):
        due = MORNING + timedelta(hours=8)
        engine.execute(Reschedule(case_id=case, timer_id=timer, due_at=due, reason="客户改约"), MANAGER)

    # when the new reminder falls due
    worker.run_until(engine, due)

    # then both were told
    with engine.read() as connection:
        told = list(connection.scalars(sa.select(notice.c.at).where(notice.c.code == "notice.reminder")))
        incidents = list(connection.scalars(sa.select(job.c.id).where(job.c.error.is_not(None))))
    assert sorted(told) == [MORNING + timedelta(hours=2.4), MORNING + timedelta(hours=6.9)]
    assert incidents == []
