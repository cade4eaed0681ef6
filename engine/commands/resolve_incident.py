"""Settle by hand what a job could not do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from engine import authorization, cases, jobs, log
from engine.errors import InvalidCommand, NotFound
from engine.unit_of_work import UnitOfWork
from engine.workflow import runner


@dataclass(frozen=True, kw_only=True)
class ResolveIncident:
    """Take an incident off the list: a service task gets its result by hand, anything else is let go, with a reason."""

    kind: ClassVar[str] = "resolve_incident"
    job_id: str
    reason: str
    result: Mapping[str, Any] = field(default_factory=dict)  # of a service task: field → routing value

    def run(self, work: UnitOfWork) -> None:
        authorization.require_directing(work.actor)
        work.before_timers = True
        case = cases.of_job(work, self.job_id)
        one = jobs.find(work.connection, self.job_id)
        if one is None or one.status != jobs.INCIDENT:
            raise NotFound(job=self.job_id)
        if one.kind == "timer":
            raise InvalidCommand(field="job_id")  # a timer belongs to its process: retry it, or cancel the case
        submitted = log.Submitted(values={"reason": self.reason})
        if one.kind == "call" and case is not None:
            cases.require_status(case, cases.RUNNING)
            world = cases.world(work, case)
            step = runner.finish_call(case.definition, case.state, world, call=one.id, result=self.result)
            body = {"call": one.id, "result": dict(self.result)}
            cases.advance(work, case, step, world, body, submitted=submitted)
        else:
            cases.note_job(work, case, {"job": one.id, "job_kind": one.kind}, submitted=submitted)
        jobs.remove(work.connection, one.id)
