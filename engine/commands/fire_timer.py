"""Fire a timer of a case."""

from dataclasses import dataclass
from typing import ClassVar

from engine import cases, jobs
from engine.errors import StepFailed
from engine.unit_of_work import UnitOfWork
from engine.workflow import runner


@dataclass(frozen=True, kw_only=True)
class FireTimer:
    """Fire a timer at its due time, which is `work.now`. One that was fired, moved or taken away stays as it is."""

    kind: ClassVar[str] = "fire_timer"
    case_id: str
    timer_id: str

    def run(self, work: UnitOfWork) -> None:
        case = cases.lock(work, self.case_id)
        if not jobs.take(work.connection, self.timer_id, due_at=work.now):
            work.unlogged(self.case_id, timer=self.timer_id)
            return
        world = cases.world(work, case, now=work.now)
        step = runner.fire(case.definition, case.state, world, timer=self.timer_id)
        if self.timer_id in step.after.timers:
            raise StepFailed(element=step.after.timers[self.timer_id].element, reason="the timer did not fire")
        element = step.before.timers[self.timer_id].element
        body = {"timer": self.timer_id, "element": element, "due_at": work.now.isoformat()}
        cases.advance(work, case, step, world, body)
