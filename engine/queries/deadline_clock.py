"""By which clock a deadline runs: read from the timer's expression, so that a page can say “24 小时，连续计时”."""

import ast
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from engine import deployments
from engine.workflow.definition import Definition, Element

WORKING = ("working_days", "working_hours", "next_slot")
LENGTHS = ("minutes", "hours", "days", "months", "working_days", "working_hours")


@dataclass(frozen=True, kw_only=True)
class DeadlineClock:
    """How the time of a deadline is measured.

    Attributes:
        working: It counts working days or office hours; else every hour, nights and weekends too.
        unit: Out of LENGTHS; None where the expression is no plain length.
        amount: How many of these; None likewise.
    """

    working: bool = False
    unit: str | None = None
    amount: int | None = None


def clock_of(connection: sa.Connection, deployment_id: str, deadline: str | None) -> DeadlineClock | None:
    """The clock of a deadline of a deployment; None where there is no such deadline."""
    if deadline is None:
        return None
    return _clock(deployments.definition(connection, deployment_id), deadline)


@lru_cache(maxsize=4096)
def _clock_of_text(text: str, parameters: tuple[tuple[str, Any], ...]) -> DeadlineClock:
    tree = ast.parse(text, mode="eval").body
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    names = [node.func.id for node in calls if isinstance(node.func, ast.Name)]
    working = any(name in WORKING for name in names)
    if isinstance(tree, ast.Call) and names[0] in LENGTHS and tree.args:
        return DeadlineClock(working=working, unit=names[0], amount=_amount(tree.args[0], dict(parameters)))
    return DeadlineClock(working=working)


def _amount(node: ast.expr, parameters: dict[str, Any]) -> int | None:
    value: Any = node.value if isinstance(node, ast.Constant) else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "parameter":
        name = node.args[0]
        value = parameters.get(str(name.value)) if isinstance(name, ast.Constant) else None
    return value if isinstance(value, int) else None


def _clock(definition: Definition, deadline: str) -> DeadlineClock | None:
    for element in definition.elements.values():
        if element.properties.get("deadline") == deadline and element.timer:
            return _clock_of_text(element.timer, _parameters(definition, element))
    return None


def _parameters(definition: Definition, element: Element) -> tuple[tuple[str, Any], ...]:
    found = definition.processes[element.process].parameters
    return tuple((name, value) for name, value in found.items() if isinstance(value, int))
