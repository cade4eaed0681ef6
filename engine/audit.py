"""Prove that the record was not altered (chains, submissions, states, accesses, triggers, rows beside); replay cases.

Everything here must bear a record that somebody has tampered with: what can't be read is a flaw, not a crash.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import chain
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import StatementError

from engine import access, beside, expected, log, rebuild, seals
from engine.db import append_only
from engine.db.models import command, instance, submission, user_task
from engine.db.types import hex_text
from engine.errors import NotFound
from engine.expected import Expected
from engine.registers import ledger
from engine.settings import Settings
from engine.workflow import runner

UNREADABLE = (ValueError, TypeError, AttributeError, LookupError, RuntimeError, StatementError)
OLDER_EPOCH = "replay.older_epoch"
_MISSPELT = (
    "SELECT stream, seq FROM command "
    "WHERE at NOT LIKE '____-__-__ __:__:__' AND at NOT LIKE '____-__-__ __:__:__.______'"
)
_SENT = sa.select(submission.c.stream, submission.c.seq).join(
    command, sa.and_(submission.c.stream == command.c.stream, submission.c.seq == command.c.seq)
)
_OTHER_SENDER = _SENT.where(sa.or_(submission.c.actor != command.c.actor, submission.c.at != command.c.at))
_OTHER_TASK = _SENT.join(
    user_task,
    sa.and_(
        hex_text(user_task.c.case_id) == command.c.stream,
        hex_text(user_task.c.id) == command.c.body["task"].as_string(),
    ),
).where(
    sa.or_(
        *(submission.c[name].is_distinct_from(user_task.c[name]) for name in ("scope", "element", "round", "item")),
    )
)
_OTHER_START = _SENT.where(
    sa.or_(
        submission.c.element != command.c.body["event"].as_string(), submission.c.scope != "", submission.c.round != 1
    ),
    command.c.body["event"].as_string().is_not(None),
)


@dataclass(frozen=True, kw_only=True)
class Flaw:
    """Something in the record that is not as it was written.

    Attributes:
        code: log.*, access.*, replay.*, seal.*, file.* or ledger.*, of engine.messages.
        stream: Case id, or the name of another stream ("access": the access log); "" where it concerns the database.
        seq: Number of the command in its stream; 0 where it concerns no single one.
        case: What people call the case; None where the stream is none.
        about: A trigger, a deployment, an entry of the ledger or an account, the day of a seal, the rows of the access
            log that are missing, the digest of a file, a row of a table, or what differs.
    """

    code: str
    stream: str = ""
    seq: int = 0
    case: str | None = None
    about: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def verify(
    connection: sa.Connection,
    stream: str | None = None,
    progress: Callable[[int], None] = lambda rows: None,
    settings: Settings | None = None,
) -> list[Flaw]:
    """Check everything, or one stream, with the seals where `settings` say where they lie.

    What concerns cases comes first. `progress` is told the rows seen so far, of those that `rows` counts.
    """
    found: list[Flaw] = []
    with lenient(connection):
        for one in (
            *_log(connection, stream, progress),
            *_strangers(connection, stream),
            *_misspelt(connection, stream),
        ):
            case = _business_key(connection, one.stream)
            found.append(Flaw(code=one.code, stream=one.stream, seq=one.seq, case=case))
        if settings is not None:
            found += _seals(connection, settings, stream)
        if stream is None or _is_case(stream):
            found += _beside(connection, settings, stream)
        if stream is None:
            found += _accesses(connection, progress)
            found += [Flaw(code="ledger.unbalanced", about=one) for one in ledger.unbalanced(connection)]
            found += _triggers(connection)
    return list(dict.fromkeys(found))


def examine(connection: sa.Connection, case_id: str) -> tuple[int, list[Flaw]]:
    """Re-execute a case and rebuild its projections; give the number of its commands and the first difference."""
    with lenient(connection):
        return _examine(connection, case_id)


def _examine(connection: sa.Connection, case_id: str) -> tuple[int, list[Flaw]]:
    columns = (instance.c.id, instance.c.business_key, instance.c.seq, instance.c.state)
    row = connection.execute(sa.select(*columns).where(instance.c.id == case_id)).one_or_none()
    if row is None:
        raise NotFound(case=case_id)
    seq, recorded, wanted = 0, None, Expected(case_id)
    try:
        for one in wanted.walk(connection):
            if one.code is not None:
                return seq, [_of(row, one.code, one.seq, one.reason)]
            seq = one.seq
            recorded = wanted.commands[seq]["state_bytes_hash"] or recorded
    except UNREADABLE as error:
        return seq, [_of(row, "replay.failed", seq + 1, repr(error))]
    try:
        same = (row.seq, sha256(row.state).digest()) == (seq, recorded)
        if not same or runner.scopes(row.state) != runner.scopes(wanted.state):  # other releases write other bytes
            return seq, [_of(row, "log.changed_state", row.seq)]
        differences = [*rebuild.compare(connection, case_id), *expected.compare(connection, wanted)]
        return seq, [_of(row, "replay.projection", seq, what) for what in dict.fromkeys(differences)]
    except UNREADABLE as error:  # a row of a list that can't be read any more
        return seq, [_of(row, "replay.projection", seq, repr(error))]


def cases(connection: sa.Connection, name: str | None = None) -> list[str]:
    """The ids of all cases, or of those that people call `name` (a case id also will do)."""
    ids = sa.select(instance.c.id).order_by(instance.c.started_at, instance.c.id)
    if name is None:
        return list(connection.scalars(ids))
    called = list(connection.scalars(ids.where(instance.c.business_key == name)))
    return called or (list(connection.scalars(ids.where(instance.c.id == name))) if _is_case(name) else [])


def commands(connection: sa.Connection) -> int:
    """How many rows the log has."""
    return connection.scalar(sa.select(sa.func.count()).select_from(command)) or 0


def rows(connection: sa.Connection) -> int:
    """How many rows `verify` checks: of the log and of the access log."""
    return commands(connection) + access.count(connection)


def _of(row: Any, code: str, seq: int, about: str = "") -> Flaw:
    return Flaw(code=code, stream=row.id, seq=seq, case=row.business_key, about=about)


@contextmanager
def lenient(connection: sa.Connection) -> Iterator[None]:
    """In SQLite, let text that is no longer UTF-8 be read: its hash will tell, and pages can name what it is of."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    assert driver is not None
    before, driver.text_factory = driver.text_factory, lambda raw: raw.decode(errors="backslashreplace")
    try:
        yield
    finally:
        driver.text_factory = before


