"""What a form needs besides its own text when it is shown: its conditions decided, and what may be chosen."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import deployments
from engine.db.models import draft, instance, membership, person, user_task
from engine.errors import ExpressionError
from engine.registers import calendar, lookup, people
from engine.workflow import expressions, runner
from engine.workflow.functions import PURE
from engine.workflow.time_functions import time_functions

MOST_CHOICES = 500


def conditions(
    connection: sa.Connection, now: datetime, task: Mapping[str, Any] | None = None
) -> Callable[[str, Mapping[str, Any]], bool]:
    """Return (condition, the form's own values) → whether the field is asked; False where it can't be told yet.

    Args:
        task: The row of the user task; None for a start form. The connection must stay open while it is used.
    """
    known: dict[str, Any] = {}

    def applies(text: str, values: Mapping[str, Any]) -> bool:
        if not known:
            known.update(_known(connection, now, task))
        try:
            return expressions.compile(text).evaluate({**known["data"], **values}, known["functions"]) is True
        except ExpressionError:
            return False

    return applies


def _known(connection: sa.Connection, now: datetime, task: Mapping[str, Any] | None) -> dict[str, Any]:
    started = now
    data: Mapping[str, Any] = {}
    if task is not None:
        columns = (instance.c.state, instance.c.started_at, instance.c.deployment_id)
        row = connection.execute(sa.select(*columns).where(instance.c.id == task["case_id"])).one()
        definition = deployments.definition(connection, row.deployment_id)
        started, data = row.started_at, runner.case_data(definition, row.state).get(task["scope"], {})
    return {"data": data, "functions": {**PURE, **time_functions(now, started, calendar.current(connection))}}


def choices(connection: sa.Connection) -> Callable[[str], list[tuple[str, str]]]:
    """Return register → (key, name) of its rows, by name."""
    return lambda register: lookup.search(connection, register, "", MOST_CHOICES)


def name_of(connection: sa.Connection) -> Callable[[str, str], str]:
    """Return (register, key) → what people call the row, the key itself where it is gone."""
    return lambda register, key: lookup.names(connection, register, [key]).get(key, key)


def colleagues(connection: sa.Connection, task: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Whom a task may be handed to: (principal key, name), the members of its candidate groups first."""
    groups = [key.partition(":")[2] for key in task["candidates"] if not key.startswith("person:")]
    near = sa.exists().where(membership.c.person_id == person.c.id, membership.c.group_key.in_(groups))
    rows = sa.select(person.c.id, person.c.name).where(person.c.active).order_by(sa.not_(near), person.c.name)
    barred = {task["assignee"]} | people.behind(connection, task["excluded"] or ())
    found = [(f"person:{row.id}", row.name) for row in connection.execute(rows)]
    return [(key, name) for key, name in found if key not in barred]


def draft_of(connection: sa.Connection, task_id: str, actor: str) -> tuple[dict[str, Any], datetime] | None:
    """The values that a person has typed for a task so far, and when they were kept."""
    rows = sa.select(draft.c["values"], draft.c.saved_at)
    row = connection.execute(rows.where(draft.c.task_id == task_id, draft.c.actor == actor)).one_or_none()
    return (row[0], row[1]) if row else None


def holder(connection: sa.Connection, task_id: str) -> sa.RowMapping | None:
    """Who has or had a task, and since when: assignee, claimed_at, completed_at, case_id."""
    names = ("assignee", "claimed_at", "completed_at", "cancelled_at", "case_id")
    rows = sa.select(*(user_task.c[name] for name in names)).where(user_task.c.id == task_id)
    return connection.execute(rows).mappings().one_or_none()
