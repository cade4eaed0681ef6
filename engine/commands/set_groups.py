"""Say which groups a person is in."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar

from engine import authorization, log
from engine.actor import ADMINISTRATOR
from engine.registers import people
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class SetGroups:
    """Make these the groups of a person; what they offer is in the inbox at once, what they offered is gone from it."""

    kind: ClassVar[str] = "set_groups"
    person_id: int
    groups: Collection[str]

    def run(self, work: UnitOfWork) -> None:
        authorization.require_role(work.actor, ADMINISTRATOR)
        head = log.head(work, people.STREAM)
        people.require_person(work.connection, self.person_id)
        groups = people.require_groups(work.connection, self.groups)
        log.append(work, head, {"person": self.person_id, "groups": groups})
        people.put_groups(work.connection, self.person_id, groups)
