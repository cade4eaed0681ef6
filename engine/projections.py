"""The one writer of everything that is derived from a case's state: the difference of two frontiers, as rows.

`rebuild.py` derives the same rows from the stored state alone; both must agree after every story.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.authorization import MANAGER
from engine.db.models import (
    breach,
    concern,
    deadline_met,
    draft,
    inbox,
    job,
    message,
    message_wait,
    notice,
    party,
    user_task,
)
from engine.db.prepared import Prepared
from engine.db.types import NEVER
from engine.unit_of_work import UnitOfWork
from engine.workflow.advance import AsideCall, Breach, Place, Step, Timer, UserTask

REMINDER_AT = 0.8  # of the time between opening and deadline
SHORTEST_WITH_REMINDER = timedelta(minutes=30)
ASIDE = "aside"  # kind of the jobs that perform an operation while the flow goes on
MESSAGES = "messages"  # stream of the jobs that deliver to other cases

Rows = list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Applied:
    """A step and where it happened.

    Attributes:
        new_parties, new_concerns: Who takes part, and which rows ("register:key") it is about, from this step on.
        started_at: When the case began, where there are new concerns.
        assignees: Of the tasks whose assignee is known already; the others are looked up where needed.
        drafts: Tasks of which drafts are known to be left.
    """

    case_id: str
    business_key: str
    seq: int
    at: datetime
    step: Step
    new_parties: set[str] = field(default_factory=set)
    started_at: datetime | None = None
    new_concerns: set[str] = field(default_factory=set)
    assignees: Mapping[str, str | None] = field(default_factory=dict)
    drafts: Sequence[str] = ()


_MUTABLE = ("candidates", "excluded", "due_at", "deadline", "not_before", "completed_at", "cancelled_at")


def _upsert_task(insert: Any) -> Any:
    statement = insert(user_task)
    new = statement.excluded
    changes = {name: new[name] for name in _MUTABLE}
    changes["revision"] = user_task.c.revision + 1
    changes["assignee"] = sa.func.coalesce(new.assignee, user_task.c.assignee)
    changes["claimed_at"] = sa.func.coalesce(user_task.c.claimed_at, new.claimed_at)
    return statement.on_conflict_do_update(index_elements=["id"], set_=changes)


_UPSERT_TASK = Prepared({"sqlite": _upsert_task(sqlite.insert), "postgresql": _upsert_task(postgresql.insert)})
_INSERT_PARTY = Prepared(
    {
        "sqlite": sqlite.insert(party).on_conflict_do_nothing(),
        "postgresql": postgresql.insert(party).on_conflict_do_nothing(),
    }
)
_DELETE_INBOX = Prepared(inbox.delete().where(*(column == sa.bindparam(column.name) for column in inbox.c)))
_DELETE_JOB = Prepared(job.delete().where(job.c.id == sa.bindparam("of_job")))
_DELETE_WAIT = Prepared(message_wait.delete().where(message_wait.c.id == sa.bindparam("of_wait")))
_DELETE_DRAFT = Prepared(draft.delete().where(draft.c.task_id == sa.bindparam("of_task")))
_MEET_BREACH = Prepared(breach.update().where(breach.c.id == sa.bindparam("of_timer")))
_ASSIGNEES = sa.select(user_task.c.id, user_task.c.assignee).where(
    user_task.c.case_id == sa.bindparam("of_case"),
    user_task.c.assignee.is_not(None),
    user_task.c.completed_at.is_(None),
    user_task.c.cancelled_at.is_(None),
)
_INSERT_JOB, _INSERT_INBOX, _INSERT_WAIT, _INSERT_NOTICE, _INSERT_BREACH, _INSERT_MET, _INSERT_CONCERN = (
    Prepared(table.insert()) for table in (job, inbox, message_wait, notice, breach, deadline_met, concern)
)


def apply(work: UnitOfWork, applied: Applied) -> None:
    """Bring all projections of a case from `step.before` to `step.after`."""
    _apply_tasks(work, applied)
    _apply_jobs(work, applied)
    _apply_waits(work, applied)
    _apply_deadlines(work, applied)
    join(work, applied.case_id, applied.new_parties)
    work.write(_INSERT_CONCERN, *concern_rows(applied.case_id, applied.started_at, applied.new_concerns))


def concern_rows(case_id: str, started_at: datetime | None, concerns: Iterable[str]) -> Rows:
    """The rows of what a case is about; `concerns` are "register:key"."""
    parts = [one.partition(":") for one in sorted(concerns)]
    return [{"register": a, "key": b, "started_at": started_at, "case_id": case_id} for a, _, b in parts]


def join(work: UnitOfWork, case_id: str, principals: set[str]) -> None:
    """Let principals take part in a case: they see it from now on."""
    work.write(_INSERT_PARTY, *({"principal": key, "case_id": case_id} for key in sorted(principals)))


def parties(step: Step, by: str | None) -> set[str]:
    """Everyone who takes part by this step: who acts (None: nobody), who is offered a task, who is told of a breach."""
    found = {by} if by is not None else set()
    for identity, task in step.after.tasks.items():
        if identity not in step.before.tasks or task.candidates != step.before.tasks[identity].candidates:
            found.update(task.candidates)
    for one in step.breaches:
        found.update(told_of(step, one))
    return found


def told_of(step: Step, one: Breach) -> list[str]:
    """Who is told of a breach: those named, else the heads of the candidates; and the service manager."""
    named = list(one.responsible) or [_head(key) for key in _candidates_under(step, one)]
    return list(dict.fromkeys([*named, MANAGER]))


def _candidates_under(step: Step, one: Breach) -> list[str]:
    timer = step.before.timers.get(one.id)
    if timer is not None and timer.candidates:
        return list(timer.candidates)
    tasks = {**step.before.tasks, **step.after.tasks}.values()
    return sorted({key for task in tasks if task.deadline == one.deadline for key in task.candidates})


def _head(key: str) -> str:
    kind, _, name = key.partition(":")
    return f"head:{name}" if kind == "group" else key


# User tasks and the inbox


def inbox_keys(task: UserTask, assignee: str | None) -> Rows:
    """The inbox rows of an open task: its assignee's, or one per candidate."""
    due = task.due_at or NEVER
    return [
        {"principal": key, "due_at": due, "task_id": task.id}
        for key in dict.fromkeys([assignee] if assignee else task.candidates)
    ]


