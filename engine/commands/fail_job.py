"""Note that a job could not be done."""

from dataclasses import dataclass
from typing import ClassVar

from engine import cases, jobs
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class FailJob:
    """Let a failed job wait longer, or give it up as an incident, which its case's log tells."""

    kind: ClassVar[str] = "fail_job"
    job_id: str
    code: str  # of the error
    error: str  # for the operator; stays out of the log
    final: bool = False  # no further try makes sense

    def run(self, work: UnitOfWork) -> None:
        work.before_timers = True
        case = cases.of_job(work, self.job_id)
        one = jobs.find(work.connection, self.job_id)
        if one is None:
            work.unlogged(job=self.job_id)
            return
        most = 1 if self.final else work.settings.job_tries
        given_up = jobs.fail(work.connection, one, f"{self.code}: {self.error}", work.now, most_tries=most)
        if given_up and case is not None:
            cases.note(work, case, {"job": one.id, "job_kind": one.kind, "code": self.code})
        else:
            work.unlogged(one.stream, job=one.id, incident=given_up)
