"""One case, and lists of cases, as far as the asking person may see them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import authorization, deployments
from engine.actor import Actor
from engine.db.models import breach, case_file, deadline_met, deployment, instance, job, message_wait, party, user_task
from engine.errors import NotFound
from engine.workflow import runner

PAGE = 30
_ROW = tuple(column for column in instance.c if column.name not in ("state", "head_hash"))
_OPEN = sa.and_(user_task.c.completed_at.is_(None), user_task.c.cancelled_at.is_(None))


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A deadline of a case: running, met or missed.

    Attributes:
        timer_id: What `Reschedule` moves; None where it no longer runs.
        breached: It passed before its work was done.
    """

    deadline: str
    element: str
    item: str | None
    due_at: datetime
    met_at: datetime | None
    breached: bool
    timer_id: str | None


@dataclass(frozen=True, kw_only=True)
class CasePage:
    """Everything that the page of a case shows besides its diagram.

    Attributes:
        row: The columns of `instance` without its state; `title` of the procedure with it.
        open_tasks, done_tasks: Columns of `user_task`; done ones newest first.
    """

    row: sa.RowMapping
    open_tasks: list[sa.RowMapping]
    done_tasks: list[sa.RowMapping]
    deadlines: list[Deadline]
    waits: list[sa.RowMapping]
    incidents: list[sa.RowMapping]
    files: list[sa.RowMapping]


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A diagram and where a case stands in it: element ids of the shown process."""

    procedure: str
    xml: str
    visited: frozenset[str]
    active: frozenset[str]
    late: frozenset[str]


def case_page(connection: sa.Connection, actor: Actor, case_id: str, now: datetime) -> CasePage:
    """The page of one case.

    Raises:
        NotFound: There is none, or this person takes no part in it.
    """
    row = visible(connection, actor, case_id)
    tasks = sa.select(user_task).where(user_task.c.case_id == case_id)
    done = tasks.where(user_task.c.completed_at.is_not(None)).order_by(user_task.c.completed_at.desc(), user_task.c.id)
    waits = sa.select(message_wait).where(message_wait.c.case_id == case_id).order_by(message_wait.c.name)
    stuck = sa.select(job).where(job.c.stream == case_id, job.c.status == "incident").order_by(job.c.due_at)
    files = sa.select(case_file).where(case_file.c.case_id == case_id).order_by(case_file.c.at.desc(), case_file.c.id)
    opened = tasks.where(_OPEN).order_by(sa.func.coalesce(user_task.c.due_at, sa.literal(now)), user_task.c.id)
    return CasePage(
        row=row,
        open_tasks=_rows(connection, opened),
        done_tasks=_rows(connection, done),
        deadlines=deadlines(connection, case_id),
        waits=_rows(connection, waits),
        incidents=_rows(connection, stuck),
        files=_rows(connection, files),
    )


def visible(connection: sa.Connection, actor: Actor, case_id: str) -> sa.RowMapping:
    """A case's row.

    Raises:
        NotFound: There is none, or this person takes no part in it.
    """
    rows = sa.select(*_ROW, deployment.c.title, deployment.c.version).join(
        deployment, deployment.c.id == instance.c.deployment_id
    )
    row = connection.execute(rows.where(instance.c.id == case_id)).mappings().one_or_none()
    if row is None or not authorization.may_see(actor, row["parties"]):
        raise NotFound(case=case_id)
    return row


def deadlines(connection: sa.Connection, case_id: str) -> list[Deadline]:
    """The deadlines of a case by due time: running ones, met ones, missed ones."""
    found: dict[str, Deadline] = {}
    for row in connection.execute(sa.select(deadline_met).where(deadline_met.c.case_id == case_id)):
        found[row.id] = Deadline(
            deadline=row.deadline,
            element=row.element,
            item=row.item,
            due_at=row.due_at,
            met_at=row.met_at,
            breached=False,
            timer_id=None,
        )
    for row in connection.execute(sa.select(breach).where(breach.c.case_id == case_id)):
        found[row.id] = Deadline(
            deadline=row.deadline,
            element=row.element,
            item=row.item,
            due_at=row.due_at,
            met_at=row.met_at,
            breached=True,
            timer_id=None,
        )
    for key, timer in _running(connection, case_id).items():
        found[key] = timer
    return sorted(found.values(), key=lambda one: (one.due_at, one.deadline))


def _running(connection: sa.Connection, case_id: str) -> dict[str, Deadline]:
    row = connection.execute(sa.select(instance).where(instance.c.id == case_id)).one()
    if row.status not in ("running", "suspended"):
        return {}
    waiting = runner.frontier(deployments.definition(connection, row.deployment_id), row.state)
    return {
        key: Deadline(
            deadline=timer.deadline,
            element=timer.host or timer.element,
            item=timer.item,
            due_at=timer.due_at,
            met_at=None,
            breached=False,
            timer_id=key,
        )
        for key, timer in waiting.timers.items()
        if timer.deadline
    }


def pictures(connection: sa.Connection, actor: Actor, case_id: str, now: datetime) -> list[Picture]:
    """The diagrams of a case: its procedure's first, then those it has called.

    Raises:
        NotFound: As `case_page`.
    """
    visible(connection, actor, case_id)
    row = connection.execute(sa.select(instance).where(instance.c.id == case_id)).one()
    definition = deployments.definition(connection, row.deployment_id)
    files = deployments.files(connection, row.deployment_id)
    reached = runner.visited(definition, row.state)
    tasks = _rows(connection, sa.select(user_task).where(user_task.c.case_id == case_id, _OPEN))
    active = {task["element"] for task in tasks}
    late = {task["element"] for task in tasks if task["due_at"] is not None and task["due_at"] < now}
    found = []
    for process in definition.processes.values():
        is_main = process.id == definition.process.id
        if not is_main and process.id not in reached:
            continue
        path = f"{process.procedure}.bpmn" if is_main else f"calls/{process.procedure}/{process.procedure}.bpmn"
        own = {element for owner, element in definition.elements if owner == process.id}
        found.append(
            Picture(
                procedure=process.procedure,
                xml=files[path].decode(),
                visited=frozenset(reached.get(process.id, ())),
                active=frozenset(active & own),
                late=frozenset(late & own),
            )
        )
    return sorted(found, key=lambda one: one.procedure != definition.procedure)


def cases(
    connection: sa.Connection,
    actor: Actor,
    *,
    procedure: str | None = None,
    statuses: tuple[str, ...] = (),
    text: str = "",
    after: tuple[datetime, str] | None = None,
    size: int = PAGE,
) -> list[sa.RowMapping]:
    """Cases, newest first; `after` (started_at, id) continues a list. `text` is part of the number or the subject."""
    rows = sa.select(*_ROW, deployment.c.title).join(deployment, deployment.c.id == instance.c.deployment_id)
    if not authorization.may_see(actor, ()):
        keys = party.c.principal.in_(sorted(actor.principals))
        rows = rows.where(sa.exists().where(party.c.case_id == instance.c.id, keys))
    if procedure:
        rows = rows.where(instance.c.procedure == procedure)
    if statuses:
        rows = rows.where(instance.c.status.in_(statuses))
    if text:
        shown = instance.c.business_key.contains(text, autoescape=True)
        rows = rows.where(sa.or_(shown, instance.c.subject.contains(text, autoescape=True)))
    if after is not None:
        start = sa.literal(after[0], instance.c.started_at.type)
        earlier = sa.and_(instance.c.started_at == start, instance.c.id < sa.literal(after[1], instance.c.id.type))
        rows = rows.where(sa.or_(instance.c.started_at < start, earlier))
    return _rows(connection, rows.order_by(instance.c.started_at.desc(), instance.c.id.desc()).limit(size))


def _rows(connection: sa.Connection, rows: "sa.Select[Any]") -> list[sa.RowMapping]:
    return list(connection.execute(rows).mappings())
