"""Jobs on PostgreSQL: handed out by one leader, spread over processes that may die, done once."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from engine import clock, worker_postgres
from engine.db.models import breach, command, job
from engine.executor import Engine
from engine.jobs import Job
from engine.worker_postgres import BATCH, LEASE, Leader
from tests.factories import deploy, start

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("database_url", [pytest.param("postgresql")], indirect=True),
]
MORNING = datetime(2025, 9, 26, 1, tzinfo=UTC)
LATER = MORNING + timedelta(hours=4)
LONGEST_WAIT = timedelta(seconds=90)


def breached(engine: Engine, cases: int) -> None:
    """Cases whose deadline has passed, without reminders."""
    with clock.hold(MORNING):
        deploy(engine)
        for _ in range(cases):
            start(engine)
    with engine.store.write() as connection:
        connection.execute(job.delete().where(job.c.kind == "reminder"))
        connection.commit()


def count(engine: Engine, table: sa.Table) -> int:
    with engine.read() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait for other processes, at most LONGEST_WAIT."""
    end = time.monotonic() + LONGEST_WAIT.total_seconds()
    while not holds():
        assert time.monotonic() < end, f"not in time: {what}"
        time.sleep(0.02)


@pytest.fixture
def held_timers(engine: Engine) -> None:
    """300 timers that are due as soon as they are released."""
    breached(engine, 300)
    with engine.store.write() as connection:
        connection.execute(job.update().values(status="held"))
        connection.commit()


@pytest.fixture
def workers(engine: Engine) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Two worker processes that have begun to work."""
    environ = os.environ | {"RENOFLOW_DATABASE_URL": engine.settings.url}
    run = [sys.executable, "-c", "from engine.cli import main; main()", "worker"]
    worker_postgres.prepare(engine.settings.url)
    processes = [subprocess.Popen(run, env=environ, stderr=subprocess.DEVNULL) for _ in range(2)]
    ready = sa.text("SELECT count(*) FROM procrastinate.procrastinate_workers")

    def both_work() -> bool:
        with engine.read() as connection:
            return connection.scalar(ready) == 2

    try:
        until(both_work, "two workers")
        yield processes
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(LONGEST_WAIT.total_seconds())


@pytest.mark.slow
def test_of_two_workers_one_dies_and_each_of_300_timers_fires_once(
    engine: Engine, held_timers: None, workers: list[subprocess.Popen[bytes]]
) -> None:
    with engine.store.write() as connection:
        connection.execute(job.update().values(status="ready"))
        connection.commit()

    until(lambda: count(engine, breach) >= 100, "a third of the timers")
    workers[0].kill()
    until(lambda: count(engine, job) == 1, "all timers; the proof of the coming night waits")

    with engine.read() as connection:
        fired = sa.select(sa.func.count(), sa.func.count(command.c.stream.distinct()))
        assert connection.execute(fired.where(command.c.kind == "fire_timer")).one() == (300, 300)
    assert count(engine, breach) == 300


def test_a_worker_told_to_stop_ends_well(workers: list[subprocess.Popen[bytes]]) -> None:
    for process in workers:
        process.terminate()

    assert [process.wait(LONGEST_WAIT.total_seconds()) for process in workers] == [0, 0]


def test_only_one_leads_and_the_next_takes_over(engine: Engine) -> None:
    breached(engine, 1)
    first, second = Leader(engine.store), Leader(engine.store)

    assert [len(ids) for ids in first.batches(LATER)] == [1]
    assert second.batches(LATER) == []
    first.resign()
    assert [len(ids) for ids in second.batches(LATER)] == [1]
    second.resign()


def test_what_is_out_is_handed_out_again_after_its_lease(engine: Engine) -> None:
    breached(engine, BATCH + 1)
    leader = Leader(engine.store)

    assert [len(ids) for ids in leader.batches(LATER)] == [BATCH, 1]
    assert leader.batches(LATER + LEASE - timedelta(seconds=1)) == []
    assert [len(ids) for ids in leader.batches(LATER + LEASE)] == [BATCH, 1]
    leader.resign()


def test_a_repeated_batch_does_nothing(engine: Engine) -> None:
    breached(engine, 2)
    leader = Leader(engine.store)
    (ids,) = leader.batches(LATER)
    leader.resign()

    with clock.hold(LATER):
        worker_postgres.perform(engine, ids)
        commands = count(engine, command)
        worker_postgres.perform(engine, ids)

    assert (count(engine, breach), count(engine, command)) == (2, commands)


def test_jobs_of_one_case_stay_together_and_others_do_not(database_url: str) -> None:
    def made(number: int, stream: str) -> Job:
        values = {"kind": "timer", "args": {}, "due_at": MORNING, "tries": 0, "error": None, "status": "ready"}
        return Job(id=str(number), stream=stream, **values)  # type: ignore[arg-type]

    case = "a" * 32
    due = [made(0, case), *(made(number, "messages") for number in range(1, 2 * BATCH)), made(2 * BATCH, case)]

    batches = list(worker_postgres.in_batches(due))

    assert batches[0][:2] == ["0", str(2 * BATCH)]
    assert [len(batch) for batch in batches] == [BATCH, BATCH, 1]


def test_the_tables_of_another_release_of_procrastinate_are_made_anew(engine: Engine) -> None:
    worker_postgres.prepare(engine.settings.url)
    with engine.store.write() as connection:
        connection.execute(sa.text("COMMENT ON SCHEMA procrastinate IS '0.0.1'"))
        connection.execute(sa.text("DROP TABLE procrastinate.procrastinate_events"))
        connection.commit()

    worker_postgres.prepare(engine.settings.url)

    with engine.read() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM procrastinate.procrastinate_events")) == 0
