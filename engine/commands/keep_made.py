"""Note what an operation made aside of the flow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from engine import case_files, cases, jobs
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class KeepMade:
    """Note with the case, which may be closed by now, the files that a service task made; the job is done with it."""

    kind: ClassVar[str] = "keep_made"
    case_id: str
    job_id: str
    element: str  # the service task
    files: Sequence[Mapping[str, Any]]  # {digest, name, size, type}; their contents were stored before

    def run(self, work: UnitOfWork) -> None:
        work.before_timers = True
        case = cases.lock(work, self.case_id, statuses=cases.ALL)
        if not jobs.take(work.connection, self.job_id):
            work.unlogged(case.id, job=self.job_id)
            return
        cases.note(work, case, {"element": self.element, "files": [one["digest"] for one in self.files]})
        case_files.keep(work, case, self.element, self.files)
