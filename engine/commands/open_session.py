"""Begin a session of somebody who has logged in."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from engine.db.models import session_
from engine.registers import people
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class OpenSession:
    """Keep the hash of a session's token until it ends; not logged. Sessions that have ended are swept out."""

    kind: ClassVar[str] = "open_session"
    person_id: int
    token_hash: bytes  # SHA-256
    address: str | None = None

    def run(self, work: UnitOfWork) -> None:
        people.require_person(work.connection, self.person_id)
        work.connection.execute(session_.delete().where(session_.c.expires_at < work.now))
        work.connection.execute(
            session_.insert(),
            {
                "token_hash": self.token_hash,
                "person_id": self.person_id,
                "created_at": work.now,
                "seen_at": work.now,
                "expires_at": work.now + timedelta(hours=work.settings.session_hours),
                "address": self.address,
            },
        )
        work.unlogged()
