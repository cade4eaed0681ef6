"""The command log: one hash chain per stream, appended to in the transaction that it tells of, and verified.

A row's hash covers everything in it and the row before (docs/architecture.md, "Store"). What people wrote is not in the
chain but its salted digest is, so it can be erased without breaking anything.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from engine.canonical import canonical, stored
from engine.db.models import command, instance, submission
from engine.db.prepared import Prepared
from engine.unit_of_work import Done, UnitOfWork

ENGINE_EPOCH = 1  # rises when cases recorded by an earlier release no longer replay (design, section 3)
FIRST = bytes(32)

_INSERT_COMMAND, _INSERT_SUBMISSION = Prepared(command.insert()), Prepared(submission.insert())
_LAST = (
    sa.select(command.c.seq, command.c.hash, command.c.at)
    .where(command.c.stream == sa.bindparam("stream"))
    .order_by(command.c.seq.desc())
    .limit(1)
)


@dataclass(frozen=True, kw_only=True)
class Head:
    """Where a stream stands: its last row."""

    stream: str
    seq: int = 0
    hash: bytes = FIRST
    at: datetime = datetime(1, 1, 1, tzinfo=UTC)

    def instant(self, now: datetime) -> datetime:
        """The instant of the next row: a clock that was set back does not turn the order around."""
        return max(now, self.at)


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """What a person sent, beside the place it was sent to."""

    values: Mapping[str, Any]
    scope: str | None = None
    element: str | None = None
    round: int | None = None
    item: str | None = None


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A row that is not what it was.

    Attributes:
        code: log.missing, log.broken_chain, log.changed_command, log.changed_submission, log.missing_submission,
            log.stray_submission, log.changed_state, log.changed_case, log.cut_off.
    """

    stream: str
    seq: int
    code: str


def head(work: UnitOfWork, stream: str) -> Head:
    """Lock a stream that is no case and tell where it stands."""
    if work.dialect == "postgresql":
        work.connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(stream))))
    row = work.connection.execute(_LAST, {"stream": stream}).one_or_none()
    return Head(stream=stream, seq=row.seq, hash=row.hash, at=row.at) if row else Head(stream=stream)


def append(
    work: UnitOfWork,
    before: Head,
    body: Mapping[str, Any],
    *,
    reads: Sequence[Any] = (),
    state: bytes | None = None,
    state_digest: bytes | None = None,
    submitted: Submitted | None = None,
) -> bytes:
    """Append the row of the command that runs, with what was sent along; return its hash."""
    assert work.done is None, "a command is logged once"
    row: dict[str, Any] = {
        "stream": before.stream,
        "seq": before.seq + 1,
        "at": before.instant(work.now),
        "actor": work.actor.key,
        "kind": work.kind,
        "body": dict(body),
        "reads": list(reads),
        "state_digest": state_digest,
        "state_bytes_hash": hashlib.sha256(state).digest() if state is not None else None,
        "engine_epoch": ENGINE_EPOCH,
        "request_id": work.request_id,
        "prev_hash": before.hash,
    }
    salt = secrets.token_bytes(16) if submitted is not None else b""
    if submitted is not None:
        row["body"]["digest"] = submission_digest(salt, submitted.values).hex()
        _append_submission(work, row, salt, submitted)
    if work.request_id is not None:
        row["body"]["request"] = contents_digest(salt, work.request_id, work.contents).hex()
    row["hash"] = row_hash(row)
    work.write(_INSERT_COMMAND, row)
    work.done = Done(**{name: row[name] for name in ("stream", "seq", "at", "kind", "body")})
    return bytes(row["hash"])


def contents_digest(salt: bytes, request_id: str, contents: bytes) -> bytes:
    """The digest by which a repeated request is known to be the same; salted with its submission, if it has one."""
    return hashlib.sha256(salt + request_id.encode() + contents).digest()


def _append_submission(work: UnitOfWork, row: Mapping[str, Any], salt: bytes, submitted: Submitted) -> None:
    work.write(
        _INSERT_SUBMISSION,
        {
            **{name: row[name] for name in ("stream", "seq", "actor", "at")},
            **{name: getattr(submitted, name) for name in ("scope", "element", "round", "item")},
            "salt": salt,
            "values": dict(submitted.values),
        },
    )


def submission_digest(salt: bytes, values: Mapping[str, Any], written: Callable[[Any], bytes] = canonical) -> bytes:
    """The digest of what was sent, as it stands in the command's body."""
    return hashlib.sha256(salt + written(dict(values))).digest()


_HASHED_AS_IT_IS = ("stream", "seq", "actor", "kind", "body", "reads", "engine_epoch", "request_id")


def row_hash(row: Any, written: Callable[[Any], bytes] = canonical) -> bytes:
    """The hash that a command row must have; `written` gives the canonical form of its content."""
    content = {name: row[name] for name in _HASHED_AS_IT_IS}
    content["at"] = row["at"].astimezone(UTC).isoformat()
    for name in ("state_digest", "state_bytes_hash"):
        content[name] = row[name].hex() if row[name] is not None else None
    return hashlib.sha256(row["prev_hash"] + written(content)).digest()


