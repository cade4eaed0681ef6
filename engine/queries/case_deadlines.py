"""The deadlines of a case: kept, missed and running."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine import deployments
from engine.db.models import breach, deadline_met
from engine.workflow.advance import Frontier, Timer
from engine.workflow.definition import Definition, Element

APPOINTMENT = "at("  # a timer on an instant that somebody typed: it is what may be moved when a visit is


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A deadline of a case: running, met or missed.

    Attributes:
        name: Of the step or the block of steps that it covers.
        timer_id: What `Reschedule` moves; None where it no longer runs.
        opened_at: When its time began; known while it runs.
        breached: It passed before its work was done.
        appointment: It runs and rests on an instant that a person agreed on.
    """

    deadline: str
    element: str
    name: str
    item: str | None
    due_at: datetime
    met_at: datetime | None
    breached: bool
    timer_id: str | None = None
    opened_at: datetime | None = None
    appointment: bool = False


def deadlines(connection: sa.Connection, case: sa.RowMapping, waiting: Frontier) -> list[Deadline]:
    """The deadlines of a case by due time. `waiting` is what it waits for now."""
    definition = deployments.definition(connection, case["deployment_id"])
    found = [_running(definition, key, timer) for key, timer in waiting.timers.items() if timer.deadline]
    for table in (deadline_met, breach):
        found += [
            Deadline(
                deadline=row.deadline,
                element=row.element,
                name=_name(definition.at(row.scope if table is breach else None, row.element), row.element),
                item=row.item,
                due_at=row.due_at,
                met_at=row.met_at,
                breached=table is breach,
            )
            for row in connection.execute(sa.select(table).where(table.c.case_id == case["id"]))
        ]
    return sorted(found, key=lambda one: (one.due_at, one.deadline))


def _name(found: Element | None, key: str) -> str:
    return found.name if found is not None else key


def _running(definition: Definition, key: str, timer: Timer) -> Deadline:
    element, event = timer.host or timer.element, definition.at(timer.scope, timer.element)
    expression = (event.timer if event is not None else None) or ""
    return Deadline(
        deadline=timer.deadline or "",
        element=element,
        name=_name(definition.at(timer.scope, element), element),
        item=timer.item,
        due_at=timer.due_at,
        met_at=None,
        breached=False,
        timer_id=key,
        opened_at=timer.opened_at,
        appointment=expression.replace(" ", "").startswith(APPOINTMENT),
    )
