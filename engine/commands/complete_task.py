"""Complete a user task with what its form asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from engine import authorization, case_files, case_forms, cases, deployments
from engine.errors import TooEarly
from engine.unit_of_work import UnitOfWork
from engine.workflow import runner


@dataclass(frozen=True, kw_only=True)
class CompleteTask:
    """Complete a user task on behalf of its assignee, or of a candidate while nobody has it. (BPMN 2.0.2, User Task)"""

    kind: ClassVar[str] = "complete_task"
    task_id: str
    revision: int | None = None  # of the user task, as the person saw it
    values: Mapping[str, Any] = field(default_factory=dict)  # form field id → value

    def run(self, work: UnitOfWork) -> None:
        case, task = cases.lock_task(work, self.task_id, self.revision)
        authorization.require_taking(work.actor, task.candidates, task.excluded, task.assignee)
        if task.not_before is not None and work.now < task.not_before:
            raise TooEarly(until=task.not_before)
        form = deployments.form(case.definition, case.deployment_id, task.form)
        checked = case_forms.check(
            work,
            form,
            self.values,
            now=work.now,
            started_at=case.started_at,
            data=lambda: runner.task_data(case.definition, case.state, task.id),
        )
        world = cases.world(work, case, typed_at=checked.typed_instant)
        step = runner.complete(case.definition, case.state, world, task=task.id, values=checked.routing)
        cases.advance(
            work,
            case,
            step,
            world,
            cases.with_values({"task": task.id, "element": task.element}, checked),
            submitted=task.submitted(checked.everything) if form else None,
            task=task,
            concerns=case_forms.concerns(form, checked.routing),
        )
        case_files.keep(work, case, task.element, case_forms.files_in(form, checked.everything))
