"""Give a user task back to the groups that it is offered to."""

from dataclasses import dataclass
from typing import ClassVar

from engine import assignment, authorization, cases
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class ReleaseTask:
    """Let a task be nobody's again."""

    kind: ClassVar[str] = "release_task"
    task_id: str
    revision: int | None = None

    def run(self, work: UnitOfWork) -> None:
        case, task = cases.lock_task(work, self.task_id, self.revision)
        authorization.require_moving(work.actor, task.candidates, task.assignee)
        if task.assignee is None:
            work.unlogged(case.id, task=task.id)
            return
        cases.note(work, case, {"task": task.id, "element": task.element})
        assignment.assign(work, task, None)
