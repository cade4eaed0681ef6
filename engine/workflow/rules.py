"""Where we depart from stock SpiffWorkflow 3.2.0, and switches that let the walk test show why.

Stock SpiffWorkflow keeps finished tasks for ever and counts their tokens again in loops; docs/decisions/0010 has the
figures. The library is patched here, at run time, in as few places as possible; its source is never copied.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import SpiffWorkflow.task
from SpiffWorkflow.bpmn.specs.control import _EndJoin
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED


@dataclass(frozen=True)
class Switches:
    """Which of our rules are on. All of them, outside the walk test's negative controls."""

    prune: bool = True
    inclusive_rule: bool = True


_switches: ContextVar[Switches] = ContextVar("switches", default=Switches())  # noqa: B039 - frozen
_ids: ContextVar["count[int] | None"] = ContextVar("ids", default=None)


def switches() -> Switches:
    return _switches.get()


@contextmanager
def switched(**changes: bool) -> Iterator[None]:
    """Run with some rules off; for tests alone."""
    token = _switches.set(replace(_switches.get(), **changes))
    try:
        yield
    finally:
        _switches.reset(token)


@contextmanager
def numbered(ids: "count[int]") -> Iterator[None]:
    """Give the library's tasks consecutive numbers instead of random ids, so that a replay builds the same tree."""
    token = _ids.set(ids)
    try:
        yield
    finally:
        _ids.reset(token)


def _next_id() -> int:
    ids = _ids.get()
    if ids is None:
        raise RuntimeError("a task was created outside rules.numbered()")
    return next(ids)


class _NoTime:
    """Stands in for the module `time` in the library: no state of ours depends on its stamps."""

    @staticmethod
    def time() -> float:
        return 0.0


def _predict(
    spec: Any, task: Any, seen: Any = None, looked_ahead: int = 0, mask: int = TaskState.PREDICTED_MASK
) -> None:
    """Predict no further than `lookahead` steps, for definite tasks too: a long diagram would be predicted whole."""
    seen = [] if seen is None else seen
    if task._state & mask:
        spec._predict_hook(task)
    if task._state & TaskState.PREDICTED_MASK:
        seen.append(spec)
    if looked_ahead + 1 < spec.lookahead:
        for child in task.children:
            if child._state & mask and child not in seen:
                child.task_spec._predict(child, seen[:], looked_ahead + 1, mask)


_stock_update = TaskSpec._update
_stock_run = TaskSpec._run


def predict_outputs(task: Any) -> None:
    """Predict the outputs of a task that was restored without its FUTURE children."""
    if task._state & TaskState.DEFINITE_MASK and not any(not child.triggered for child in task.children):
        task.task_spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)


def _update(spec: Any, task: Any) -> None:
    predict_outputs(task)
    _stock_update(spec, task)


def _run(spec: Any, task: Any) -> Any:
    predict_outputs(task)
    if any(child._state & TaskState.PREDICTED_MASK for child in task.children):
        # predicted while this task itself was a mere possibility: an event that happens in the step that opens it
        task.task_spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)
    return _stock_run(spec, task)


_stock_task_run = Task.run


def _run_task(task: Any) -> Any:
    """Run a task unless it was cancelled since the library made its list of what is ready."""
    return None if task._state == TaskState.CANCELLED else _stock_task_run(task)


def holds_token(task: Any) -> bool:
    """Whether a token stands at this task: it waits or runs, or its turn comes within this very step."""
    return bool(
        task._state & LIVE or (task._state == TaskState.FUTURE and task.parent._state & TaskState.FINISHED_MASK)
    )


def _end_join_may_fire(spec: Any, task: Any) -> bool:
    """A process ends when no token is left but those that wait here (BPMN 2.0.2, 13.5.6)."""
    return not any(t.task_spec is not spec and holds_token(t) for t in task.workflow.tasks.values())


def install() -> None:
    """Patch the library, once, when `engine.workflow` is imported."""
    module: Any = SpiffWorkflow.task
    module.uuid4 = _next_id
    module.time = _NoTime
    task_class: Any = Task
    task_class.run = _run_task
    task_class.collect_log_extras = lambda task, extra=None: {}  # half of a step's time went into unread log lines
    patched: Any = TaskSpec
    patched._predict, patched._update, patched._run = _predict, _update, _run
    end: Any = _EndJoin
    end._check_threshold_unstructured = _end_join_may_fire


install()
