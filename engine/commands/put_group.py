"""Add a group or department, or change one."""

from dataclasses import dataclass
from typing import ClassVar

from engine import authorization, log
from engine.actor import ADMINISTRATOR
from engine.errors import InvalidCommand
from engine.registers import people
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class PutGroup:
    """Set all of a group: its names, its kind, the department that it belongs to, and its head."""

    kind: ClassVar[str] = "put_group"
    key: str
    name: str
    name_en: str = ""
    group_kind: str = "group"  # group, department, crew
    department: str | None = None
    head: int | None = None  # person id

    def run(self, work: UnitOfWork) -> None:
        authorization.require_role(work.actor, ADMINISTRATOR)
        head = log.head(work, people.STREAM)
        if not self.key.replace("_", "").isalnum() or self.group_kind not in people.KINDS or not self.name:
            raise InvalidCommand(field="key")
        if self.head is not None:
            people.require_person(work.connection, self.head)
        keys = {"key": self.key, "kind": self.group_kind, "department": self.department, "head": self.head}
        texts = {"name": self.name, "name_en": self.name_en}
        log.append(work, head, {"group": self.key, **keys}, submitted=log.Submitted(values=texts))
        people.put_group(work.connection, {**keys, **texts})
