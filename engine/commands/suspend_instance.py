"""Hold a case."""

from dataclasses import dataclass
from typing import ClassVar

from engine import authorization, cases, jobs, log
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class SuspendInstance:
    """Let a case rest: its tasks can't be completed and its timers don't fire until it is resumed."""

    kind: ClassVar[str] = "suspend_instance"
    case_id: str
    reason: str

    def run(self, work: UnitOfWork) -> None:
        authorization.require_directing(work.actor)
        case = cases.lock(work, self.case_id)
        submitted = log.Submitted(values={"reason": self.reason})
        since = max(work.now, case.last_at)
        cases.note(work, case, {}, submitted=submitted, status=cases.SUSPENDED, suspended_at=since)
        jobs.hold(work.connection, case.id)
