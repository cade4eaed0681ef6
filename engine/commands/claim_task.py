"""Take a user task for oneself."""

from dataclasses import dataclass
from typing import ClassVar

from engine import assignment, authorization, cases
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class ClaimTask:
    """Become the assignee of a task that is offered to one's groups; claiming one's own task again changes nothing."""

    kind: ClassVar[str] = "claim_task"
    task_id: str
    revision: int | None = None

    def run(self, work: UnitOfWork) -> None:
        case, task = cases.lock_task(work, self.task_id, self.revision)
        authorization.require_taking(work.actor, task.candidates, task.excluded, task.assignee)
        if task.assignee == work.actor.key:
            work.unlogged(case.id, task=task.id)
            return
        cases.note(work, case, {"task": task.id, "element": task.element}, parties=[work.actor.key])
        assignment.assign(work, task, work.actor.key)
