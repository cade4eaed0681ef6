"""The inbox: what is due when, of everything that a person may do. Cheap whatever the size of the store.

A union of the first rows of each principal (findings/libraries.md, section 2), continued by key, never by offset.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine import authorization
from engine.actor import Actor
from engine.db.models import deployment, draft, inbox, instance, job, user_task
from engine.db.types import hex_text
from engine.errors import InvalidCommand, NotFound

PAGE = 30
COUNTED = 100  # counts end at "99+"

Position = tuple[datetime, str]  # due time and task id of the last row of a page


@dataclass(frozen=True, kw_only=True)
class Item:
    """An open task as lists show it."""

    id: str
    case_id: str
    business_key: str
    procedure: str
    title: str  # of the procedure
    deployment_id: str
    subject: str | None
    status: str  # of the case
    suspended_at: datetime | None
    element: str
    item: str | None
    name: str
    candidates: list[str]
    assignee: str | None
    revision: int
    due_at: datetime | None
    deadline: str | None
    not_before: datetime | None
    created_at: datetime
    claimed_at: datetime | None
    has_draft: bool
    incident: bool


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of the inbox; `next` continues it, None at the end."""

    items: list[Item]
    next: Position | None


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many tasks there are, each at most 100 (shown as 99+)."""

    all: int
    mine: int  # claimed by the person
    late: int
    today: int  # due by the end of the day, late ones included


def worklist(
    connection: sa.Connection,
    actor: Actor,
    *,
    scope: str = "all",
    after: Position | None = None,
    before: datetime | None = None,
    size: int = PAGE,
) -> Page:
    """A page of tasks, earliest deadline first.

    Args:
        scope: "all", "mine" (claimed) or "groups" (offered, not claimed).
        after: Continue behind this row.
        before: Only what is due before this instant.
    """
    keys = [*_first(_principals(actor, scope), after=after, before=before, size=size + 1)]
    rows = sa.union(*(sa.select(one.subquery()) for one in keys)).subquery() if keys else None
    if rows is None:
        return Page(items=[], next=None)
    firsts = sa.select(rows.c.due_at, rows.c.task_id).order_by(rows.c.due_at, rows.c.task_id).limit(size + 1)
    found = connection.execute(firsts).all()
    items = {one.id: one for one in _items(connection, actor, [row.task_id for row in found[:size]])}
    more = (found[size - 1].due_at, found[size - 1].task_id) if len(found) > size else None
    return Page(items=[items[row.task_id] for row in found[:size] if row.task_id in items], next=more)


def counts(connection: sa.Connection, actor: Actor, now: datetime, end_of_day: datetime) -> Counts:
    """Counts for the tabs, in one statement."""
    every, mine = _principals(actor, "all"), [actor.key]
    parts = [
        _capped(every, None).label("all"),
        _capped(mine, None).label("mine"),
        _capped(every, now).label("late"),
        _capped(every, end_of_day + timedelta(microseconds=1)).label("today"),
    ]
    return Counts(**connection.execute(sa.select(*parts)).mappings().one())


def item(connection: sa.Connection, actor: Actor, task_id: str) -> Item:
    """One task as lists show it.

    Raises:
        NotFound: There is none.
    """
    found = next(iter(_items(connection, actor, [task_id])), None)
    if found is None:
        raise NotFound(task=task_id)
    return found


def next_task(connection: sa.Connection, actor: Actor, case_id: str) -> str | None:
    """The open task of a case that this person may go on with, the one that is due first."""
    rows = sa.select(user_task.c.id, user_task.c.assignee, user_task.c.candidates, user_task.c.excluded).where(
        user_task.c.case_id == case_id, user_task.c.completed_at.is_(None), user_task.c.cancelled_at.is_(None)
    )
    for row in connection.execute(rows.order_by(user_task.c.due_at.asc().nulls_last(), user_task.c.id)):
        if row.assignee == actor.key:
            return str(row.id)
        if row.assignee is None and authorization.is_candidate(actor, row.candidates, row.excluded or ()):
            return str(row.id)
    return None


def position(text: str) -> Position:
    """Read what `position_text` wrote.

    Raises:
        InvalidCommand: It is not one of ours.
    """
    due, _, key = text.partition("~")
    try:
        return datetime.fromisoformat(due), bytes.fromhex(key).hex()
    except ValueError:
        raise InvalidCommand(field="after") from None


def position_text(at: Position) -> str:
    """A position as the query string of a link carries it."""
    return f"{at[0].isoformat()}~{at[1]}"


def _principals(actor: Actor, scope: str) -> list[str]:
    if scope == "mine":
        return [actor.key]
    return sorted(actor.principals - ({actor.key} if scope == "groups" else set()))


def _first(
    principals: Iterable[str], *, after: Position | None, before: datetime | None, size: int
) -> Iterable["sa.Select[Any]"]:
    for key in principals:
        rows = sa.select(inbox.c.due_at, inbox.c.task_id).where(inbox.c.principal == key)
        if after is not None:
            behind = sa.tuple_(inbox.c.due_at, inbox.c.task_id) > sa.tuple_(
                sa.literal(after[0], inbox.c.due_at.type), sa.literal(after[1], inbox.c.task_id.type)
            )
            rows = rows.where(behind)
        if before is not None:
            rows = rows.where(inbox.c.due_at < before)
        yield rows.order_by(inbox.c.due_at, inbox.c.task_id).limit(size)


def _capped(principals: list[str], before: datetime | None) -> Any:
    firsts = [sa.select(one.subquery()) for one in _first(principals, after=None, before=before, size=COUNTED)]
    rows = sa.select(sa.union(*firsts).subquery()).limit(COUNTED).subquery()
    return sa.select(sa.func.count()).select_from(rows).scalar_subquery()


def _items(connection: sa.Connection, actor: Actor, ids: list[str]) -> Iterable[Item]:
    mine = sa.exists().where(draft.c.task_id == user_task.c.id, draft.c.actor == actor.key)
    stuck = sa.exists().where(job.c.stream == hex_text(instance.c.id), job.c.status == "incident")
    of_task = [name for name in Item.__dataclass_fields__ if name in user_task.c]
    columns = [user_task.c[name] for name in of_task]
    columns += [instance.c[name] for name in ("business_key", "procedure", "subject", "status")]
    columns += [instance.c.deployment_id, instance.c.suspended_at, deployment.c.title]
    rows = sa.select(*columns, mine.label("has_draft"), stuck.label("incident"))
    rows = rows.join(instance, instance.c.id == user_task.c.case_id)
    rows = rows.join(deployment, deployment.c.id == instance.c.deployment_id).where(user_task.c.id.in_(ids))
    for row in connection.execute(rows).mappings():
        yield Item(**row)
