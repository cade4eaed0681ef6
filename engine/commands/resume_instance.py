"""Let a suspended case go on."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from engine import authorization, cases, jobs, log, projections
from engine.unit_of_work import UnitOfWork
from engine.workflow import runner


@dataclass(frozen=True, kw_only=True)
class ResumeInstance:
    """Resume a case; all its due times move by the time that it was held."""

    kind: ClassVar[str] = "resume_instance"
    case_id: str
    reason: str = ""

    def run(self, work: UnitOfWork) -> None:
        authorization.require_directing(work.actor)
        case = cases.lock(work, self.case_id, statuses=(cases.SUSPENDED,))
        jobs.release(work.connection, case.id)
        world = cases.world(work, case)
        held = world.now - (case.suspended_at or world.now)
        step = runner.shift(case.definition, case.state, world, by=held)
        cases.advance(
            work,
            case,
            step,
            world,
            {"shifted_us": held // timedelta(microseconds=1)},
            submitted=log.Submitted(values={"reason": self.reason}) if self.reason else None,
            status=cases.RUNNING,
            suspended_at=None,
        )
        waits = [(wait.message, wait.key) for wait in step.after.waits.values()]
        if waits:
            projections.deliver_kept(work, waits, world.now)
