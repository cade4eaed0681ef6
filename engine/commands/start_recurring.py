"""Start a case because its time has come."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar
from uuid import uuid4

from engine import case_start, deployments, jobs, recurring
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class StartRecurring:
    """Start a case at a timer start event, and put the job of the next occurrence. (BPMN 2.0.2, 10.5.2)"""

    kind: ClassVar[str] = "start_recurring"
    job_id: str
    procedure: str
    event: str
    nominal: datetime  # the instant that the series names, before it was moved off a holiday
    case_id: str = field(default_factory=lambda: uuid4().hex, compare=False)

    def run(self, work: UnitOfWork) -> None:
        if not jobs.take(work.connection, self.job_id):
            work.unlogged(recurring.STREAM, job=self.job_id)
            return
        deployment = case_start.current(work, self.procedure)
        case_start.start(
            work,
            deployment=deployment,
            event=self.event,
            values={},
            business_key=None,
            case_id=self.case_id,
            nominal=self.nominal.isoformat(),
        )
        for series in recurring.series_of(deployments.files(work.connection, deployment[0])):
            if series.event == self.event:
                recurring.put_next(work, series, after=self.nominal)
