"""Carry out commands: one transaction each, one log line, one map of errors. The only place that commits.

Before a command touches a case, the case's timers that were due are fired, each a command and a transaction of its own,
so that a late click can't outrun a breach even where the click is then refused.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime
from time import perf_counter

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError, StatementError

from engine import access, clock, jobs, log
from engine.actor import SYSTEM, Actor
from engine.commands.fail_job import FailJob
from engine.commands.fire_timer import FireTimer
from engine.db.models import command, submission
from engine.db.session import Store
from engine.errors import (
    BusinessKeyTaken,
    ConcurrentUpdate,
    DatabaseBusy,
    DatabaseUnavailable,
    DuplicateRequest,
    EngineError,
    InvalidCommand,
)
from engine.readable import unstorable
from engine.settings import Settings
from engine.unit_of_work import Command, Done, TimersDue, UnitOfWork

MOST_ROUNDS = 1000  # of firing what is due before a command; more than any case has timers
LOG = structlog.get_logger("engine")
_FIRST_ANSWER = (
    sa.select(command, submission.c.salt)
    .join(submission, sa.and_(submission.c.stream == command.c.stream, submission.c.seq == command.c.seq), isouter=True)
    .where(command.c.request_id == sa.bindparam("of_request"))
)
_BUSY = ("database is locked", "lock timeout", "deadlock detected", "could not serialize")
_BROKEN_SQLITE = ("unable to open", "disk", "readonly", "malformed", "not a database")
_HAVE_FORMS = ("start_process", "complete_task")  # their values are checked field by field


class Engine:
    """The way in: carries out commands and lends connections to queries."""

    def __init__(self, store: Store, settings: Settings, wake: Callable[[], None] = lambda: None) -> None:
        self.store, self.settings = store, settings
        self.wake = wake  # called after each commit: there may be jobs
        self.access = access.Waiting(store)

    def execute(self, command: Command, actor: Actor, request_id: str | None = None) -> Done:
        """Carry out a command.

        Args:
            request_id: 32 hex digits that a page made; a second request with the same, and with the same contents, gets
                the first one's answer.
        Raises:
            EngineError: Refused or failed; nothing of it is left in the database but a row of the access log.
        """
        started = perf_counter()
        now = clock.now()
        try:
            _require_storable(command)
            done = self._after_timers(command, actor, now, request_id)
        except EngineError as error:
            first = self._first_answer(command, actor, request_id)
            if first is not None:
                return first
            self._refused(command, actor, now, error)
            raise
        milliseconds = round((perf_counter() - started) * 1000, 1)
        LOG.info("command", kind=command.kind, stream=done.stream, seq=done.seq, actor=actor.key, ms=milliseconds)
        self.wake()
        return done

    def perform(self, command: Command, *, at: datetime | None = None) -> Done:
        """Carry out a command that happens by itself, without a row of the access log where it fails.

        Args:
            at: The instant that counts; None: now.
        """
        done = self._after_timers(command, SYSTEM, at or clock.now(), None)
        LOG.info("command", kind=command.kind, stream=done.stream, seq=done.seq, actor=SYSTEM.key)
        return done

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection for queries."""
        with _translated(), self.store.read() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[sa.Connection]:
        """A connection for queries that together must see one instant, while others go on writing."""
        with _translated(), self.store.read() as connection:
            if self.store.dialect == "postgresql":  # SQLite's readers always do
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    def fire_due(self, case_id: str, now: datetime) -> None:
        """Fire the timers of a case that were due before now, in order of due time."""
        for _ in range(MOST_ROUNDS):
            with self.read() as connection:
                found = jobs.next_timer(connection, case_id, now)
            if found is None:
                return
            self.fire(case_id, *found)

    def fire(self, case_id: str, timer_id: str, due: datetime) -> None:
        """Fire one timer after those of its case that come first; one that can't be fired becomes an incident."""
        try:
            self._after_timers(FireTimer(case_id=case_id, timer_id=timer_id), SYSTEM, due, None)
        except EngineError as error:
            if error.retryable:
                raise
            LOG.error("timer.failed", case=case_id, timer=timer_id, code=error.code)
            self.perform(FailJob(job_id=timer_id, code=error.code, error=str(error), final=True))

    def _after_timers(self, command: Command, actor: Actor, now: datetime, request_id: str | None) -> Done:
        for _ in range(MOST_ROUNDS):
            try:
                return self._transaction(command, actor, now, request_id)
            except TimersDue as due:
                self.fire_due(due.case_id, now)
        raise DatabaseBusy()

    def _transaction(self, command: Command, actor: Actor, now: datetime, request_id: str | None) -> Done:
        with _translated(), self.store.write() as connection:
            work = UnitOfWork(
                opened=connection,
                settings=self.settings,
                actor=actor,
                now=now,
                kind=command.kind,
                request_id=request_id,
                contents=_contents(command) if request_id is not None else b"",
            )
            try:
                command.run(work)
                work.send()
            except DBAPIError as error:
                raise _named(translate(error), command) from error
            assert work.done is not None, f"{command.kind} logged nothing"
            connection.commit()
        return work.done

    def _first_answer(self, command: Command, actor: Actor, request_id: str | None) -> Done | None:
        if request_id is None:
            return None
        with self.read() as connection:
            row = connection.execute(_FIRST_ANSWER, {"of_request": request_id}).mappings().one_or_none()
        if row is None:
            return None
        if (row["kind"], row["actor"]) != (command.kind, actor.key):
            raise DuplicateRequest()
        was_erased = row["salt"] is None and "digest" in row["body"]
        same = log.contents_digest(row["salt"] or b"", request_id, _contents(command)).hex()
        if not was_erased and row["body"].get("request") != same:
            raise DuplicateRequest()
        return Done(**{name: row[name] for name in ("stream", "seq", "at", "kind", "body")})

    def _refused(self, command: Command, actor: Actor, now: datetime, error: EngineError) -> None:
        LOG.info("refused", kind=command.kind, actor=actor.key, code=error.code)
        is_login = command.kind == "refuse_login"
        row = access.row(
            "login_refused" if is_login else "refused",
            actor.key,
            at=now,
            case=error.context.get("case") or getattr(command, "case_id", None),
            subject=getattr(command, "task_id", None) or getattr(command, "case_id", None),
            code=error.code,
            client=getattr(command, "address", None) if is_login else None,
            **({} if is_login else {"command": command.kind}),
        )
        if isinstance(error, (DatabaseBusy, DatabaseUnavailable)):
            return
        try:
            with _translated(), self.store.write() as connection:
                access.append(connection, [row])
                connection.commit()
            error.recorded = True
        except EngineError as unrecorded:  # the refusal is what the caller must hear
            LOG.warning("refusal.unrecorded", kind=command.kind, actor=actor.key, code=unrecorded.code)


