"""Start a case of a procedure by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import uuid4

from engine import authorization, case_start, deployments
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class StartProcess:
    """Start a case at one of its start events. (BPMN 2.0.2, Start Event)"""

    kind: ClassVar[str] = "start_process"
    procedure: str
    values: Mapping[str, Any] = field(default_factory=dict)  # of the start form, field id → value
    event: str | None = None  # start event; None: the one without message and timer
    business_key: str | None = None  # None: the next number
    case_id: str = field(default_factory=lambda: uuid4().hex, compare=False)

    def run(self, work: UnitOfWork) -> None:
        deployment = case_start.current(work, self.procedure)
        authorization.require_starting(work.actor, deployments.starters(deployment[1]))
        case_start.start(
            work,
            deployment=deployment,
            event=self.event,
            values=self.values,
            business_key=self.business_key,
            case_id=self.case_id,
        )
