"""A case in the hands of one command: load it under lock, move it, write it back with its row in the log."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import authorization, deployments, jobs, log, projections
from engine.actor import SYSTEM
from engine.case_functions import CaseFunctions
from engine.db.models import draft, instance, job, user_task
from engine.db.prepared import Prepared
from engine.db.types import hex_text
from engine.errors import CaseClosed, ConcurrentUpdate, NotFound, Stale, Suspended
from engine.form_schema import Checked
from engine.registers.calendar import VERSION
from engine.unit_of_work import TimersDue, UnitOfWork
from engine.workflow import runner
from engine.workflow.advance import Frontier, Step
from engine.workflow.definition import Definition
from engine.workflow.world import World

RUNNING, SUSPENDED, COMPLETED, CANCELLED = "running", "suspended", "completed", "cancelled"
ALL = (RUNNING, SUSPENDED, COMPLETED, CANCELLED)


@dataclass(kw_only=True)
class Case:
    """A locked case, or one that is being started (seq 0)."""

    id: str
    procedure: str
    deployment_id: str
    definition: Definition
    business_key: str
    status: str
    parties: list[str]
    concerns: list[str]
    state: bytes
    seq: int
    head_hash: bytes
    last_at: datetime
    started_at: datetime
    suspended_at: datetime | None
    calendar_version: int | None

    @property
    def head(self) -> log.Head:
        return log.Head(stream=self.id, seq=self.seq, hash=self.head_hash, at=self.last_at)


_COLUMNS = tuple(name for name in Case.__dataclass_fields__ if name not in ("id", "definition"))


@dataclass(frozen=True, kw_only=True)
class Task:
    """A user task's row, locked with its case."""

    id: str
    scope: str
    element: str
    round: int
    item: str | None
    form: str | None
    candidates: list[str]
    excluded: list[str]
    assignee: str | None
    revision: int
    due_at: datetime | None
    not_before: datetime | None
    completed_at: datetime | None
    cancelled_at: datetime | None
    has_draft: bool

    def submitted(self, values: Mapping[str, Any]) -> log.Submitted:
        """What was sent for this task."""
        return log.Submitted(values=values, scope=self.scope, element=self.element, round=self.round, item=self.item)


_NEXT_DUE = (
    sa.select(sa.func.min(job.c.due_at))
    .where(job.c.stream == hex_text(instance.c.id), jobs.IS_TIMER, jobs.IS_READY)
    .correlate(instance)
    .scalar_subquery()
    .label("next_due")
)
_CASE = (
    instance.c.id.label("case_id"),
    *(instance.c[name] for name in ("procedure", "deployment_id", "business_key", "status", "parties", "concerns")),
    *(instance.c[name] for name in ("state", "seq", "head_hash", "last_at", "started_at", "suspended_at")),
    VERSION.label("calendar_version"),
    _NEXT_DUE,
)
_TASK = tuple(user_task.c[name] for name in Task.__dataclass_fields__ if name != "has_draft")
_HAS_DRAFT = sa.exists().where(draft.c.task_id == user_task.c.id).correlate(user_task).label("has_draft")
_LOCK_CASE = Prepared(sa.select(*_CASE).where(instance.c.id == sa.bindparam("id")).with_for_update(of=instance))
_LOCK_TASK = Prepared(
    sa.select(*_CASE, *_TASK, _HAS_DRAFT)
    .join_from(user_task, instance, user_task.c.case_id == instance.c.id)
    .where(user_task.c.id == sa.bindparam("id"))
    .with_for_update(of=[instance, user_task])
)
_INSERT, _UPDATE = (
    Prepared(instance.insert()),
    Prepared(instance.update().where(instance.c.id == sa.bindparam("locked_case"))),
)


def lock(work: UnitOfWork, case_id: str, *, statuses: tuple[str, ...] = (RUNNING,)) -> Case:
    """Lock a case.

    Raises:
        NotFound: There is none.
        TimersDue: Its timers come first.
        Suspended, CaseClosed: Its status is none of `statuses`.
    """
    rows = _LOCK_CASE.rows(work.connection, {"id": case_id})
    if not rows:
        raise NotFound(case=case_id)
    return _case(work, rows[0], statuses)


