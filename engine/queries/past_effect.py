"""What a new deadline would have done to the cases of last year: met and missed again, by the new clock."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine import working_time
from engine.db.models import breach, deadline_met, deployment, deployment_file, instance
from engine.workflow.lint.diagram import Node, timer_of
from engine.workflow.wording import Names, Unsayable, Writer
from engine.workflow.wording.writer import parsed
from engine.working_time import Calendar

PERIOD = timedelta(days=365)
MOST_ROWS = 20_000  # the newest ones
CLOCK = {"minutes": timedelta(minutes=1), "hours": timedelta(hours=1), "days": timedelta(days=1)}
NEW = (*CLOCK, "months", "working_hours", "working_days")


@dataclass(frozen=True, kw_only=True)
class PastEffect:
    """Of `total` deadlines of a step in the last year: how many more, or fewer, would have been missed."""

    step: str
    step_en: str
    total: int
    more: int
    fewer: int


def past_effect(
    connection: sa.Connection, names: tuple[Names, Names], timer: str, calendar: Calendar, now: datetime
) -> PastEffect | None:
    """What a changed timer would have done; None where that can't be said: another anchor, or no plain length.

    The anchor of an old deadline is its due time less its old length, so one that was moved with a suspended case or an
    appointment is measured from where it was moved to.

    Args:
        names: Of the version before and of the one after.
        timer: Element id of the boundary timer in both.
    """
    nodes = tuple(one.node(timer) for one in names)
    lengths = tuple(_length(one, node) for one, node in zip(names, nodes, strict=True))
    old, new, node = lengths[0], lengths[1], nodes[1]
    if old is None or new is None or node is None or old[0] not in CLOCK or old[2] != new[2] or node.host is None:
        return None
    host = names[1].step(node.host) or names[1].pair(node.host)
    total = more = fewer = 0
    for due_at, met_at in _past(connection, names[1], node, now):
        total += 1
        late = met_at > due_at
        would = met_at > _due(due_at - old[1] * CLOCK[old[0]], new[0], new[1], calendar)
        more += would and not late
        fewer += late and not would
    return PastEffect(step=host[0], step_en=host[1], total=total, more=more, fewer=fewer) if total else None


def _length(names: Names, node: Node | None) -> tuple[str, int, str] | None:
    """(unit, amount, anchor as text) of a timer; None where it is no plain length."""
    timer = timer_of(node) if node is not None else None
    try:
        tree = parsed(timer[1]) if timer is not None else None
        condition = ""
        if isinstance(tree, ast.IfExp) and isinstance(tree.orelse, ast.Constant) and tree.orelse.value is None:
            condition, tree = ast.unparse(tree.test), tree.body
        match tree:
            case ast.Call(func=ast.Name(id=unit), args=[amount], keywords=keywords) if unit in NEW:
                value: Any = Writer(names).value(amount)
                anchor = condition + ", ".join(ast.unparse(keyword.value) for keyword in keywords)
                return (unit, value, anchor) if isinstance(value, int) else None
    except Unsayable:
        pass
    return None


def _due(anchor: datetime, unit: str, amount: int, calendar: Calendar) -> datetime:
    if unit in CLOCK:
        return anchor + amount * CLOCK[unit]
    if unit == "months":
        return working_time.add_months(anchor, amount)
    if unit == "working_days":
        return working_time.add_working_days(anchor, amount, calendar)
    return working_time.add_working_hours(anchor, timedelta(hours=amount), calendar)


def _past(connection: sa.Connection, names: Names, node: Node, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """(due, done) of every such deadline of the last year that was met, in time or late."""
    procedure = names.material.procedure
    concerned = sa.select(deployment.c.id).where(deployment.c.procedure == procedure)
    within = sa.select(deployment_file.c.deployment_id).where(
        deployment_file.c.path == f"calls/{procedure}/{procedure}.bpmn"
    )
    of_procedure = sa.or_(instance.c.deployment_id.in_(concerned), instance.c.deployment_id.in_(within))
    for table in (breach, deadline_met):
        rows = (
            sa.select(table.c.due_at, table.c.met_at)
            .join(instance, instance.c.id == table.c.case_id)
            .where(
                table.c.deadline == node.properties["deadline"],
                table.c.element.in_((node.host, node.id)),
                table.c.met_at.is_not(None),
                table.c.due_at > now - PERIOD,
                of_procedure,
            )
            .order_by(table.c.due_at.desc())
            .limit(MOST_ROWS)
        )
        for row in connection.execute(rows):
            yield row.due_at, row.met_at
