"""The canonical form of a state, and its hash: what a replay compares.

Left out on purpose: the library's ids, predictions, finished tasks, time stamps, the codec's version. What is left was
measured equal across SpiffWorkflow 3.1.2 and 3.2.0.
"""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from hashlib import sha256
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.canonical import canonical
from engine.workflow.advance import Frontier, ServiceCall, Timer, UserTask, Wait
from engine.workflow.case_data import CaseData
from engine.workflow.specs import ConsumingJoin

_NAMES = {kind: tuple(one.name for one in fields(kind)) for kind in (UserTask, Timer, ServiceCall, Wait)}


def _row(thing: Any) -> dict[str, Any]:
    """A frontier's item as plain data; all its attributes count."""
    row = {}
    for name in _NAMES[type(thing)]:
        value = getattr(thing, name)
        row[name] = value.isoformat() if isinstance(value, datetime) else value
    return row


def _tokens(top: Any) -> list[list[str]]:
    """Tokens that wait at a join: scope, join, the input over which they came."""
    return sorted(
        [workflow.scope, workflow.spec.name, str(task.task_spec.name), task.parent.task_spec.name]
        for workflow in (top, *top.subprocesses.values())
        for task in workflow.tasks.values()
        if isinstance(task.task_spec, ConsumingJoin) and task._state in (TaskState.WAITING, TaskState.CANCELLED)
    )


def digest(top: Any, data: CaseData, frontier: Frontier, completed: Iterable[str]) -> bytes:
    """SHA-256 over the canonical form of live and newly ended tasks, tokens at joins and the process data."""
    form = {
        "tasks": [_row(frontier.tasks[key]) for key in sorted(frontier.tasks)],
        "timers": [_row(frontier.timers[key]) for key in sorted(frontier.timers)],
        "calls": [_row(frontier.calls[key]) for key in sorted(frontier.calls)],
        "waits": [_row(frontier.waits[key]) for key in sorted(frontier.waits)],
        "tokens": _tokens(top),
        "completed": sorted(completed),
        "data": {name: scope.data for name, scope in data.scopes.items()},
        "end": data.scopes[""].end_state if top.completed else None,
    }
    return sha256(canonical(form)).digest()