def _accesses(connection: sa.Connection, progress: Callable[[int], None]) -> Iterator[Flaw]:
    before = commands(connection)
    for one in access.verify(connection, lambda seen: progress(before + seen)):
        yield Flaw(code=one.code, stream=access.STREAM, seq=one.seq, about=one.about)


def _triggers(connection: sa.Connection) -> Iterator[Flaw]:
    for name in sorted(append_only.missing_triggers(connection)):
        yield Flaw(code="log.missing_trigger", about=name)


def _seals(connection: sa.Connection, settings: Settings, stream: str | None) -> Iterator[Flaw]:
    try:
        for one in seals.verify(connection, settings, stream):
            yield Flaw(code=one.code, stream=one.stream, seq=one.seq, case=one.case, about=one.day)
    except UNREADABLE as error:
        yield Flaw(code="seal.changed", about=repr(error))


def _beside(connection: sa.Connection, settings: Settings | None, stream: str | None) -> Iterator[Flaw]:
    """What stands outside of the log: everything, or the files of one case."""
    found = chain(
        beside.verify(connection) if stream is None else (),
        beside.files(connection, settings, stream) if settings is not None else (),
    )
    try:
        for one in found:
            yield Flaw(**vars(one), case=_business_key(connection, one.stream))
    except UNREADABLE as error:  # a row about a file that can't be read any more
        yield Flaw(code="file.changed", stream=stream or "", about=repr(error))


def _log(connection: sa.Connection, stream: str | None, progress: Callable[[int], None]) -> list[log.Finding]:
    try:
        return list(log.verify(connection, stream, progress))
    except UNREADABLE:
        pass
    streams = [stream] if stream else list(connection.scalars(sa.select(command.c.stream).distinct()))
    found: list[log.Finding] = []
    for name in streams:
        try:
            found += log.verify(connection, name)
        except UNREADABLE:
            found += _unreadable(connection, name)
    return found


def _unreadable(connection: sa.Connection, stream: str) -> Iterator[log.Finding]:
    """Which rows of a stream can't be read any more; where none can be named, the first."""
    numbers = sa.select(command.c.seq).where(command.c.stream == stream).order_by(command.c.seq)
    seqs = list(connection.scalars(numbers))
    named = False
    for seq in seqs:
        for code, is_whole in (("log.changed_command", _command_is_whole), ("log.changed_submission", _sent_is_whole)):
            try:
                whole = is_whole(connection, stream, seq)
            except UNREADABLE:
                whole = False
            if not whole:
                named = True
                yield log.Finding(stream=stream, seq=seq, code=code)
    if not named:
        yield log.Finding(stream=stream, seq=min(seqs, default=0), code="log.changed_command")


def _command_is_whole(connection: sa.Connection, stream: str, seq: int) -> bool:
    row = sa.select(command).where(command.c.stream == stream, command.c.seq == seq)
    found = connection.execute(row).mappings().one()
    return bool(log.row_hash(found) == found["hash"])


def _sent_is_whole(connection: sa.Connection, stream: str, seq: int) -> bool:
    row = sa.select(submission).where(submission.c.stream == stream, submission.c.seq == seq)
    found = connection.execute(row).mappings().one_or_none()
    if found is not None and found["salt"] is not None:
        log.submission_digest(found["salt"], found["values"])
    return True


def _strangers(connection: sa.Connection, stream: str | None) -> Iterator[log.Finding]:
    """Submissions that say another sender, time or place than their command and its user task."""
    for rows in (_OTHER_SENDER, _OTHER_TASK, _OTHER_START):
        one_stream = rows if stream is None else rows.where(submission.c.stream == stream)
        try:
            found = connection.execute(one_stream).all()
        except UNREADABLE:  # a body that is no JSON; its hash has told
            continue
        for row in found:
            yield log.Finding(stream=row.stream, seq=row.seq, code="log.changed_submission")


def _misspelt(connection: sa.Connection, stream: str | None) -> Iterator[log.Finding]:
    """In SQLite, instants that Python reads although they are not written as we write them."""
    if connection.dialect.name == "sqlite":
        for row in connection.exec_driver_sql(_MISSPELT):
            if stream in (None, row.stream):
                yield log.Finding(stream=row.stream, seq=row.seq, code="log.changed_command")


def _is_case(stream: str) -> bool:
    return len(stream) == 32 and set(stream) <= set("0123456789abcdef")


def _business_key(connection: sa.Connection, stream: str) -> str | None:
    if not _is_case(stream):
        return None
    return connection.scalar(sa.select(instance.c.business_key).where(instance.c.id == stream))
