"""Compare a case's projections with what its stored state alone says they must be."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from engine import case_forms, deployments, projections
from engine.db.models import command, concern, inbox, instance, job, message_wait, user_task
from engine.workflow import runner
from engine.workflow.advance import Frontier
from engine.workflow.definition import Definition

_TASK = (
    "scope",
    "element",
    "round",
    "item",
    "name",
    "form",
    "candidates",
    "excluded",
    "due_at",
    "deadline",
    "not_before",
)


def compare(connection: sa.Connection, case_id: str) -> Iterator[str]:
    """Say where rows and state differ; nothing where all is well."""
    case = connection.execute(sa.select(instance).where(instance.c.id == case_id)).one()
    ended = case.status in ("completed", "cancelled")
    definition = deployments.definition(connection, case.deployment_id)
    waiting = Frontier() if ended else runner.frontier(definition, case.state)
    yield from _tasks(connection, case_id, waiting)
    yield from _jobs(connection, case_id, waiting)
    wanted = {(one.id, one.message, one.key) for one in waiting.waits.values()}
    columns = (message_wait.c.id, message_wait.c.name, message_wait.c.key)
    found = _tuples(connection, sa.select(*columns).where(message_wait.c.case_id == case_id))
    yield from _differ("message_wait", wanted, found)
    yield from _concerns(connection, case, definition)


def _concerns(connection: sa.Connection, case: Any, definition: Definition) -> Iterator[str]:
    """What the forms of a case have named is in its log, not in its state: a later round replaces an earlier one."""
    forms = dict(
        connection.execute(sa.select(user_task.c.id, user_task.c.form).where(user_task.c.case_id == case.id)).all()
    )
    named: set[str] = set()
    for body in connection.scalars(sa.select(command.c.body).where(command.c.stream == case.id)):
        if body.get("values"):
            start = definition.elements.get((definition.process.id, body.get("event", "")))
            key = definition.form_key(start) if start else forms.get(body.get("task"))
            named |= case_forms.concerns(deployments.form(definition, case.deployment_id, key), body["values"])
    wanted = {tuple(row.values()) for row in projections.concern_rows(case.id, case.started_at, named)}
    yield from _differ("concern", wanted, _tuples(connection, sa.select(concern).where(concern.c.case_id == case.id)))
    yield from _differ("instance.concerns", named, set(case.concerns))


def _tasks(connection: sa.Connection, case_id: str, waiting: Frontier) -> Iterator[str]:
    is_open = sa.and_(
        user_task.c.case_id == case_id, user_task.c.completed_at.is_(None), user_task.c.cancelled_at.is_(None)
    )
    rows = {row["id"]: row for row in connection.execute(sa.select(user_task).where(is_open)).mappings()}
    yield from _differ("user_task", set(waiting.tasks), set(rows))
    places: set[tuple[Any, ...]] = set()
    for key, task in waiting.tasks.items():
        if key not in rows:
            continue
        wanted = projections.task_row(case_id, task, at=task.opened_at)
        for name in _TASK:
            if rows[key][name] != wanted[name]:
                yield f"user_task {key}: {name} is {rows[key][name]!r}, not {wanted[name]!r}"
        places |= {tuple(place.values()) for place in projections.inbox_keys(task, rows[key]["assignee"])}
    of_case = inbox.c.task_id.in_(sa.select(user_task.c.id).where(user_task.c.case_id == case_id))
    found = _tuples(connection, sa.select(inbox).where(of_case))
    yield from _differ("inbox", places, found)


def _jobs(connection: sa.Connection, case_id: str, waiting: Frontier) -> Iterator[str]:
    rows = sa.select(job.c.id, job.c.due_at).where(job.c.stream == case_id, job.c.kind == "timer")
    due = {(key, one.due_at) for key, one in waiting.timers.items()}
    yield from _differ("timer", due, _tuples(connection, rows))
    calls = set(connection.scalars(sa.select(job.c.id).where(job.c.stream == case_id, job.c.kind == "call")))
    yield from _differ("call", set(waiting.calls), calls)


def _tuples(connection: sa.Connection, rows: sa.Select[Any]) -> set[tuple[Any, ...]]:
    return {tuple(row) for row in connection.execute(rows)}


def _differ(table: str, wanted: set[Any], found: set[Any]) -> Iterator[str]:
    for row in sorted(map(str, wanted - found)):
        yield f"{table}: {row} is missing"
    for row in sorted(map(str, found - wanted)):
        yield f"{table}: {row} should not be there"
