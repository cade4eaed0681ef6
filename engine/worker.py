"""Perform the jobs that are due: one transaction each, the row deleted in the transaction that makes the effect.

On SQLite one loop in the serving process does it all; on PostgreSQL any number of workers may call `run_due` at once,
as a row that is gone is done.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from engine import clock, jobs, nightly, notifications, proving
from engine.commands.announce import Announce
from engine.commands.complete_service_task import CompleteServiceTask
from engine.commands.correlate_message import CorrelateMessage
from engine.commands.expire_message import ExpireMessage
from engine.commands.fail_job import FailJob
from engine.commands.keep_made import KeepMade
from engine.commands.publish_draft import PublishDraft
from engine.commands.remind import Remind
from engine.commands.start_recurring import StartRecurring
from engine.db.models import message
from engine.errors import EngineError
from engine.executor import Engine
from engine.jobs import Job
from engine.registers import announcements
from engine.service_tasks.registry import OPERATIONS, Aside, Occasion
from engine.studio import publishing

BATCH = 100
TICK = timedelta(milliseconds=250)
LOG = structlog.get_logger("worker")


def run_due(engine: Engine) -> int:
    """Perform all jobs that are due, longest due first, and those that they cause; gives their number."""
    seen: set[str] = set()
    while True:
        with engine.read() as connection:
            due = jobs.due(connection, clock.now(), BATCH)
        fresh = [one for one in due if one.id not in seen]
        if not fresh:
            return len(seen)
        for one in fresh:
            seen.add(one.id)
            perform(engine, one)


def run_until(engine: Engine, until: datetime) -> int:
    """Let time pass up to an instant, each job performed when it falls due, as the loop would have done."""
    seen: set[tuple[str, datetime]] = set()
    while True:
        with engine.read() as connection:
            due = [one for one in jobs.due(connection, until, BATCH) if (one.id, one.due_at) not in seen]
        if not due:
            return len(seen)
        seen.add((due[0].id, due[0].due_at))
        # a timer fires after its due instant, when acting would no longer be on time
        with clock.hold(due[0].due_at + (datetime.resolution if due[0].kind == "timer" else timedelta())):
            perform(engine, due[0])


def perform(engine: Engine, one: Job) -> None:
    """Perform one job; a failure makes it wait or an incident, and never stops the others."""
    try:
        _PERFORMERS[one.kind](engine, one)
    except EngineError as error:
        if error.retryable and one.kind == "timer":
            return  # stays due; waiting would move its event time
        LOG.warning("job.failed", job=one.id, kind=one.kind, code=error.code)
        engine.perform(FailJob(job_id=one.id, code=error.code, error=str(error), final=error.final))
    except Exception as error:  # an operation may raise anything; the loop must go on
        LOG.warning("job.failed", job=one.id, kind=one.kind, error=repr(error))
        engine.perform(FailJob(job_id=one.id, code="operation.failed", error=repr(error)))


class Loop(threading.Thread):
    """The SQLite loop: performs what is due, soon after a commit or a tick later."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(name="jobs", daemon=True)
        self._engine = engine
        self._woken, self._stopping = threading.Event(), threading.Event()
        engine.wake = self._woken.set

    def run(self) -> None:
        ensured = False
        while not self._stopping.is_set():
            self._woken.wait(TICK.total_seconds())
            self._woken.clear()
            try:
                if not ensured:
                    nightly.ensure(self._engine)
                    ensured = True
                run_due(self._engine)
            except Exception:
                LOG.exception("worker.failed")

    def stop(self) -> None:
        """End after the job at hand."""
        self._stopping.set()
        self._woken.set()
        self.join()


def _timer(engine: Engine, one: Job) -> None:
    engine.fire(one.stream, one.id, one.due_at)


def _reminder(engine: Engine, one: Job) -> None:
    engine.perform(Remind(case_id=one.stream, job_id=one.id, args=one.args))