def _apply_tasks(work: UnitOfWork, applied: Applied) -> None:
    step, before, after = applied.step, applied.step.before.tasks, applied.step.after.tasks
    closed = [task for key, task in before.items() if key not in after]
    moved = [task for key, task in after.items() if key in before and before[key] != task]
    opened = [task for key, task in after.items() if key not in before]
    assignees = _assignees(work, applied, [*closed, *moved])
    rows = [_closed_row(work, applied, task) for task in closed]
    rows += [task_row(applied.case_id, task, at=applied.at) for task in [*moved, *opened]]
    work.write(_UPSERT_TASK, *rows)
    gone = [key for old in closed for key in inbox_keys(old, assignees.get(old.id))]
    gone += [key for new in moved for key in inbox_keys(before[new.id], assignees.get(new.id))]
    work.write(_DELETE_INBOX, *gone)
    added = [key for new in moved for key in inbox_keys(new, assignees.get(new.id))]
    added += [key for new in opened for key in inbox_keys(new, None)]
    work.write(_INSERT_INBOX, *added)
    drafts = {*applied.drafts, *(task.id for task in closed if task.id not in step.completed)}
    work.write(_DELETE_DRAFT, *({"of_task": key} for key in sorted(drafts)))


def task_row(case_id: str, task: UserTask, *, at: datetime) -> dict[str, Any]:
    """The row of a newly opened user task."""
    return {
        **place_row(case_id, task),
        **{name: getattr(task, name) for name in ("name", "form", "due_at", "deadline", "not_before")},
        "candidates": list(task.candidates),
        "excluded": list(task.excluded) or None,
        "assignee": None,
        "revision": 1,
        "created_at": task.opened_at,
        "claimed_at": None,
        "completed_at": None,
        "cancelled_at": None,
    }


