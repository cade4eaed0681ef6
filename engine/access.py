"""The access log (查阅记录): who logged in, who was refused, who read which case, who took what along.

One hash chain, which the daily seal covers like those of cases. What pages note waits in memory and is written in
batches, so that no page waits for it: a process that is killed loses the last second. Refused commands are written at
once, as log-ins are throttled by them. Nothing here holds what a person has typed: keys, digests and numbers only.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import SQLAlchemyError

from engine import clock
from engine.canonical import canonical
from engine.db.models import access
from engine.db.session import Store
from engine.db.types import UtcDateTime
from engine.errors import EngineError
from engine.readable import is_storable

STREAM = "access"
KINDS = (
    *("login", "logout", "login_refused", "refused", "case", "task", "replay", "proof"),
    *("customer", "register", "file", "number", "export", "lost"),
)
FIRST = bytes(32)
AT_ONCE = 200  # rows that are written without waiting for the second to end
MOST_WAITING = 20_000  # rows kept while the store can't be reached; beyond it they are counted, and the count is a row
LONGEST = 200  # characters of a subject
LOG = structlog.get_logger("access")
_LAST = sa.select(access.c.seq, access.c.hash).order_by(access.c.seq.desc()).limit(1)
_HASHED = ("seq", "actor", "kind", "case_id", "subject", "code", "client", "about")
_UNREADABLE = (ValueError, TypeError, AttributeError, LookupError)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A row of the access log that is not as it was written.

    Attributes:
        code: access.missing, access.changed, access.broken_chain.
        about: Where several rows in a row are missing, "5–9".
    """

    seq: int
    code: str
    about: str = ""


def row(
    kind: str,
    actor: str,
    *,
    at: datetime | None = None,
    case: str | None = None,
    subject: str | None = None,
    code: str | None = None,
    client: str | None = None,
    **about: Any,
) -> dict[str, Any]:
    """A row that is yet to be written; a case that is no id is left out."""
    assert kind in KINDS
    return {
        "at": at or clock.now(),
        "actor": actor,
        "kind": kind,
        "case_id": case if case and len(case) == 32 and set(case) <= set("0123456789abcdef") else None,
        "subject": _storable(subject),
        "code": code,
        "client": _storable(client),
        "about": about or None,
    }


def append(connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows behind the last one, in their order; locks the chain until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(STREAM))))
    last = connection.execute(_LAST).one_or_none()
    number, before = (last.seq, last.hash) if last else (0, FIRST)
    chained = []
    for seq, one in enumerate(rows, number + 1):
        written = {**one, "seq": seq, "prev_hash": before}
        before = written["hash"] = row_hash(written)
        chained.append(written)
    connection.execute(access.insert(), chained)


def row_hash(row: Mapping[str, Any]) -> bytes:
    """The hash that a row must have: SHA-256 of the row before's and of the canonical form of all else."""
    content = {name: row[name] for name in _HASHED} | {"at": row["at"].astimezone(UTC).isoformat()}
    return sha256(row["prev_hash"] + canonical(content)).digest()


class Waiting:
    """Rows that wait to be written together."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rows: list[dict[str, Any]] = []
        self._lost = 0
        self._guard, self._writing = threading.Lock(), threading.Lock()
        self.many = threading.Event()

    def note(self, kind: str, actor: str, **more: Any) -> None:
        """Keep a row for the next batch (see `row`); costs no statement."""
        noted = row(kind, actor, **more)
        with self._guard:
            if len(self._rows) < MOST_WAITING:
                self._rows.append(noted)
            else:
                self._lost += 1
            if len(self._rows) >= AT_ONCE:
                self.many.set()

    def flush(self) -> int:
        """Write what waits in one transaction; gives the number of rows. A store that fails keeps them waiting."""
        with self._writing:
            with self._guard:
                rows, self._rows, lost, self._lost = self._rows, [], self._lost, 0
            if lost:
                rows.append(row("lost", "system", rows=lost))
            if not rows:
                return 0
            try:
                with self._store.write() as connection:
                    append(connection, rows)
                    connection.commit()
            except (SQLAlchemyError, EngineError) as error:
                LOG.warning("access.unwritten", rows=len(rows), error=type(error).__name__)
                with self._guard:
                    self._rows[:0] = rows
                return 0
            return len(rows)


class Writer(threading.Thread):
    """Writes what waits each second, or as soon as it is much; ends after the main thread, with all written."""

    def __init__(self, waiting: Waiting, seconds: float = 1.0, main: threading.Thread | None = None) -> None:
        super().__init__(name="access")
        self._waiting, self._seconds, self._main = waiting, seconds, main or threading.main_thread()

    def run(self) -> None:
        while self._main.is_alive():
            self._waiting.many.wait(self._seconds)
            self._waiting.many.clear()
            self._write()
        self._write()

    def _write(self) -> None:
        try:
            self._waiting.flush()
        except Exception:  # a row that can't be hashed is a bug of ours; the next ones must be written all the same
            LOG.exception("access.failed")


def count(connection: sa.Connection) -> int:
    """How many rows the log has."""
    return connection.scalar(sa.select(sa.func.count()).select_from(access)) or 0


def verify(connection: sa.Connection, progress: Callable[[int], None] = lambda rows: None) -> Iterator[Finding]:
    """Check the chain row by row; a row that can't be read is a changed one. `progress` is told the rows seen."""
    seq, before = 0, FIRST
    for seen, raw in enumerate(_raw(connection), 1):
        try:
            found = _read(connection, raw)
            whole = row_hash(found) == found["hash"] and _spelt(connection, raw["at"])
        except _UNREADABLE:
            found, whole = raw, False
        if raw["seq"] > seq + 1:
            many = f"{seq + 1}–{raw['seq'] - 1}" if raw["seq"] > seq + 2 else ""
            yield Finding(seq=seq + 1, code="access.missing", about=many)
        elif found["prev_hash"] != before:
            yield Finding(seq=raw["seq"], code="access.broken_chain")
        if not whole:
            yield Finding(seq=raw["seq"], code="access.changed")
        seq, before = raw["seq"], raw["hash"]
        if seen % 1000 == 0:
            progress(seen)


def _raw(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    """Every row as the driver gives it, so that none makes another unreadable."""
    names = ", ".join(column.name for column in access.c)
    rows = sa.text(f"SELECT {names} FROM access ORDER BY seq").execution_options(yield_per=1000)
    return (dict(one) for one in connection.execute(rows).mappings())


def _read(connection: sa.Connection, raw: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(raw)
    for name, column in access.c.items():
        read = column.type.result_processor(connection.dialect, None)
        if read is not None and raw[name] is not None:
            found[name] = read(raw[name])
    return found


def _spelt(connection: sa.Connection, at: Any) -> bool:
    """Whether an instant is written as we write it: SQLite keeps text, of which more than one may mean the same."""
    if connection.dialect.name != "sqlite":
        return True
    kind = UtcDateTime()
    return bool(kind.process_bind_param(kind.process_result_value(at, connection.dialect), connection.dialect) == at)


def _storable(text: str | None) -> str | None:
    if text is None or (is_storable(text) and len(text) <= LONGEST):
        return text
    return "".join(one if is_storable(one) else "\ufffd" for one in text[:LONGEST])