def _lease(engine: Engine, one: Job) -> bool:
    """Keep others off a job that leaves the database; False where another has it."""
    with engine.store.write() as connection:
        leased = jobs.lease(connection, one, clock.now())
        connection.commit()
    return leased


def _call(engine: Engine, one: Job) -> None:
    """Lease, perform outside of any transaction, report."""
    if not _lease(engine, one):
        return
    occasion = Occasion(connection=None, case_id=one.stream, now=clock.now(), actor="system", key=one.id)
    result = OPERATIONS[one.args["operation"]].perform(occasion, **one.args["arguments"])
    engine.perform(CompleteServiceTask(case_id=one.stream, call_id=one.id, result=dict(result)))


def _aside(engine: Engine, one: Job) -> None:
    """Lease, perform outside of any transaction, keep what was made."""
    if not _lease(engine, one):
        return
    args = one.args
    place = {name: args[name] for name in ("seq", "scope", "process", "known")}
    aside = Aside(read=engine.read, settings=engine.settings, **place)
    at = datetime.fromisoformat(args["at"])
    occasion = Occasion(connection=None, case_id=one.stream, now=at, actor="system", key=one.id, aside=aside)
    OPERATIONS[args["operation"]].perform(occasion, **args["arguments"])
    engine.perform(KeepMade(case_id=one.stream, job_id=one.id, element=args["element"], files=aside.files))


def _message(engine: Engine, one: Job) -> None:
    engine.perform(CorrelateMessage(**one.args, job_id=one.id, case_id=one.id))


def _kept_message(engine: Engine, one: Job) -> None:
    with engine.read() as connection:
        row = connection.execute(message.select().where(message.c.id == one.args["message"])).one()
    engine.perform(
        CorrelateMessage(
            name=row.name,
            key=row.key,
            payload=row.payload,
            sender=row.sender,
            job_id=one.id,
            message_id=row.id,
            case_id=one.id,
        )
    )


def _expiry(engine: Engine, one: Job) -> None:
    engine.perform(ExpireMessage(message_id=one.args["message"], job_id=one.id))


def _start(engine: Engine, one: Job) -> None:
    nominal = datetime.fromisoformat(one.args["nominal"])
    command = StartRecurring(
        job_id=one.id, procedure=one.args["procedure"], event=one.args["event"], nominal=nominal, case_id=one.id
    )
    engine.perform(command)


def _notify(engine: Engine, one: Job) -> None:
    """Lease, send, delete: a crash in between sends twice, with the same id."""
    if not _lease(engine, one):
        return
    with engine.read() as connection:
        text = notifications.text_of(connection, one.args["to"], one.args["notice"])
    if text is not None:
        notifications.send(engine.settings.notify_urls, text, one.id)
    with engine.store.write() as connection:
        jobs.remove(connection, one.id)
        connection.commit()


def _meanwhile(engine: Engine) -> Callable[[], object]:
    """What a long job lets be done in between: on SQLite, whose one loop it holds, whatever falls due."""
    return (lambda: run_due(engine)) if engine.store.dialect == "sqlite" else (lambda: None)


def _nightly(engine: Engine, one: Job) -> None:
    nightly.perform(engine, one, _meanwhile(engine))


def _proof(engine: Engine, one: Job) -> None:
    proving.perform(engine, one, _meanwhile(engine))


def _announce(engine: Engine, one: Job) -> None:
    engine.perform(Announce(job_id=one.id, args=one.args))


def _publish(engine: Engine, one: Job) -> None:
    engine.perform(PublishDraft(job_id=one.id, **one.args))


_PERFORMERS: dict[str, Callable[[Engine, Job], None]] = {
    "timer": _timer,
    "reminder": _reminder,
    "call": _call,
    "aside": _aside,
    "message": _message,
    "kept_message": _kept_message,
    "message_expiry": _expiry,
    "start": _start,
    "notify": _notify,
    announcements.KIND: _announce,
    publishing.KIND: _publish,
    nightly.KIND: _nightly,
    jobs.PROOF: _proof,
}
