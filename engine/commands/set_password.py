"""Give a person another password."""

from dataclasses import dataclass, field
from typing import ClassVar

from engine import authorization, log
from engine.actor import ADMINISTRATOR
from engine.db.models import session_
from engine.registers import people
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class SetPassword:
    """Set the hash of a password, one's own or as an administrator; ends the person's sessions."""

    kind: ClassVar[str] = "set_password"
    person_id: int
    password_hash: str = field(compare=False)  # argon2id, salted anew each time; never logged

    def run(self, work: UnitOfWork) -> None:
        if work.actor.key != f"person:{self.person_id}":
            authorization.require_role(work.actor, ADMINISTRATOR)
        head = log.head(work, people.STREAM)
        people.require_person(work.connection, self.person_id)
        log.append(work, head, {"person": self.person_id, "password": True})
        people.put_person(work.connection, self.person_id, {"password_hash": self.password_hash}, new=False)
        work.connection.execute(session_.delete().where(session_.c.person_id == self.person_id))
