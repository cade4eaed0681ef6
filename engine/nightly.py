"""Every night: prove the record, re-execute some cases, seal the day. What is found becomes an incident and notices.

The job puts the one of the next night before it begins, so that a night that fails takes none of the later ones along;
after a downtime it is done once.
"""

import random
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine import audit, clock, jobs, seals
from engine.actor import ADMINISTRATOR, AUDITOR
from engine.audit import OLDER_EPOCH, Flaw
from engine.clock import OFFICE
from engine.commands.make_seal import MakeSeal
from engine.db.models import job, notice, person, proof
from engine.errors import RecordAltered
from engine.executor import Engine
from engine.jobs import Job

KIND = STREAM = "nightly"
LEASE = timedelta(hours=1)  # longer than the proof of any database that we know
MOST_FLAWS = 100  # that a proof's row lists


def ensure(engine: Engine) -> None:
    """Put the job of the next night where none waits."""
    with engine.store.write() as connection:
        waiting = sa.select(job.c.id).where(job.c.kind == KIND, job.c.status == jobs.READY)
        if connection.scalar(waiting.limit(1)) is None:
            _put_next(connection, engine, clock.now())
            connection.commit()


def perform(engine: Engine, one: Job) -> None:
    """Prove and seal.

    Raises:
        RecordAltered: The proof found something; the day was sealed all the same.
    """
    now = clock.now()
    with engine.store.write() as connection:
        if not jobs.lease(connection, one, now, LEASE):
            return
        _put_next(connection, engine, now)
        connection.commit()
    flaws = prove(engine, job_id=one.id)
    engine.perform(MakeSeal(day=now.astimezone(OFFICE).date() - timedelta(days=1)))
    with engine.read() as connection:
        seals.write_file(connection, engine.settings)
    if flaws:
        raise RecordAltered(count=len(flaws))
    with engine.store.write() as connection:
        jobs.remove(connection, one.id)
        connection.commit()


def prove(engine: Engine, *, job_id: str) -> list[Flaw]:
    """Verify everything, re-execute some cases, and keep what was found; auditors and administrators are told."""
    began = clock.now()
    with engine.snapshot() as connection:
        flaws = audit.verify(connection, settings=engine.settings)
        commands = audit.commands(connection)
        known = audit.cases(connection)
        drawn = random.sample(known, min(len(known), engine.settings.nightly_cases))
        for case_id in drawn:
            flaws += [flaw for flaw in audit.examine(connection, case_id)[1] if flaw.code != OLDER_EPOCH]
    flaws = list(dict.fromkeys(flaws))
    row = {"at": began, "ended_at": clock.now(), "commands": commands, "cases": len(drawn), "found": len(flaws)}
    with engine.store.write() as connection:
        number = (connection.scalar(sa.select(sa.func.max(proof.c.number))) or 0) + 1
        kept = [flaw.as_json() for flaw in flaws[:MOST_FLAWS]]
        connection.execute(proof.insert(), row | {"number": number, "flaws": kept})
        if flaws:
            _tell(connection, job_id, len(flaws), clock.now())
        connection.commit()
    return flaws


def _put_next(connection: sa.Connection, engine: Engine, after: datetime) -> None:
    at = time.fromisoformat(engine.settings.nightly_at)
    day = after.astimezone(OFFICE).date()
    due = datetime.combine(day, at, OFFICE)
    if due <= after:
        due = datetime.combine(day + timedelta(days=1), at, OFFICE)
    key = uuid5(UUID(int=0), f"{KIND}:{due.isoformat()}").hex
    row = {"id": key, "stream": STREAM, "kind": KIND, "args": {}, "due_at": due}
    connection.execute(_insert(connection, job).on_conflict_do_nothing(), row)


def _tell(connection: sa.Connection, job_id: str, count: int, now: datetime) -> None:
    rows = connection.execute(sa.select(person.c.id, person.c.roles).where(person.c.active))
    told = [f"person:{row.id}" for row in rows if {ADMINISTRATOR, AUDITOR} & set(row.roles)]
    notices = [
        {
            "principal": principal,
            "at": now,
            "id": uuid5(UUID(hex=job_id), principal).hex,
            "code": "notice.record_altered",
            "parameters": {"count": count},
        }
        for principal in told
    ]
    if notices:  # a proof that is tried again tells nobody twice
        connection.execute(_insert(connection, notice).on_conflict_do_nothing(), notices)


def _insert(connection: sa.Connection, table: sa.Table) -> Any:
    return (sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert)(table)
