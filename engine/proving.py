"""Prove the whole record: verify everything, re-execute cases, keep what was found, tell whom it concerns.

Done every night (engine.nightly), and when an auditor asks for it: then the job's row says how far it has come, so that
every process's pages can show it. What falls due meanwhile is done in between, where one loop does it all.
"""

import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine import access, audit, clock, jobs
from engine.actor import ADMINISTRATOR, AUDITOR
from engine.audit import OLDER_EPOCH, Flaw
from engine.db.models import job, notice, person, proof
from engine.executor import Engine
from engine.jobs import Job

LEASE = timedelta(minutes=5)  # renewed with each report of progress
MOST_FLAWS = 100  # that a proof's row lists
TOLD_EACH = 1.0  # seconds between two reports of progress
MEANWHILE_EACH = 0.25
Progress = Callable[[str, int, int], None]  # (phase, seen, total)


def perform(engine: Engine, one: Job, meanwhile: Callable[[], object] = lambda: None) -> None:
    """Prove what an auditor asked for; `meanwhile` is called now and then."""
    with engine.store.write() as connection:
        if not jobs.lease(connection, one, clock.now(), LEASE):
            return
        connection.commit()
    prove(
        engine,
        occasion=f"{one.id}:{one.due_at.isoformat()}",
        every=bool(one.args.get("every")),
        asked_by=one.args.get("by"),
        progress=_each(TOLD_EACH, lambda *told: _note(engine, one, *told), _each(MEANWHILE_EACH, meanwhile)),
    )
    with engine.store.write() as connection:
        jobs.remove(connection, one.id)
        connection.commit()


def quietly(meanwhile: Callable[[], object]) -> Progress:
    """A report of progress that nobody reads, but that lets what falls due be done in between."""
    often = _each(MEANWHILE_EACH, meanwhile)
    return lambda phase, seen, total: often()


def prove(
    engine: Engine,
    *,
    occasion: str,
    every: bool = False,
    asked_by: str | None = None,
    progress: Progress = lambda phase, seen, total: None,
) -> list[Flaw]:
    """Verify everything, re-execute cases, keep what was found; auditors and administrators are told of flaws.

    Args:
        occasion: Told once of each.
        every: Re-execute all cases, not only some drawn by lot.
        asked_by: Principal key; None: the night.
        progress: Told (phase "verify" or "replay", seen, total).
    """
    engine.access.flush()
    began = clock.now()
    with engine.snapshot() as connection, audit.lenient(connection):
        total = audit.rows(connection)
        progress("verify", 0, total)
        flaws = audit.verify(
            connection, settings=engine.settings, progress=lambda seen: progress("verify", seen, total)
        )
        counted = {"commands": audit.commands(connection), "accesses": access.count(connection)}
        known = audit.cases(connection)
        drawn = known if every else random.sample(known, min(len(known), engine.settings.nightly_cases))
        for number, case_id in enumerate(drawn):
            progress("replay", number, len(drawn))
            flaws += [flaw for flaw in audit.examine(connection, case_id)[1] if flaw.code != OLDER_EPOCH]
    flaws = sorted(dict.fromkeys(flaws), key=lambda flaw: flaw.case is None)  # what concerns cases is listed first
    row = {"at": began, "ended_at": clock.now(), **counted, "cases": len(drawn), "found": len(flaws)}
    with engine.store.write() as connection:
        number = (connection.scalar(sa.select(sa.func.max(proof.c.number))) or 0) + 1
        kept = [flaw.as_json() for flaw in flaws[:MOST_FLAWS]]
        connection.execute(proof.insert(), row | {"number": number, "flaws": kept, "asked_by": asked_by})
        if flaws:
            _tell(connection, occasion, len(flaws), clock.now())
        connection.commit()
    return flaws


def _each(
    seconds: float, do: Callable[..., object], besides: Callable[[], object] = lambda: None
) -> Callable[..., None]:
    """Do something when the first argument has changed, and else once in so many seconds at most."""
    last: list[Any] = [(), time.monotonic()]

    def now_and_then(*told: Any) -> None:
        if told[:1] != last[0] or time.monotonic() - last[1] >= seconds:
            last[:] = told[:1], time.monotonic()
            do(*told)
        besides()

    return now_and_then


def _note(engine: Engine, one: Job, phase: str, seen: int, total: int) -> None:
    """Write down how far the proof has come, and keep others off it for longer."""
    told = {"phase": phase, "seen": seen, "total": total}
    with engine.store.write() as connection:
        values = {"args": {**one.args, **told}, "due_at": clock.now() + LEASE}
        connection.execute(job.update().where(job.c.id == one.id).values(values))
        connection.commit()


def _tell(connection: sa.Connection, occasion: str, count: int, now: datetime) -> None:
    rows = connection.execute(sa.select(person.c.id, person.c.roles).where(person.c.active))
    told = [f"person:{row.id}" for row in rows if {ADMINISTRATOR, AUDITOR} & set(row.roles)]
    notices = [
        {
            "principal": principal,
            "at": now,
            "id": uuid5(UUID(int=0), f"{occasion}:{principal}").hex,
            "code": "notice.record_altered",
            "parameters": {"count": count},
        }
        for principal in told
    ]
    if notices:  # a proof that is tried again tells nobody twice
        insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        connection.execute(insert(notice).on_conflict_do_nothing(), notices)
