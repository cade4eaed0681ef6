"""What there is to be seen in an installation: cases, commands, and open tasks in every state."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine.cases import RUNNING, SUSPENDED
from engine.db.models import breach, command, customer, inbox, instance, job, person, user_task
from engine.jobs import INCIDENT

FRESH = timedelta(hours=1)
LAST_FIFTH = 0.2
STREAMS_BESIDE = ("people", "registers", "calendar", "definitions")


def mix(connection: sa.Connection, now: datetime) -> dict[str, Any]:
    """Counts by name; `procedures` and `end_states` are counts of cases."""
    open_ids = sa.select(inbox.c.task_id).distinct()
    rows = sa.select(user_task, instance.c.status, instance.c.procedure, instance.c.started_at).join(
        instance, instance.c.id == user_task.c.case_id
    )
    tasks = connection.execute(rows.where(user_task.c.id.in_(open_ids))).mappings().all()
    running = [one for one in tasks if one["status"] == RUNNING]
    return {
        "people": _count(connection, sa.select(person.c.id)),
        "customers": _count(connection, sa.select(customer.c.key)),
        "cases": _count(connection, sa.select(instance.c.id)),
        "commands": _count(connection, sa.select(command.c.seq).where(command.c.stream.not_in(STREAMS_BESIDE))),
        "breaches": _count(connection, sa.select(breach.c.id)),
        "open_tasks": len(tasks),
        "fresh": sum(one["created_at"] > now - FRESH for one in running),
        "due_soon": sum(_is_due_soon(one, now) for one in running),
        "overdue": sum(one["due_at"] is not None and one["due_at"] < now for one in running),
        "offered": sum(one["assignee"] is None for one in running),
        "claimed": sum(one["assignee"] is not None for one in running),
        "escalated": len({one["case_id"] for one in running if _is_major(one)}),
        "several_departments": len(_shared(connection, {one["case_id"] for one in running})),
        "suspended": len({one["case_id"] for one in tasks if one["status"] == SUSPENDED}),
        "incidents": _count(connection, sa.select(job.c.id).where(job.c.status == INCIDENT)),
        "procedures": _by(connection, instance.c.procedure),
        "end_states": _by(connection, instance.c.end_state),
        "kinds": _by(connection, command.c.kind),
    }


def _count(connection: sa.Connection, rows: "sa.Select[Any]") -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(rows.subquery())) or 0


def _by(connection: sa.Connection, column: "sa.Column[Any]") -> dict[str, int]:
    rows = sa.select(column, sa.func.count()).group_by(column).order_by(column)
    return {str(name): number for name, number in connection.execute(rows)}


def _is_due_soon(row: sa.RowMapping, now: datetime) -> bool:
    """At most a fifth of the time is left; the clock of a task may have begun with its case."""
    if row["due_at"] is None or row["due_at"] <= now:
        return False
    since = row["started_at"] if row["deadline"] == "T-01" else row["created_at"]
    return bool(row["due_at"] - now <= LAST_FIFTH * (row["due_at"] - since))


def _is_major(row: sa.RowMapping) -> bool:
    return row["procedure"] == "major-complaint" or "escalate" in row["scope"]


def _shared(connection: sa.Connection, running: set[str]) -> list[str]:
    """Running cases that were handed to two departments or more."""
    rows = sa.select(user_task.c.case_id).where(user_task.c.element == "sign_receipt", user_task.c.case_id.in_(running))
    several = rows.group_by(user_task.c.case_id).having(sa.func.count(sa.distinct(user_task.c.item)) > 1)
    return list(connection.scalars(several))
