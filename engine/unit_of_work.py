"""One transaction: its connection, who acts, when, and what came of it. Only the executor commits it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Protocol

import sqlalchemy as sa

from engine.actor import Actor
from engine.db.prepared import Prepared, Row, send
from engine.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Done:
    """The answer to a command: its row in the log. A repeated request gets the same one.

    Attributes:
        stream: Case id, or the name of another stream.
        seq: Number of the command in its stream; 0 where nothing is logged (drafts) or nothing was left to do.
        body: Keys, routing values and digests.
    """

    stream: str
    seq: int
    at: datetime
    kind: str
    body: dict[str, Any]


@dataclass(kw_only=True)
class UnitOfWork:
    """What a command works with.

    Attributes:
        opened: The open transaction; commands use `connection` and `write`.
        now: The instant of the request, aware, UTC; a timer's is its due time.
        contents: What a repeated request must have in common with the first, in bytes.
        done: Set when the command's row is appended; exactly once.
        before_timers: This command need not wait for the case's due timers (the case stands still).
    """

    opened: sa.Connection
    settings: Settings
    actor: Actor
    now: datetime
    kind: str
    request_id: str | None = None
    contents: bytes = b""
    before_timers: bool = False
    done: Done | None = None
    _unsent: list[tuple[Prepared, tuple[Row, ...]]] = field(default_factory=list)

    @property
    def connection(self) -> sa.Connection:
        """The transaction's connection, to which everything that was written before is known."""
        self.send()
        return self.opened

    def write(self, statement: Prepared, *rows: Row) -> None:
        """Write rows, in the order of calls; they are sent together when somebody asks for the connection."""
        if rows:
            self._unsent.append((statement, rows))

    def send(self) -> None:
        """Send what was written since."""
        if self._unsent:
            writes, self._unsent = self._unsent, []
            send(self.opened, writes)

    def unlogged(self, stream: str = "", **body: Any) -> None:
        """Answer for a command that leaves no row: a draft, or something that was done already."""
        self.done = Done(stream=stream, seq=0, at=self.now, kind=self.kind, body=body)

    @property
    def dialect(self) -> str:
        return self.opened.dialect.name


class TimersDue(Exception):
    """The case has timers that were due before now: no error, the executor fires them and begins anew."""

    def __init__(self, case_id: str) -> None:
        super().__init__(case_id)
        self.case_id = case_id


class Command(Protocol):
    """A deed: a frozen dataclass of engine.commands."""

    kind: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Any]]

    def run(self, work: UnitOfWork) -> None:
        """Do it inside the open transaction, appending one row to the log."""
