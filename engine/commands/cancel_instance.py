"""End a case before its end."""

from dataclasses import dataclass
from typing import ClassVar

from engine import authorization, cases, log
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class CancelInstance:
    """Cancel a case, with a reason; what was open is taken away, what was done stays."""

    kind: ClassVar[str] = "cancel_instance"
    case_id: str
    reason: str

    def run(self, work: UnitOfWork) -> None:
        authorization.require_directing(work.actor)
        case = cases.lock(work, self.case_id, statuses=(cases.RUNNING, cases.SUSPENDED))
        cases.close(work, case, {}, submitted=log.Submitted(values={"reason": self.reason}))
