"""Hand a user task over to another person."""

from dataclasses import dataclass
from typing import ClassVar

from engine import assignment, authorization, cases
from engine.errors import Forbidden, PersonUnavailable
from engine.registers import lookup, people
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class TransferTask:
    """Make somebody else the assignee, with a reason that they read."""

    kind: ClassVar[str] = "transfer_task"
    task_id: str
    to: str  # principal key of a person
    reason: str = ""
    revision: int | None = None

    def run(self, work: UnitOfWork) -> None:
        case, task = cases.lock_task(work, self.task_id, self.revision)
        authorization.require_moving(work.actor, task.candidates, task.assignee)
        kind, _, person = self.to.partition(":")
        if kind != "person" or not lookup.exists(work.connection, "person", person):
            raise PersonUnavailable(field="to")
        if self.to in people.behind(work.connection, task.excluded):
            raise Forbidden(person=self.to)
        submitted = task.submitted({"reason": self.reason}) if self.reason else None
        body = {"task": task.id, "element": task.element, "to": self.to}
        cases.note(work, case, body, submitted=submitted, parties=[work.actor.key, self.to])
        assignment.assign(work, task, self.to)
        assignment.tell(work, case, task, self.to)