def place_row(case_id: str, place: Place) -> dict[str, Any]:
    """The columns that say where in a case something stands."""
    return {"case_id": case_id, **{name: getattr(place, name) for name in ("id", "scope", "element", "round", "item")}}


def _closed_row(work: UnitOfWork, applied: Applied, task: UserTask) -> dict[str, Any]:
    row = task_row(applied.case_id, task, at=applied.at)
    if task.id in applied.step.completed:
        return row | {"completed_at": applied.at, "claimed_at": applied.at, "assignee": work.actor.key}
    return row | {"cancelled_at": applied.at}


def _assignees(work: UnitOfWork, applied: Applied, tasks: Iterable[UserTask]) -> Mapping[str, str | None]:
    if all(task.id in applied.assignees for task in tasks):
        return applied.assignees
    rows = work.connection.execute(_ASSIGNEES, {"of_case": applied.case_id})
    return {row.id: row.assignee for row in rows} | dict(applied.assignees)


# Jobs: timers, reminders, operations, messages to others


def _apply_jobs(work: UnitOfWork, applied: Applied) -> None:
    before, after, step = applied.step.before, applied.step.after, applied.step
    new = [timer for key, timer in after.timers.items() if key not in before.timers]
    moved = [timer for key, timer in after.timers.items() if key in before.timers and before.timers[key] != timer]
    gone = [timer for key, timer in before.timers.items() if key not in after.timers]
    rows = [row for timer in new for row in timer_jobs(applied.case_id, timer, timer.opened_at)]
    rows += [row for timer in moved for row in timer_jobs(applied.case_id, timer, applied.at)]
    rows += [
        job_row(
            applied.case_id,
            call.id,
            "call",
            {"operation": call.operation, "arguments": dict(call.arguments)},
            applied.at,
        )
        for key, call in after.calls.items()
        if key not in before.calls
    ]
    rows += [_aside_row(applied, number, call) for number, call in enumerate(step.aside, 1)]
    for number, sent in enumerate(step.sent, 1):
        key = uuid5(UUID(hex=applied.case_id), f"{applied.seq}:sent:{number}").hex
        args = {"name": sent.message, "key": sent.key, "payload": dict(sent.payload), "sender": applied.case_id}
        rows.append(job_row(MESSAGES, key, "message", args, applied.at))
    ended = [key for timer in [*gone, *moved] for key in (timer.id, reminder_id(timer.id) if timer.deadline else None)]
    ended += [key for key in before.calls if key not in after.calls]
    work.write(_DELETE_JOB, *({"of_job": key} for key in ended if key))
    work.write(_INSERT_JOB, *rows)


def _aside_row(applied: Applied, number: int, call: AsideCall) -> dict[str, Any]:
    key = uuid5(UUID(hex=applied.case_id), f"{applied.seq}:aside:{number}").hex
    args = {"seq": applied.seq, "at": applied.at.isoformat(), **asdict(call)}
    return job_row(applied.case_id, key, ASIDE, args, applied.at)


def job_row(stream: str, key: str, kind: str, args: Mapping[str, Any], due: datetime) -> dict[str, Any]:
    """The row of a new job."""
    return {"id": key, "stream": stream, "kind": kind, "args": dict(args), "due_at": due}


def reminder_id(timer: str) -> str:
    """The id of the job that reminds of a timer's deadline."""
    return uuid5(UUID(hex=timer), "reminder").hex


