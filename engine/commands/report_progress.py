"""Tell a waiting case something without completing a task."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from engine import authorization, cases
from engine.errors import NotFound
from engine.unit_of_work import UnitOfWork
from engine.workflow import runner


@dataclass(frozen=True, kw_only=True)
class ReportProgress:
    """Deliver a message by hand to the element of a case that waits for it, such as a boundary event."""

    kind: ClassVar[str] = "report_progress"
    case_id: str
    message: str  # name of the message
    values: Mapping[str, Any] = field(default_factory=dict)  # routing values

    def run(self, work: UnitOfWork) -> None:
        case = cases.lock(work, self.case_id)
        authorization.require_taking_part(work.actor, case.parties)
        waits = runner.frontier(case.definition, case.state).waits.values()
        wait = next((wait for wait in waits if wait.message == self.message), None)
        if wait is None:
            raise NotFound(message=self.message)
        world = cases.world(work, case)
        step = runner.catch(case.definition, case.state, world, wait=wait.id, payload=self.values)
        body = {"wait": wait.id, "message": self.message, "payload": dict(self.values)}
        cases.advance(work, case, step, world, body)
