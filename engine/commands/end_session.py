"""End a session."""

from dataclasses import dataclass
from typing import ClassVar

from engine.db.models import session_
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class EndSession:
    """Forget a session's token; not logged."""

    kind: ClassVar[str] = "end_session"
    token_hash: bytes

    def run(self, work: UnitOfWork) -> None:
        work.connection.execute(session_.delete().where(session_.c.token_hash == self.token_hash))
        work.unlogged()
