"""Move a due time: an appointment was moved."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from engine import authorization, cases, log
from engine.unit_of_work import UnitOfWork
from engine.workflow import runner


@dataclass(frozen=True, kw_only=True)
class Reschedule:
    """Give a waiting timer of a case another due time, with a reason."""

    kind: ClassVar[str] = "reschedule"
    case_id: str
    timer_id: str
    due_at: datetime  # aware
    reason: str

    def run(self, work: UnitOfWork) -> None:
        authorization.require_directing(work.actor)
        case = cases.lock(work, self.case_id)
        world = cases.world(work, case)
        step = runner.reschedule(
            case.definition, case.state, world, timer=self.timer_id, due=self.due_at.astimezone(UTC)
        )
        timer, due_at = step.before.timers[self.timer_id], self.due_at.astimezone(UTC).isoformat()
        body = {"moved": self.timer_id, "element": timer.host or timer.element, "due_at": due_at}
        cases.advance(work, case, step, world, body, submitted=log.Submitted(values={"reason": self.reason}))