def _contents(command: Command) -> bytes:
    """What a command says, but for what is drawn anew each time it is made."""
    said = {field.name: getattr(command, field.name) for field in fields(command) if field.compare}
    return json.dumps(said, sort_keys=True, default=str).encode()


def _require_storable(command: Command) -> None:
    """Raises InvalidCommand where a text holds what the stores can't keep."""
    for field in fields(command):
        if field.name == "values" and command.kind in _HAVE_FORMS:
            continue
        if (path := unstorable(getattr(command, field.name), field.name)) is not None:
            raise InvalidCommand(field=path)


@contextmanager
def _translated() -> Iterator[None]:
    """Turn what the database says into the engine's errors."""
    try:
        yield
    except DBAPIError as error:
        raise translate(error) from error
    except StatementError as error:
        if isinstance(
            error.orig, ValueError | TypeError | OverflowError
        ):  # an id that is none, a float in what is hashed
            raise InvalidCommand() from error
        raise
    except OverflowError as error:  # a number that the driver can't write down
        raise InvalidCommand() from error


def translate(error: DBAPIError) -> EngineError | DBAPIError:
    """The engine's error for a database's, or itself where there is none: that is a bug of ours."""
    text = str(error.orig)
    if isinstance(error, IntegrityError):
        if "request_id" in text or "append-only: insert" in text:
            return DuplicateRequest()
        if "business_key" in text:
            return BusinessKeyTaken()
        if "pk_command" in text or "pk_submission" in text:
            return ConcurrentUpdate()
    if isinstance(error, DataError):
        return InvalidCommand()
    if any(sign in text for sign in _BUSY):
        return DatabaseBusy()
    if isinstance(error.orig, sqlite3.Error):
        gone = any(sign in text for sign in _BROKEN_SQLITE)
    else:
        gone = isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated
    if gone:
        return DatabaseUnavailable()
    return error


def _named(error: EngineError | DBAPIError, command: Command) -> EngineError | DBAPIError:
    """Say which key is taken: the database's error does not."""
    if isinstance(error, BusinessKeyTaken):
        return BusinessKeyTaken(key=getattr(command, "business_key", None))
    return error
