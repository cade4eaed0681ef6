"""After every command: take out of the tree what the engine will never read again.

First a matter of correctness (finished joins are counted again in loops), then of cost: a case stays small at any age.
Which finished tasks are still read, and by what, is written down in decision 0010.
"""

from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit
from SpiffWorkflow.util.task import TaskState

from engine.workflow.rules import LIVE
from engine.workflow.specs import ConsumingJoin


def _splice(task: Any) -> None:
    """Take a task out and give its children its place, so that the order of execution stays."""
    tasks = task.workflow.tasks
    parent = tasks[task._parent]
    position = parent._children.index(task.id)
    if isinstance(parent.task_spec, BoundaryEventSplit):
        # what a boundary event led to goes above the split: below it the library would take it for the activity itself
        del parent._children[position]
        parent, split = tasks[parent._parent], parent
        position = parent._children.index(split.id) + 1
        parent._children[position:position] = task._children
    else:
        parent._children[position : position + 1] = task._children
    for child in task._children:
        tasks[child]._parent = parent.id
    del tasks[task.id]


def _open_tasks(top: Any) -> set[int]:
    return {task.id for wf in (top, *top.subprocesses.values()) for task in wf.tasks.values() if task._state & LIVE}


def _drop_finished_calls(top: Any) -> None:
    while True:
        known = _open_tasks(top)
        gone = [key for key in top.subprocesses if key not in known]
        if not gone:
            return
        for key in gone:
            del top.subprocesses[key]


def _prune_workflow(workflow: Any) -> None:
    tasks = workflow.tasks
    keep = {workflow.task_tree.id}
    for task in list(tasks.values()):
        state, spec = task._state, task.task_spec
        if state & LIVE:
            if isinstance(spec, BoundaryEventJoin):
                if task.parent.task_spec.element is not None and task.parent.task_spec.element.kind == "boundaryEvent":
                    continue  # left behind by a non-interrupting event; the activity's own join does the work
                split = task.find_ancestor(spec.split_task)
                if split is not None:
                    keep.add(split.id)
                    keep.update(split._children)
            keep.update((task.id, task._parent))
        elif state & TaskState.ERROR or (state == TaskState.CANCELLED and isinstance(spec, ConsumingJoin)):
            keep.update((task.id, task._parent))
    for task in list(tasks.values()):
        if task.id not in keep and task.id in tasks:
            if task._state < TaskState.WAITING:
                workflow._remove_task(task.id)
            else:
                _splice(task)


def prune(top: Any) -> None:
    """Prune a workflow and its open sub-workflows in place; O(live tasks)."""
    _drop_finished_calls(top)
    for workflow in (top, *top.subprocesses.values()):
        _prune_workflow(workflow)