def timer_jobs(case_id: str, timer: Timer, since: datetime) -> Rows:
    """The jobs of a waiting timer: itself, and where it is a deadline the reminder before it.

    `since` is when its time began to run: its opening, or the command that moved it.
    """
    rows = [job_row(case_id, timer.id, "timer", {"element": timer.element}, timer.due_at)]
    length = timer.due_at - since
    if timer.deadline and length >= SHORTEST_WITH_REMINDER:
        args = {"deadline": timer.deadline, "candidates": list(timer.candidates), "due_at": timer.due_at.isoformat()}
        rows.append(job_row(case_id, reminder_id(timer.id), "reminder", args, since + length * REMINDER_AT))
    return rows


# Messages


def _apply_waits(work: UnitOfWork, applied: Applied) -> None:
    before, after = applied.step.before.waits, applied.step.after.waits
    work.write(_DELETE_WAIT, *({"of_wait": key} for key in before if key not in after))
    opened = [wait for key, wait in after.items() if key not in before]
    if not opened:
        return
    rows = [place_row(applied.case_id, wait) | {"name": wait.message, "key": wait.key} for wait in opened]
    work.write(_INSERT_WAIT, *rows)
    deliver_kept(work, [(wait.message, wait.key) for wait in opened], applied.at)


def deliver_kept(work: UnitOfWork, waited_for: Sequence[tuple[str, str]], at: datetime) -> None:
    """Put a job for each kept message that somebody waits for now."""
    kept = sa.select(message.c.id).where(
        message.c.receiver.is_(None), sa.tuple_(message.c.name, message.c.key).in_(list(waited_for))
    )
    rows = []
    for key in work.connection.scalars(kept.order_by(message.c.at, message.c.id)).all():
        again = uuid5(UUID(hex=key), f"{work.kind}:{at.isoformat()}").hex
        rows.append(job_row(MESSAGES, again, "kept_message", {"message": key}, at))
    work.write(_INSERT_JOB, *rows)


# Deadlines


def _apply_deadlines(work: UnitOfWork, applied: Applied) -> None:
    step = applied.step
    if step.breaches:
        rows = [
            place_row(applied.case_id, one) | {"deadline": one.deadline, "due_at": one.due_at, "met_at": None}
            for one in step.breaches
        ]
        work.write(_INSERT_BREACH, *rows)
        for one in step.breaches:
            parameters = {"deadline": one.deadline, "element": one.element, "due_at": one.due_at.isoformat()}
            notify(work, applied, told_of(step, one), "notice.breach", one.id, parameters)
    now_breached = {one.id for one in step.breaches}
    for met in step.met:
        # Its timer has fired before this command, unless it could not be fired and still stands as an incident.
        fired = met.due_at < work.now and met.id not in step.before.timers
        if fired or met.id in now_breached:
            work.write(_MEET_BREACH, {"of_timer": met.id, "met_at": met.met_at})
        else:
            names = ("element", "item", "deadline", "due_at", "met_at")
            work.write(_INSERT_MET, {"case_id": applied.case_id, **{name: getattr(met, name) for name in names}})


def notify(
    work: UnitOfWork, applied: Applied, principals: Iterable[str], code: str, about: str, parameters: Mapping[str, Any]
) -> None:
    """Tell principals something, once per `about` (32 hex digits) and principal."""
    rows: Rows = [
        {
            "principal": key,
            "at": applied.at,
            "id": uuid5(UUID(hex=about), f"{code}:{key}").hex,
            "case_id": applied.case_id,
            "code": code,
            "parameters": {"case": applied.business_key, **parameters},
            "seen_at": None,
        }
        for key in principals
    ]
    work.write(_INSERT_NOTICE, *rows)
    for row in rows[:1] if work.settings.notify_urls else ():  # the addresses get it once, whoever is told
        sending, args = uuid5(UUID(hex=row["id"]), "send").hex, {"notice": row["id"], "to": row["principal"]}
        work.write(_INSERT_JOB, job_row(MESSAGES, sending, "notify", args, applied.at))
