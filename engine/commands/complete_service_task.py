"""Report the result of an operation that a job performed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from engine import cases, jobs
from engine.unit_of_work import UnitOfWork
from engine.workflow import runner


@dataclass(frozen=True, kw_only=True)
class CompleteServiceTask:
    """Complete a service task; the job is done with it."""

    kind: ClassVar[str] = "complete_service_task"
    case_id: str
    call_id: str  # of the service call, which is the job's id
    result: Mapping[str, Any] = field(default_factory=dict)  # field → routing value

    def run(self, work: UnitOfWork) -> None:
        case = cases.lock(work, self.case_id)
        if not jobs.take(work.connection, self.call_id):
            work.unlogged(case.id, call=self.call_id)
            return
        world = cases.world(work, case)
        step = runner.finish_call(case.definition, case.state, world, call=self.call_id, result=self.result)
        cases.advance(work, case, step, world, {"call": self.call_id, "result": dict(self.result)})
