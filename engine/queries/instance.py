"""One case, and lists of cases, as far as the asking person may see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import authorization, deployments
from engine.actor import Actor
from engine.db.models import case_file, deployment, instance, job, message_wait, party, user_task
from engine.errors import NotFound
from engine.queries import case_deadlines
from engine.queries.case_deadlines import Deadline
from engine.workflow import runner
from engine.workflow.advance import Frontier
from engine.workflow.definition import Definition, Element

PAGE = 30
THROWING = ("endEvent", "intermediateThrowEvent")
LIVING = ("running", "suspended")
_ROW = tuple(column for column in instance.c if column.name not in ("state", "head_hash"))
_OPEN = sa.and_(user_task.c.completed_at.is_(None), user_task.c.cancelled_at.is_(None))
_EARLIEST = (
    sa.select(sa.func.min(user_task.c.due_at))
    .where(user_task.c.case_id == instance.c.id, _OPEN)
    .correlate(instance)
    .scalar_subquery()
)


@dataclass(frozen=True, kw_only=True)
class CasePage:
    """Everything that the page of a case shows besides its diagram and its history.

    Attributes:
        row: The columns of `instance` without its state; `title` and `version` of the procedure with it.
        open_tasks, done_tasks: Columns of `user_task`; open ones earliest deadline first, done ones newest first.
        sleeps_until: When the next timer fires that is no deadline, where the case waits for one.
        notes: (message, name) of the events that a person may report by hand: the work goes on.
        names: Element id → what the diagram calls it.
        end_name: What the diagram calls the end that the case has reached.
    """

    row: sa.RowMapping
    open_tasks: list[sa.RowMapping]
    done_tasks: list[sa.RowMapping]
    deadlines: list[Deadline]
    waits: list[sa.RowMapping]
    incidents: list[sa.RowMapping]
    files: list[sa.RowMapping]
    sleeps_until: datetime | None
    notes: list[tuple[str, str]]
    names: Mapping[str, str]
    end_name: str


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
    opened = tasks.where(_OPEN).order_by(user_task.c.due_at.is_(None), user_task.c.due_at, user_task.c.id)
    definition = deployments.definition(connection, row["deployment_id"])
    waiting = _frontier(connection, definition, row)
    return CasePage(
        row=row,
        open_tasks=_rows(connection, opened),
        done_tasks=_rows(connection, done),
        deadlines=case_deadlines.deadlines(connection, row, waiting),
        waits=_rows(connection, waits),
        incidents=_rows(connection, stuck),
        files=_rows(connection, files),
        sleeps_until=min((one.due_at for one in waiting.timers.values() if one.host is None), default=None),
        notes=_notes(definition, waiting),
        names={element.id: element.name for element in definition.elements.values()},
        end_name=next((e.name for e in definition.elements.values() if _is_end(e, row["end_state"])), ""),
    )


def _frontier(connection: sa.Connection, definition: Definition, row: sa.RowMapping) -> Frontier:
    if row["status"] not in LIVING:
        return Frontier()
    state = connection.scalars(sa.select(instance.c.state).where(instance.c.id == row["id"])).one()
    return runner.frontier(definition, state)


def _notes(definition: Definition, waiting: Frontier) -> list[tuple[str, str]]:
    """Boundary events that wait for a message beside the work, where no diagram of the case sends that message."""
    sent = {e.message for e in definition.elements.values() if e.kind in THROWING}
    found = {}
    for wait in waiting.waits.values():
        for element in definition.elements.values():
            beside = element.kind == "boundaryEvent" and not element.interrupting
            if element.id == wait.element and beside and wait.message not in sent:
                found[wait.message] = element.name
    return sorted(found.items())


def _is_end(element: Element, end_state: str | None) -> bool:
    return element.kind == "endEvent" and end_state is not None and element.properties.get("end_state") == end_state


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


def by_number(connection: sa.Connection, actor: Actor, number: str) -> str:
    """The id of the case with this number, the newest where procedures share their letters.

    Raises:
        NotFound: There is none, or this person takes no part in it.
    """
    rows = sa.select(instance.c.id, instance.c.parties).where(instance.c.business_key == number)
    found = connection.execute(rows.order_by(instance.c.started_at.desc(), instance.c.id)).all()
    seen = [row.id for row in found if authorization.may_see(actor, row.parties)]
    if not seen:
        raise NotFound(case=number)
    return str(seen[0])


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
    """Cases, newest first; `after` (started_at, id) continues a list. `text` is part of the number or the subject.

    Each row has the procedure's `title` and `due_at`, the earliest deadline of what is open.
    """
    rows = _seen_by(actor, sa.select(*_ROW, deployment.c.title, _EARLIEST.label("due_at")))
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


def open_steps(connection: sa.Connection, case_ids: list[str]) -> dict[str, list[sa.RowMapping]]:
    """Case id → its open tasks (columns of `user_task`), earliest deadline first."""
    rows = sa.select(user_task).where(user_task.c.case_id.in_(case_ids), _OPEN)
    found: dict[str, list[sa.RowMapping]] = {}
    for row in _rows(connection, rows.order_by(user_task.c.due_at.is_(None), user_task.c.due_at, user_task.c.id)):
        found.setdefault(row["case_id"], []).append(row)
    return found


def procedures(connection: sa.Connection) -> list[sa.RowMapping]:
    """Procedure, title and id of the newest deployment of everything that was ever published, by title."""
    rows = sa.select(deployment.c.id, deployment.c.procedure, deployment.c.title).order_by(deployment.c.version)
    newest = {row["procedure"]: row for row in _rows(connection, rows)}
    return sorted(newest.values(), key=lambda one: str(one["title"]))


def _seen_by(actor: Actor, rows: "sa.Select[Any]") -> "sa.Select[Any]":
    rows = rows.join(deployment, deployment.c.id == instance.c.deployment_id)
    if authorization.may_see(actor, ()):
        return rows
    keys = party.c.principal.in_(sorted(actor.principals))
    return rows.where(sa.exists().where(party.c.case_id == instance.c.id, keys))


def _rows(connection: sa.Connection, rows: "sa.Select[Any]") -> list[sa.RowMapping]:
    return list(connection.execute(rows).mappings())
