"""Jobs: work put off. Put in the transaction that causes it, taken (deleted) in the one that does it.

A row that is gone is done. A job that fails waits longer each time and becomes an incident (异常) that a person sees.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa

from engine.db.models import job
from engine.db.prepared import Prepared

READY, HELD, INCIDENT = "ready", "held", "incident"
LEASE = timedelta(seconds=60)
PROOF = "proof"  # kind of the job that proves everything on request
PROOF_ID = uuid5(UUID(int=0), PROOF).hex  # one id: only one such proof is made at a time
LEASED = ("call", "aside", "notify", "nightly", PROOF)  # kinds that leave the transaction: the lease counts the try
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=1)

# Spelt out, as a parameter would make SQLite plan anew each time: an index holds the ready ones only.
IS_READY, IS_TIMER = job.c.status == sa.literal_column("'ready'"), job.c.kind == sa.literal_column("'timer'")
_BY_ID = job.c.id == sa.bindparam("of_job")
_TAKEN = job.delete().where(_BY_ID, IS_READY).returning(job.c.id)
_TAKE, _TAKE_DUE = Prepared(_TAKEN), Prepared(_TAKEN.where(job.c.due_at == sa.bindparam("due")))
_DUE = (
    sa.select(job)
    .where(
        IS_READY,
        job.c.due_at <= sa.bindparam("now"),
        # acting at the due instant is on time, so a timer fires only after it
        sa.or_(job.c.kind != "timer", job.c.due_at < sa.bindparam("now")),
    )
    .order_by(job.c.due_at, job.c.id)
    .limit(sa.bindparam("most"))
)
_NEXT_TIMER = (
    sa.select(job.c.id, job.c.due_at, job.c.args)
    .where(
        job.c.stream == sa.bindparam("of_case"),
        IS_TIMER,
        IS_READY,
        job.c.due_at < sa.bindparam("now"),
    )
    .order_by(job.c.due_at, job.c.id)
    .limit(1)
)


@dataclass(frozen=True, kw_only=True)
class Job:
    """A row of `job`."""

    id: str
    stream: str
    kind: str
    args: dict[str, Any]
    due_at: datetime
    tries: int
    error: str | None
    status: str


def wait_after(tries: int) -> timedelta:
    """How long a job that failed for the nth time waits: 5 s, doubled each time, at most an hour."""
    doubled: timedelta = FIRST_WAIT * 2 ** min(tries - 1, 20)
    return min(doubled, LONGEST_WAIT)


def due(connection: sa.Connection, now: datetime, most: int) -> list[Job]:
    """The jobs that are due, longest due first."""
    return [Job(**row) for row in connection.execute(_DUE, {"now": now, "most": most}).mappings()]


def next_timer(connection: sa.Connection, case_id: str, now: datetime) -> tuple[str, datetime] | None:
    """The earliest timer of a case that was due before now: its id and due time."""
    row = connection.execute(_NEXT_TIMER, {"of_case": case_id, "now": now}).one_or_none()
    return (row.id, row.due_at) if row else None


def take(connection: sa.Connection, job_id: str, *, due_at: datetime | None = None) -> bool:
    """Delete a job because this transaction does it; False where it is gone or held, or due at another time."""
    if due_at is None:
        return bool(_TAKE.rows(connection, {"of_job": job_id}))
    return bool(_TAKE_DUE.rows(connection, {"of_job": job_id, "due": due_at}))


def find(connection: sa.Connection, job_id: str) -> Job | None:
    """Load a job under lock; None where it is done."""
    found = connection.execute(sa.select(job).where(_BY_ID).with_for_update(), {"of_job": job_id}).mappings()
    row = found.one_or_none()
    return Job(**row) if row else None


def lease(connection: sa.Connection, one: Job, now: datetime, length: timedelta = LEASE) -> bool:
    """Keep others off a job while it is done outside of a transaction; counts as a try."""
    statement = job.update().where(job.c.id == one.id, job.c.due_at == one.due_at, job.c.status == READY)
    return connection.execute(statement.values(due_at=now + length, tries=one.tries + 1)).rowcount == 1


def fail(connection: sa.Connection, one: Job, error: str, now: datetime, *, most_tries: int) -> bool:
    """Note that a try failed; True where the job has become an incident.

    A timer stays due when it is: it becomes an incident at once, since waiting would move its event time.
    """
    tries = one.tries + (one.kind not in LEASED)
    given_up = tries >= most_tries or one.kind == "timer"
    values: dict[str, Any] = {"tries": tries, "error": error[:2000]}
    values |= {"status": INCIDENT} if given_up else {"due_at": now + wait_after(tries)}
    connection.execute(job.update().where(job.c.id == one.id), values)
    return given_up


def hold(connection: sa.Connection, case_id: str) -> None:
    """Let the jobs of a suspended case wait."""
    connection.execute(job.update().where(job.c.stream == case_id, job.c.status == READY), {"status": HELD})


def release(connection: sa.Connection, case_id: str) -> None:
    """Let the jobs of a resumed case be done."""
    connection.execute(job.update().where(job.c.stream == case_id, job.c.status == HELD), {"status": READY})


def remove_all(connection: sa.Connection, case_id: str) -> None:
    """Delete the jobs of a cancelled case."""
    connection.execute(job.delete().where(job.c.stream == case_id))


def remove(connection: sa.Connection, job_id: str) -> None:
    """Delete one job."""
    connection.execute(job.delete().where(_BY_ID), {"of_job": job_id})


def retry(connection: sa.Connection, job_id: str, now: datetime) -> None:
    """Try an incident again from the first."""
    due = sa.case((job.c.kind == "timer", job.c.due_at), else_=sa.literal(now, job.c.due_at.type))
    changes = {"status": READY, "tries": 0, "error": None, "due_at": due}
    connection.execute(job.update().where(job.c.id == job_id).values(changes))
