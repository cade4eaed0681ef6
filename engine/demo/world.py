"""What the simulation looks up: open tasks, forms, cases before this one. Reads as pages read, by queries."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import deployments
from engine.db.models import concern, inbox, instance, user_task
from engine.demo.names import Household
from engine.demo.yard import Yard
from engine.executor import Engine
from engine.form_schema import Form
from engine.queries import form_page
from engine.registers import lookup

_OPEN = sa.select(inbox.c.task_id).distinct()
_TASKS = sa.select(user_task, instance.c.procedure, instance.c.business_key, instance.c.started_at).join(
    instance, instance.c.id == user_task.c.case_id
)
HANDLED = ("verify_with_customer", "confirm_validity", "file_solution", "visit_or_explain", "closing_call")


def open_ids(engine: Engine) -> set[str]:
    """The ids of all open tasks."""
    with engine.read() as connection:
        return set(connection.scalars(_OPEN))


def tasks(engine: Engine, ids: Iterable[str]) -> list[sa.RowMapping]:
    """Rows of user tasks, with procedure, business_key and started_at of their cases, oldest first."""
    with engine.read() as connection:
        rows = _TASKS.where(user_task.c.id.in_(list(ids))).order_by(user_task.c.created_at, user_task.c.id)
        return list(connection.execute(rows).mappings())


def start_form(engine: Engine, procedure: str) -> Form | None:
    """The form of a procedure's plain start event."""
    with engine.read() as connection:
        row = deployments.current(connection, procedure)
        assert row is not None, f"{procedure} is not deployed"
        definition = deployments.definition(connection, row.id)
        event = next(name for name, kind in definition.process.starts.items() if kind == "none")
        return deployments.form(
            definition, row.id, definition.form_key(definition.element(definition.process.id, event))
        )


def start_conditions(engine: Engine, now: datetime) -> Any:
    """(condition, values) → whether a field of a start form is asked."""

    def applies(text: str, values: Mapping[str, Any]) -> bool:
        with engine.read() as connection:
            return form_page.conditions(connection, now)(text, values)

    return applies


def earlier_cases(engine: Engine) -> dict[str, list[str]]:
    """Business keys of complaints: "ended" by a last call, "over" in a way, "handled" (a department works), "any"."""
    with engine.read() as connection:
        complaints = sa.select(instance.c.business_key, instance.c.status, instance.c.end_state, instance.c.id).where(
            instance.c.procedure == "complaint-handling"
        )
        rows = connection.execute(complaints.order_by(instance.c.started_at.desc(), instance.c.id).limit(200)).all()
        at_work = sa.select(user_task.c.case_id).where(
            user_task.c.id.in_(_OPEN), user_task.c.element.in_(HANDLED), user_task.c.scope.contains("resolve")
        )
        handled = set(connection.scalars(at_work))
    ended = [row.business_key for row in rows if row.end_state in ("closed_satisfied", "closed_not_valid")]
    return {
        "ended": ended[:40],
        "over": [row.business_key for row in rows if row.end_state is not None],
        "handled": [row.business_key for row in rows if row.id in handled and row.status == "running"],
        "any": [row.business_key for row in rows],
    }


def household_of(engine: Engine, case_id: str, yard: Yard) -> Household | None:
    """Whose site a case is about, or which customer."""
    with engine.read() as connection:
        rows = sa.select(concern.c.register, concern.c.key).where(concern.c.case_id == case_id)
        about = {row.register: row.key for row in connection.execute(rows)}
    return yard.by_site.get(about.get("site", "")) or yard.by_customer.get(about.get("customer", ""))


def choices(engine: Engine, register: str) -> list[str]:
    """The keys of a register's rows that a form may name today."""
    with engine.read() as connection:
        return [key for key, _ in lookup.search(connection, register, "", form_page.MOST_CHOICES)]
