"""A case as bytes and back: our own, versioned form, small because the tree is pruned and predictions are not kept.

Layout (version 1): zlib over JSON. Tasks are numbered in creation order and restored in it, parents before children;
the bytes are stored as bytes, never in a database's JSON type, which would change the order of keys.
"""

import json
import zlib
from collections.abc import Mapping
from itertools import count
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.errors import StateUnreadable
from engine.workflow import rules
from engine.workflow.case_data import CaseData, Fact, Scope
from engine.workflow.definition import Definition

VERSION = 1
# A case is a few kilobytes. The usual 256 KB of work space took ten times as long to lay out as the compression itself.
_WINDOW, _MEMORY = 12, 5
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_ABSENT: tuple[Any, ...] = (None, None, 0)  # a row's trailing data, internal data and triggered, where they are empty


class CaseWorkflow(BpmnWorkflow):  # type: ignore[misc]
    """The top workflow of a case; `step` is the command at work, `scope` names whose data it reads."""

    scope = ""
    step: Any = None

    def create_subprocess(self, my_task: Any, spec_name: str) -> Any:
        sub = super().create_subprocess(my_task, spec_name)
        sub.scope = my_task.workflow.scope
        return sub

    def refresh_timers(self) -> None:
        """Nothing: timers fire by command alone, never because another command came by."""


def dump(workflow: Any, data: CaseData, next_id: int) -> bytes:
    """Write a pruned workflow and its case data."""
    content = {
        "v": VERSION,
        "n": next_id,
        "w": _dump_tasks(workflow),
        "s": [
            [key, sub.spec.name, sub.scope, sub.parent_workflow.parent_task_id, _dump_tasks(sub)]
            for key, sub in workflow.subprocesses.items()
        ],
        "d": _dump_data(data),
    }
    small = zlib.compressobj(1, wbits=_WINDOW, memLevel=_MEMORY)
    return small.compress(_ENCODER.encode(content).encode()) + small.flush()


def load(definition: Definition, state: bytes) -> tuple[CaseWorkflow, CaseData, "count[int]"]:
    """Restore what `dump` wrote.

    Raises:
        StateUnreadable: Not ours, of a newer version, or of another definition.
    """
    try:
        content = json.loads(zlib.decompress(state))
        version = content["v"]
        if version != VERSION:
            raise StateUnreadable(version=version)
        ids = count(content["n"])
        with rules.numbered(ids):
            workflow = CaseWorkflow(definition.spec, definition.subprocess_specs, deserializing=True)
            _load_tasks(workflow, content["w"])
            for key, name, scope, _outer, tasks in content["s"]:
                _load_subprocess(workflow, definition, key, name, scope, tasks)
    except (KeyError, ValueError, TypeError, IndexError, zlib.error) as error:
        raise StateUnreadable(reason=repr(error)) from error
    return workflow, _load_data(content["d"]), ids


def glance(state: bytes) -> tuple[CaseData, set[tuple[str, str]]]:
    """The case data, and (scope, spec) at which something waits, without restoring the tree: many times faster."""
    content = json.loads(zlib.decompress(state))
    trees = [("", content["w"]), *((scope, tasks) for _, _, scope, _, tasks in content["s"])]
    waiting = {(scope, row[2]) for scope, (_, rows, _) in trees for row in rows if row[3] == TaskState.WAITING}
    return _load_data(content["d"]), waiting


def _dump_tasks(workflow: Any) -> list[Any]:
    """[completed, [[id, parent, spec, state, data, internal data, triggered], …], {id: child order}]."""
    rows, orders = [], {}
    kept = {t.id for t in workflow.tasks.values() if t._state >= TaskState.WAITING}
    for task in workflow.tasks.values():
        if task.id in kept:
            row = [
                task.id,
                task._parent,
                task.task_spec.name,
                task._state,
                task.data,
                task.internal_data,
                int(task.triggered),
            ]
            while len(row) > 4 and not row[-1]:
                row.pop()
            rows.append(row)
            children = [child for child in task._children if child in kept]
            if children != sorted(children):
                orders[task.id] = children
    return [int(workflow.completed), rows, orders]


def _load_tasks(workflow: Any, content: list[Any]) -> None:
    completed, rows, orders = content
    workflow.completed = bool(completed)
    specs = workflow.spec.task_specs
    events = workflow.top_workflow.event_manager
    for row in rows:
        key, parent, name, state, data, internal, triggered = list(row) + list(_ABSENT[len(row) - 4 :])
        task = Task(workflow, specs[name], parent=workflow.tasks.get(parent), state=state, id=key)
        task.data, task.internal_data, task.triggered = data or {}, internal or {}, bool(triggered)
        if state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent):
            events.add_task(task)
    for key, children in orders.items():
        workflow.tasks[int(key)]._children = children
    workflow.task_tree = next(t for t in workflow.tasks.values() if t._parent is None)


def _load_subprocess(top: Any, definition: Definition, key: int, name: str, scope: str, tasks: list[Any]) -> None:
    sub = BpmnSubWorkflow(definition.subprocess_specs[name], key, top, deserializing=True)
    sub.scope = scope
    top.subprocesses[key] = sub
    _load_tasks(sub, tasks)
    owner = top.get_task_from_id(key)
    if not sub.completed:
        sub.completed_event.connect(owner.task_spec._on_subworkflow_completed, owner)


def _dump_data(data: CaseData) -> dict[str, Any]:
    return {
        "at": data.started_at,
        "by": data.initiator,
        "b": data.breached,
        "x": {process: sorted(ids) for process, ids in data.visited.items()},
        "s": {
            name: [
                scope.process,
                scope.data,
                {key: [f.opened, f.done, f.done_at, f.doer] for key, f in scope.facts.items() if f != Fact()},
                scope.dues,
                scope.end_state,
            ]
            for name, scope in data.scopes.items()
        },
    }


def _load_data(content: Mapping[str, Any]) -> CaseData:
    return CaseData(
        started_at=content["at"],
        initiator=content["by"],
        breached=content["b"],
        visited={process: set(ids) for process, ids in content["x"].items()},
        scopes={
            name: Scope(
                process=process, data=values, facts={k: Fact(*f) for k, f in facts.items()}, dues=dues, end_state=end
            )
            for name, (process, values, facts, dues, end) in content["s"].items()
        },
    )
