"""Every night: prove the record, re-execute some cases, seal the day. What is found becomes an incident and notices.

The job puts the one of the next night before it begins, so that a night that fails takes none of the later ones along;
after a downtime it is done once.
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine import clock, jobs, proving, seals
from engine.clock import OFFICE
from engine.commands.make_seal import MakeSeal
from engine.db.models import job
from engine.errors import RecordAltered
from engine.executor import Engine
from engine.jobs import Job

KIND = STREAM = "nightly"
LEASE = timedelta(hours=1)  # longer than the proof of any database that we know


def ensure(engine: Engine) -> None:
    """Put the job of the next night where none waits."""
    with engine.store.write() as connection:
        waiting = sa.select(job.c.id).where(job.c.kind == KIND, job.c.status == jobs.READY)
        if connection.scalar(waiting.limit(1)) is None:
            _put_next(connection, engine, clock.now())
            connection.commit()


def perform(engine: Engine, one: Job, meanwhile: Callable[[], object] = lambda: None) -> None:
    """Prove and seal; `meanwhile` is called now and then.

    Raises:
        RecordAltered: The proof found something; the day was sealed all the same.
    """
    now = clock.now()
    with engine.store.write() as connection:
        if not jobs.lease(connection, one, now, LEASE):
            return
        _put_next(connection, engine, now)
        connection.commit()
    flaws = proving.prove(engine, occasion=one.id, progress=proving.quietly(meanwhile))
    engine.perform(MakeSeal(day=now.astimezone(OFFICE).date() - timedelta(days=1)))
    with engine.read() as connection:
        seals.write_file(connection, engine.settings)
    if flaws:
        raise RecordAltered(count=len(flaws))
    with engine.store.write() as connection:
        jobs.remove(connection, one.id)
        connection.commit()


def _put_next(connection: sa.Connection, engine: Engine, after: datetime) -> None:
    at = time.fromisoformat(engine.settings.nightly_at)
    day = after.astimezone(OFFICE).date()
    due = datetime.combine(day, at, OFFICE)
    if due <= after:
        due = datetime.combine(day + timedelta(days=1), at, OFFICE)
    key = uuid5(UUID(int=0), f"{KIND}:{due.isoformat()}").hex
    row = {"id": key, "stream": STREAM, "kind": KIND, "args": {}, "due_at": due}
    connection.execute(_insert(connection, job).on_conflict_do_nothing(), row)


def _insert(connection: sa.Connection, table: sa.Table) -> Any:
    return (sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert)(table)