def lock_task(work: UnitOfWork, task_id: str, revision: int | None = None) -> tuple[Case, Task]:
    """Lock an open user task with its case.

    Args:
        revision: Of the task, as the person saw it; None: whatever it is.
    Raises:
        NotFound, TimersDue, Suspended, CaseClosed: As `lock`.
        ConcurrentUpdate: It is done already; `by` and `at` say who did it.
        Forbidden: It is done already, in a case in which this actor takes no part.
        Stale: It has changed, or was taken away.
    """
    rows = _LOCK_TASK.rows(work.connection, {"id": task_id})
    if not rows:
        raise NotFound(task=task_id)
    row = rows[0]
    columns: dict[str, Any] = {name: row[name] for name in Task.__dataclass_fields__}
    task = Task(**columns | {"excluded": row["excluded"] or []})
    if task.completed_at is not None:
        authorization.require_seeing(work.actor, row["parties"])  # who was faster is told to those who take part
        raise ConcurrentUpdate(by=task.assignee, at=task.completed_at)
    case = _case(work, row, (RUNNING,))
    if task.cancelled_at is not None or (revision is not None and revision != task.revision):
        raise Stale(revision=task.revision, case=case.id)
    return case, task


def _case(work: UnitOfWork, row: Mapping[str, Any], statuses: tuple[str, ...]) -> Case:
    due = row["next_due"]
    if due is not None and due < work.now and not work.before_timers:
        raise TimersDue(row["case_id"])
    case = Case(
        id=row["case_id"],
        definition=deployments.definition(work.connection, row["deployment_id"]),
        **{name: row[name] for name in _COLUMNS},
    )
    require_status(case, *statuses)
    return case


def new(work: UnitOfWork, *, case_id: str, deployment_id: str, definition: Definition, business_key: str) -> Case:
    """A case that is about to start."""
    return Case(
        id=case_id,
        procedure=definition.procedure,
        deployment_id=deployment_id,
        definition=definition,
        business_key=business_key,
        status=RUNNING,
        parties=[],
        concerns=[],
        state=b"",
        seq=0,
        head_hash=log.FIRST,
        last_at=work.now,
        started_at=work.now,
        suspended_at=None,
        calendar_version=work.connection.scalar(sa.select(VERSION)),
    )


def world(work: UnitOfWork, case: Case, *, typed_at: datetime | None = None, now: datetime | None = None) -> World:
    """The world of the next command of a case; `now` is given where the event's time is not the command's."""
    at, seq = now or max(work.now, case.last_at), case.seq + 1
    functions = CaseFunctions(
        work, case_id=case.id, seq=seq, now=at, started_at=case.started_at, calendar_version=case.calendar_version
    )
    return World(case=case.id, seq=seq, now=at, actor=work.actor.key, typed_at=typed_at, functions=functions)


def advance(
    work: UnitOfWork,
    case: Case,
    step: Step,
    world: World,
    body: Mapping[str, Any],
    *,
    submitted: log.Submitted | None = None,
    task: Task | None = None,
    concerns: Iterable[str] = (),
    **changes: Any,
) -> None:
    """Write what a step did: the log, the case's row, all projections.

    Args:
        task: The user task that is completed: its assignee and draft are known.
        concerns: "register:key" of the rows that the step's form has named.
        changes: Further columns of `instance`.
    """
    at = max(work.now, case.last_at)
    ended = {"status": COMPLETED, "end_state": step.end_state, "ended_at": at} if step.end_state else {}
    by = work.actor.key if work.actor.principals else None
    told, named = projections.parties(step, by) - set(case.parties), set(concerns) - set(case.concerns)
    values = {
        "state": step.state,
        "seq": case.seq + 1,
        "last_at": at,
        "head_hash": log.append(
            work, case.head, body, reads=world.reads, state=step.state, state_digest=step.digest, submitted=submitted
        ),
        **({"parties": sorted({*case.parties, *told})} if told else {}),
        **({"concerns": sorted({*case.concerns, *named})} if named else {}),
        **ended,
        **changes,
    }
    if case.seq == 0:
        work.write(_INSERT, _new_row(case) | values)
    else:
        work.write(_UPDATE, {"locked_case": case.id, **values})
    projections.apply(
        work,
        projections.Applied(
            case_id=case.id,
            business_key=case.business_key,
            seq=case.seq + 1,
            at=at,
            step=step,
            new_parties=told,
            started_at=case.started_at,
            new_concerns=named,
            assignees={task.id: task.assignee} if task else {},
            drafts=[task.id] if task and task.has_draft else [],
        ),
    )


