"""Connections: the differences between SQLite and PostgreSQL live here and nowhere else.

SQLite: WAL, one writer at a time. Writers queue in this process first come, first served (SQLite's own waiting is a
lottery) and then say BEGIN IMMEDIATE; readers say BEGIN and see one snapshot. PostgreSQL: queries lock rows.
"""

import fcntl
import json
import os
import select
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from engine.canonical import canonical
from engine.db.prepared import Prepared, send
from engine.errors import AlreadyServing, DatabaseBusy

LOCK_WAIT = timedelta(seconds=10)


class FifoLock:
    """A lock that is handed on in the order of asking."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._queue: deque[threading.Event] = deque()
        self._held = False

    @contextmanager
    def hold(self, patience: timedelta = LOCK_WAIT) -> Iterator[None]:
        """Wait for one's turn, at most `patience`.

        Raises:
            DatabaseBusy: The turn did not come in time.
        """
        self._acquire(patience)
        try:
            yield
        finally:
            self._release()

    def _acquire(self, patience: timedelta) -> None:
        with self._guard:
            if not self._held:
                self._held = True
                return
            turn = threading.Event()
            self._queue.append(turn)
        if turn.wait(patience.total_seconds()):
            return
        with self._guard:
            if turn.is_set():  # handed over in the last instant
                return
            self._queue.remove(turn)
        raise DatabaseBusy()

    def _release(self) -> None:
        with self._guard:
            if self._queue:
                self._queue.popleft().set()
            else:
                self._held = False


class Store:
    """One database: gives transactions that end by rollback unless somebody commits."""

    def __init__(self, url: str) -> None:
        self.engine = connect(url)
        self.dialect = self.engine.dialect.name
        self._writing = FifoLock() if self.dialect == "sqlite" else None

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction that may write.

        Raises:
            DatabaseBusy: SQLite's write lock was not to be had in time.
        """
        with self._writing.hold() if self._writing else nullcontext(), self.engine.connect() as connection:
            connection.execution_options(writes=True)
            connection.begin()
            yield connection

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A transaction that only reads."""
        with self.engine.connect() as connection:
            yield connection

    def close(self) -> None:
        """Close the connections that are not in use."""
        self.engine.dispose()


def connect(url: str) -> sa.Engine:
    """Make the SQLAlchemy engine for a database URL."""
    parsed = sa.make_url(url)
    json_codec: dict[str, Any] = {
        "json_serializer": lambda value: canonical(value).decode(),
        "json_deserializer": json.loads,
    }
    if parsed.get_backend_name() == "sqlite":
        engine = sa.create_engine(parsed, pool_size=20, max_overflow=20, **json_codec)
        sa.event.listen(engine, "connect", _prepare_sqlite)
        if parsed.database and parsed.database != ":memory:":
            _DatabaseFile(parsed.database).guard(engine)
        sa.event.listen(engine, "begin", _begin_sqlite)
        return engine
    options = f"-c timezone=UTC -c lock_timeout={int(LOCK_WAIT.total_seconds() * 1000)}"
    engine = sa.create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        pool_size=10,
        max_overflow=20,
        connect_args={"options": options},
        **json_codec,
    )
    sa.event.listen(engine, "checkout", _look_after(engine.dialect))
    return engine


def _look_after(dialect: sa.Dialect) -> Callable[[Any, Any, object], None]:
    """Notice that the server has hung up, without asking it each time: then there is something to read on the line."""

    def check(connection: Any, record: Any, proxy: object) -> None:
        if not connection.closed:
            line = select.poll()
            line.register(connection.pgconn.socket, select.POLLIN)
            if not line.poll(0):
                return
        try:
            dialect.do_ping(connection)  # perhaps only a notice
        except dialect.loaded_dbapi.Error as error:
            raise sa.exc.DisconnectionError("the server has closed the connection") from error

    return check


def _prepare_sqlite(connection: sqlite3.Connection, record: object) -> None:
    connection.isolation_level = None  # the driver opens no transactions behind our back
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        f"busy_timeout={int(LOCK_WAIT.total_seconds() * 1000)}",
        "foreign_keys=ON",
        "recursive_triggers=ON",  # REPLACE fires delete triggers too
    ):
        connection.execute(f"PRAGMA {pragma}")


class _DatabaseFile:
    """The file under a pool: once it was deleted or replaced, nothing more must be written to what is left of it."""

    def __init__(self, path: str) -> None:
        self.path, self.was_there = path, False

    def guard(self, engine: sa.Engine) -> None:
        sa.event.listen(engine, "do_connect", self._connecting)
        sa.event.listen(engine, "connect", self._connected)
        sa.event.listen(engine, "checkout", self._checked_out)

    def _connecting(self, dialect: object, record: object, arguments: object, parameters: object) -> None:
        if self.was_there and self._inode() is None:  # SQLite would make a new, empty one
            raise sqlite3.OperationalError("unable to open database file")

    def _connected(self, connection: sqlite3.Connection, record: Any) -> None:
        record.info["inode"], self.was_there = self._inode(), True

    def _checked_out(self, connection: sqlite3.Connection, record: Any, proxy: object) -> None:
        if record.info["inode"] != self._inode():
            raise sa.exc.DisconnectionError("the database file is gone or another one")

    def _inode(self) -> int | None:
        try:
            return os.stat(self.path).st_ino
        except OSError:
            return None


_BEGIN, _BEGIN_WRITING = Prepared(sa.text("BEGIN")), Prepared(sa.text("BEGIN IMMEDIATE"))


def _begin_sqlite(connection: sa.Connection) -> None:
    send(connection, [(_BEGIN_WRITING if connection.get_execution_options().get("writes") else _BEGIN, [{}])])


@contextmanager
def serving(url: str) -> Iterator[None]:
    """Hold the one right to serve from a SQLite database; on PostgreSQL any number may.

    Raises:
        AlreadyServing: Another process has it.
    """
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        yield
        return
    with open(f"{parsed.database}.serving", "w", encoding="ascii") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyServing(database=parsed.database) from None
        yield