def verify(
    connection: sa.Connection, stream: str | None = None, progress: Callable[[int], None] = lambda rows: None
) -> Iterator[Finding]:
    """Check the chain of one stream, or of all, row by row; yield what is wrong."""
    rows = sa.select(command, submission.c.salt, submission.c["values"], submission.c.stream.label("sent"))
    rows = rows.join(submission, _SAME_ROW, isouter=True).order_by(command.c.stream, command.c.seq)
    if stream is not None:
        rows = rows.where(command.c.stream == stream)
    result = connection.execute(rows.execution_options(yield_per=1000)).mappings()
    seen, ended = 0, []
    for name, group in groupby(result, key=lambda row: str(row["stream"])):
        last = _End(stream=name)
        yield from _verify_stream(last, group)
        seen += last.rows
        progress(seen)
        if len(name) == 32 and set(name) <= _HEX:
            ended.append(last)
        if len(ended) == _AT_ONCE:
            yield from _state_faults(connection, ended)
            ended = []
    yield from _state_faults(connection, ended)
    yield from _strays(connection, stream)


_SAME_ROW = sa.and_(submission.c.stream == command.c.stream, submission.c.seq == command.c.seq)
_OF_CASE = ("id", "seq", "head_hash", "state")
_SAID = ("deployment_id", "procedure", "business_key", "started_by", "started_at", "last_at")  # by its log
_INSTANCES = sa.select(*(instance.c[name] for name in (*_OF_CASE, *_SAID))).where(
    instance.c.id.in_(sa.bindparam("cases", expanding=True))
)
_AT_ONCE = 200  # cases whose rows are asked for together
_HEX = set("0123456789abcdef")


@dataclass(kw_only=True)
class _End:
    """Where a stream that was walked has begun and ended, and what it says of the state."""

    stream: str
    first: sa.RowMapping | None = None
    at: datetime | None = None
    rows: int = 0
    seq: int = 0
    hash: bytes = FIRST
    state_hash: bytes | None = None
    state_seq: int = 0


def _verify_stream(end: _End, rows: Iterable[sa.RowMapping]) -> Iterator[Finding]:
    stream, seq, before = end.stream, 0, FIRST
    for row in rows:
        for missing in range(seq + 1, row["seq"]):
            yield Finding(stream=stream, seq=missing, code="log.missing")
        if row["seq"] == seq + 1 and row["prev_hash"] != before:
            yield Finding(stream=stream, seq=row["seq"], code="log.broken_chain")
        if row_hash(row, stored) != row["hash"]:
            yield Finding(stream=stream, seq=row["seq"], code="log.changed_command")
        if code := _submission_fault(row):
            yield Finding(stream=stream, seq=row["seq"], code=code)
        if row["state_bytes_hash"] is not None:
            end.state_hash, end.state_seq = row["state_bytes_hash"], row["seq"]
        seq, before, end.at = row["seq"], row["hash"], row["at"]
        end.first, end.rows = end.first or row, end.rows + 1
    end.seq, end.hash = seq, before


def _submission_fault(row: sa.RowMapping) -> str | None:
    digest = row["body"].get("digest")
    if row["sent"] is None:
        return "log.missing_submission" if digest else None
    if row["values"] is None and row["salt"] is None:
        return None  # erased
    whole = row["salt"] and row["values"] is not None
    sent = submission_digest(row["salt"], row["values"], stored).hex() if whole else None
    return None if sent == digest else "log.changed_submission"


def _state_faults(connection: sa.Connection, ended: Sequence[_End]) -> Iterator[Finding]:
    rows = connection.execute(_INSTANCES, {"cases": [end.stream for end in ended]}) if ended else ()
    cases = {row.id: row for row in rows}
    for end in ended:
        found = cases.get(end.stream)
        if found is None or (found.seq, found.head_hash) != (end.seq, end.hash):
            yield Finding(stream=end.stream, seq=max(end.seq, found.seq if found else 0), code="log.cut_off")
        if found is not None and hashlib.sha256(found.state).digest() != end.state_hash:
            yield Finding(stream=end.stream, seq=end.state_seq, code="log.changed_state")
        if found is not None and end.first is not None and tuple(found[len(_OF_CASE) :]) != _said(end.first, end.at):
            yield Finding(stream=end.stream, seq=1, code="log.changed_case")


def _said(first: sa.RowMapping, last_at: datetime | None) -> tuple[Any, ...]:
    body = first["body"]
    return (*(body.get(name) for name in ("deployment", "procedure", "key")), first["actor"], first["at"], last_at)


def _strays(connection: sa.Connection, stream: str | None) -> Iterator[Finding]:
    """Submissions without a command, and cases without a log."""
    lonely = sa.select(submission.c.stream, submission.c.seq).where(~sa.exists().where(_SAME_ROW))
    unlogged = sa.select(instance.c.id, instance.c.seq)
    if stream is not None:
        lonely, unlogged = lonely.where(submission.c.stream == stream), unlogged.where(instance.c.id == stream)
    for row in connection.execute(lonely):
        yield Finding(stream=row.stream, seq=row.seq, code="log.stray_submission")
    logged = set(connection.scalars(sa.select(command.c.stream).where(command.c.seq == 1)))
    for row in connection.execute(unlogged):
        if row.id not in logged:
            yield Finding(stream=row.id, seq=row.seq, code="log.cut_off")