def note(
    work: UnitOfWork,
    case: Case,
    body: Mapping[str, Any],
    *,
    submitted: log.Submitted | None = None,
    parties: Sequence[str] = (),
    **changes: Any,
) -> None:
    """Write a command that leaves the process alone: the log, the case's row, who takes part from now on."""
    told = set(parties) - {SYSTEM.key} - set(case.parties)
    if told:
        changes["parties"] = sorted({*case.parties, *told})
        projections.join(work, case.id, told)
    values = {
        "seq": case.seq + 1,
        "last_at": max(work.now, case.last_at),
        "head_hash": log.append(work, case.head, body, submitted=submitted),
        **changes,
    }
    work.write(_UPDATE, {"locked_case": case.id, **values})


def _new_row(case: Case) -> dict[str, Any]:
    names = ("id", "procedure", "deployment_id", "business_key", "status", "parties", "concerns", "started_at")
    return {name: getattr(case, name) for name in names}


def with_values(body: Mapping[str, Any], checked: Checked) -> dict[str, Any]:
    """A command's body with what was sent: the values that route, and the typed instant of the deed."""
    typed = {"typed_at": checked.typed_instant.isoformat()} if checked.typed_instant else {}
    return {**body, "values": checked.routing, **typed}


def close(work: UnitOfWork, case: Case, body: Mapping[str, Any], *, submitted: log.Submitted | None = None) -> None:
    """End a case from outside: everything that waits is taken away, the state stays as it was."""
    at = max(work.now, case.last_at)
    before = runner.frontier(case.definition, case.state)
    note(work, case, body, submitted=submitted, status=CANCELLED, end_state=CANCELLED, ended_at=at, suspended_at=None)
    step = Step(state=case.state, digest=b"", before=before, after=Frontier())
    applied = projections.Applied(case_id=case.id, business_key=case.business_key, seq=case.seq + 1, at=at, step=step)
    projections.apply(work, applied)
    jobs.remove_all(work.connection, case.id)


def is_case(stream: str) -> bool:
    """Whether a stream's name is a case's id."""
    return len(stream) == 32


def of_job(work: UnitOfWork, job_id: str) -> Case | None:
    """Lock the case of a job, whatever its status; None where it is no case's.

    The case's row is locked before the job's, as everywhere: two in the other order could wait for one another.
    """
    stream = work.connection.scalar(sa.select(job.c.stream).where(job.c.id == job_id))
    return lock(work, stream, statuses=ALL) if stream and is_case(stream) else None


def note_job(
    work: UnitOfWork, case: Case | None, body: Mapping[str, Any], *, submitted: log.Submitted | None = None
) -> None:
    """Log what was done about a job, in its case's stream, or in that of the jobs that are no case's."""
    if case is not None:
        note(work, case, body, submitted=submitted)
    else:
        log.append(work, log.head(work, "jobs"), body, submitted=submitted)


def require_status(case: Case, *statuses: str) -> None:
    """Raises Suspended or CaseClosed where the case's status is none of these."""
    if case.status not in statuses:
        raise (Suspended if case.status == SUSPENDED else CaseClosed)(case=case.id, status=case.status)
