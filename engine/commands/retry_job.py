"""Try a job again that was given up."""

from dataclasses import dataclass
from typing import ClassVar

from engine import authorization, cases, jobs
from engine.errors import NotFound
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class RetryJob:
    """Make an incident a job again, as if it had never failed."""

    kind: ClassVar[str] = "retry_job"
    job_id: str

    def run(self, work: UnitOfWork) -> None:
        authorization.require_directing(work.actor)
        work.before_timers = True
        case = cases.of_job(work, self.job_id)
        one = jobs.find(work.connection, self.job_id)
        if one is None or one.status != jobs.INCIDENT:
            raise NotFound(job=self.job_id)
        cases.note_job(work, case, {"job": one.id, "job_kind": one.kind})
        jobs.retry(work.connection, one.id, work.now)
