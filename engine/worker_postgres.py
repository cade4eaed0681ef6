"""Spread due jobs over any number of worker processes on PostgreSQL, through Procrastinate.

The rows of `job` are the truth; Procrastinate only carries batches of their ids to whoever has time. One worker leads
(an advisory lock says who) and hands out what is due. A batch that is not finished within its lease is handed out
again: what was done of it is gone from `job`, so nothing is done twice. Losing Procrastinate's tables loses nothing.
"""

import asyncio
import os
import socket
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from importlib.metadata import version
from itertools import groupby

import procrastinate
import psycopg
import sqlalchemy as sa
import structlog
from procrastinate.jobs import Status
from procrastinate.schema import SchemaManager
from procrastinate.types import JSONDict, JSONValue

from engine import cases, clock, jobs, nightly, worker
from engine.db.models import job
from engine.db.session import Store
from engine.executor import Engine
from engine.jobs import Job

BATCH = 20  # jobs: about a tenth of a second of work
MOST_OUT = 300  # jobs handed out at once: done well within a lease
BATCHES_AT_ONCE = 4  # per process; half of a job's time is waiting for the database
LEASE = timedelta(seconds=5)
STALLED = timedelta(seconds=30)
QUEUE, SCHEMA = "jobs", "procrastinate"
LEADER = 0x72656E6F  # the advisory lock of who hands out
# A leader whose machine lost its power must lose the lock soon; by default the server would wait two hours.
_KEEPALIVES = ("tcp_keepalives_idle = 5", "tcp_keepalives_interval = 2", "tcp_keepalives_count = 3")
LOG = structlog.get_logger("worker")


def prepare(url: str) -> None:
    """Make Procrastinate's tables, anew where another release of it made them: they hold nothing of their own."""
    release = version("procrastinate")
    with psycopg.connect(_conninfo(url), options=f"-c search_path={SCHEMA}") as connection:
        found = connection.execute("SELECT obj_description(to_regnamespace(%s), 'pg_namespace')", [SCHEMA]).fetchone()
        if found == (release,):
            return
        connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}")
        connection.execute(SchemaManager.get_schema())
        connection.execute(psycopg.sql.SQL("COMMENT ON SCHEMA procrastinate IS {}").format(release))


def run(engine: Engine) -> None:
    """Work until a signal says to stop; batches at hand are finished first."""
    nightly.ensure(engine)
    asyncio.run(_run(engine))


async def _run(engine: Engine) -> None:
    connector = procrastinate.PsycopgConnector(
        conninfo=_conninfo(engine.settings.url), kwargs={"options": f"-c search_path={SCHEMA}"}
    )
    app = procrastinate.App(connector=connector)

    @app.task(name="perform", queue=QUEUE)
    def perform_batch(ids: list[str]) -> None:
        perform(engine, ids)

    leader = Leader(engine.store)
    async with app.open_async():
        leading = asyncio.create_task(_lead(app, leader))
        try:
            await app.run_worker_async(
                queues=[QUEUE],
                name=f"{socket.gethostname()}:{os.getpid()}",
                concurrency=BATCHES_AT_ONCE,
                delete_jobs="always",
                fetch_job_polling_interval=1.0,
            )
        finally:
            leading.cancel()
            leader.resign()


async def _lead(app: procrastinate.App, leader: "Leader") -> None:
    """Hand out what is due each tick; while another leads, find out each tick whether it still does."""
    swept = time.monotonic()
    while True:
        try:
            batches = await asyncio.to_thread(leader.batches, clock.now())
            if batches:
                sent: list[JSONDict] = [{"ids": list[JSONValue](ids)} for ids in batches]
                await app.tasks["perform"].batch_defer_async(*sent)
            if leader.leads and time.monotonic() - swept > STALLED.total_seconds():
                swept = time.monotonic()
                await _sweep(app)
        except (sa.exc.DBAPIError, psycopg.Error, procrastinate.exceptions.ConnectorException):
            LOG.exception("worker.leading_failed")
            leader.resign()
        await asyncio.sleep(worker.TICK.total_seconds())


async def _sweep(app: procrastinate.App) -> None:
    """Forget the batches of workers that are gone; their jobs were handed out again long ago."""
    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED.total_seconds())
    for batch in stalled:
        assert batch.id is not None
        await app.job_manager.finish_job_by_id_async(job_id=batch.id, status=Status.FAILED, delete_job=True)


class Leader:
    """Knows what was handed out and until when; a new leader knows nothing, which costs only repeats."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection: sa.Connection | None = None
        self._out: dict[tuple[str, datetime], datetime] = {}  # (job id, due) → end of its lease

    @property
    def leads(self) -> bool:
        """Whether this process holds the lock of the leader."""
        return self._connection is not None

    def batches(self, now: datetime) -> list[list[str]]:
        """What is due and not out with a worker, as lists of job ids; nothing while another leads."""
        if self._connection is None and not self._stand():
            return []
        assert self._connection is not None
        due = jobs.due(self._connection, now, MOST_OUT)
        self._out = {key: end for key, end in self._out.items() if end > now}
        fresh = [one for one in due if (one.id, one.due_at) not in self._out]
        self._out |= {(one.id, one.due_at): now + LEASE for one in fresh}
        return list(in_batches(fresh))

    def _stand(self) -> bool:
        connection = self._store.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if connection.scalar(sa.select(sa.func.pg_try_advisory_lock(LEADER))):
            for keepalive in _KEEPALIVES:
                connection.exec_driver_sql(f"SET {keepalive}")
            self._connection = connection
            self._out = {}
            LOG.info("worker.leads")
            return True
        connection.close()
        return False

    def resign(self) -> None:
        """Give the lock back; the server alone would do it only some time after the connection is closed."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            with suppress(sa.exc.DBAPIError):  # the server is gone, and the lock with it
                connection.execute(sa.select(sa.func.pg_advisory_unlock(LEADER)))
            connection.invalidate()
            connection.close()


def in_batches(due: Sequence[Job]) -> Iterable[list[str]]:
    """Cut jobs into batches, those of one case together: they would only wait for one another."""

    def together(one: Job) -> str:
        return one.stream if cases.is_case(one.stream) else one.id

    order = {key: place for place, key in reversed(list(enumerate(map(together, due))))}
    batch: list[str] = []
    for _, group in groupby(sorted(due, key=lambda one: order[together(one)]), key=together):
        batch += [one.id for one in group]
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def perform(engine: Engine, ids: Sequence[str]) -> None:
    """Perform those jobs of a batch that are still there and due."""
    rows = sa.select(job).where(job.c.id.in_(list(ids)), job.c.status == jobs.READY, job.c.due_at <= clock.now())
    with engine.read() as connection:
        found = [Job(**row) for row in connection.execute(rows.order_by(job.c.due_at, job.c.id)).mappings()]
    for one in found:
        worker.perform(engine, one)


def _conninfo(url: str) -> str:
    return sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
