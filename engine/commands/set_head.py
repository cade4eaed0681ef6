"""Say who heads a group."""

from dataclasses import dataclass
from typing import ClassVar

from engine import authorization, log
from engine.actor import ADMINISTRATOR
from engine.db.models import group_
from engine.errors import NotFound
from engine.registers import people
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class SetHead:
    """Make a person the head of a group: from now on `head:<group>` is this person, in tasks that are open too."""

    kind: ClassVar[str] = "set_head"
    group: str
    person_id: int | None

    def run(self, work: UnitOfWork) -> None:
        authorization.require_role(work.actor, ADMINISTRATOR)
        head = log.head(work, people.STREAM)
        if self.person_id is not None:
            people.require_person(work.connection, self.person_id)
        log.append(work, head, {"group": self.group, "head": self.person_id})
        changed = group_.update().where(group_.c.key == self.group).values(head=self.person_id)
        if not work.connection.execute(changed).rowcount:
            raise NotFound(group=self.group)
