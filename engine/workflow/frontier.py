"""What a case waits for, read off its tree: user tasks, timers, operations, messages; and the deadlines on them.

`settle` gives everything new its id, round and due time, once; `frontier` reads and changes nothing.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import uuid5

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import EventBasedGateway
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import MultiInstanceTask
from SpiffWorkflow.util.task import TaskState

from engine.workflow.advance import Frontier, ServiceCall, Timer, UserTask, Wait
from engine.workflow.case_data import plain
from engine.workflow.definition import Definition, Element
from engine.workflow.running import Running
from engine.workflow.specs import ConsumingJoin, InstantTimer, Message, ServiceTask
from engine.workflow.specs import UserTask as UserTaskSpec


def workflows(top: Any) -> Iterator[Any]:
    """The case's workflow and its open sub-workflows, outer before inner."""
    yield top
    yield from (sub for sub in top.subprocesses.values() if not sub.completed)


def item_text(task: Any) -> str | None:
    """The multi-instance item as text: itself where it is plain, its `key` where it is a row, else its place."""
    if "item" not in task.data:
        return None
    item = task.data["item"]
    if isinstance(item, dict):
        return str(item.get("key", task.internal_data.get("key_or_index", "")))
    return str(item)


def events_of(task: Any) -> Iterator[tuple[Element, Any]]:
    """The events that a waiting task waits for: its own, or those behind an event-based gateway."""
    spec = task.task_spec
    if isinstance(spec, EventBasedGateway):
        for output, definition in zip(spec.outputs, spec.event_definition.event_definitions, strict=True):
            yield output.element, definition
    else:
        yield spec.element, spec.event_definition


def _wrapper(task: Any) -> Any:
    """The multi-instance task around an instance, else the task itself."""
    parent = task.parent
    return parent if parent is not None and isinstance(parent.task_spec, MultiInstanceTask) and task.triggered else task


def _clocks(top: Any, task: Any) -> Iterator[dict[str, Any]]:
    """The deadlines on a task and what is around it, innermost first: id → [due, timer id, round, timer element]."""
    current = task
    while current is not None:
        split = _wrapper(current).parent
        if split is not None and isinstance(split.task_spec, BoundaryEventSplit):
            yield split.internal_data.get("dues", {})
        owner = current.workflow.parent_task_id
        current = top.get_task_from_id(owner) if owner is not None else None


def due_of(top: Any, task: Any) -> tuple[str | None, str | None]:
    """The earliest deadline of a task and its enclosing activities: instant and deadline id."""
    dues = [(clock[0], name) for clocks in _clocks(top, task) for name, clock in clocks.items()]
    return min(dues) if dues else (None, None)


class _Ids:
    """Ids for what is new in this command: uuid5(case, "seq:element:ordinal")."""

    def __init__(self, running: Running) -> None:
        self.world = running.world
        self.ordinals: dict[str, int] = {}

    def next(self, element: str) -> str:
        ordinal = self.ordinals[element] = self.ordinals.get(element, 0) + 1
        return uuid5(self.world.namespace, f"{self.world.seq}:{element}:{ordinal}").hex


def settle(top: Any, running: Running) -> None:
    """Give what has newly opened its id, round, instant, candidates and due times."""
    ids = _Ids(running)
    for workflow in workflows(top):
        for task in list(workflow.tasks.values()):
            if task._state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent):
                _settle_event(task, running, ids)
            elif task._state in (TaskState.WAITING, TaskState.CANCELLED) and isinstance(task.task_spec, ConsumingJoin):
                running.note_flow(task)
    for workflow in workflows(top):
        for task in list(workflow.tasks.values()):
            spec, state = task.task_spec, task._state
            if (
                state in (TaskState.READY, TaskState.STARTED)
                and spec.element is not None
                and "id" not in task.internal_data
            ):
                running.note_flow(task)
                if isinstance(spec, UserTaskSpec) and state == TaskState.READY:
                    _settle_user_task(task, running, ids)
                elif isinstance(spec, ServiceTask):
                    task.internal_data |= {"id": ids.next(spec.element.id), "round": _opened(task, running)}


def _opened(task: Any, running: Running) -> int:
    """The number of this opening; the instances of a multi-instance share one."""
    wrapper = _wrapper(task)
    if "round" not in wrapper.internal_data:
        element = wrapper.task_spec.element.id
        fact = running.scope(task).fact(element)
        fact.opened += 1
        wrapper.internal_data["round"] = fact.opened
    return int(wrapper.internal_data["round"])


def _settle_user_task(task: Any, running: Running, ids: _Ids) -> None:
    element = task.task_spec.element
    given = task.internal_data
    given["round"] = _opened(task, running)
    given["id"] = ids.next(element.id)
    given["at"] = running.now
    candidates = element.properties.get("candidate")
    if candidates:
        given["who"] = _principals(running.evaluate(task, candidates))
    excluded = element.properties.get("excluded")
    if excluded:
        given["not"] = _principals(running.evaluate(task, excluded))
    early = element.properties.get("too_early_until")
    if early:
        given["from"] = running.evaluate(task, early)


def _principals(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(v) for v in value] if isinstance(value, list) else [str(value)]


def _settle_event(task: Any, running: Running, ids: _Ids) -> None:
    given = task.internal_data
    if "ids" in given:
        return
    running.note_flow(task)
    given["ids"], given["at"] = {}, running.now
    for element, definition in events_of(task):
        scope, deadline, due = running.scope(task), None, None
        if isinstance(definition, InstantTimer):
            due = given.get("event_value")
            if due is None:
                continue
            deadline = element.properties.get("deadline")
            if deadline:
                scope.dues[deadline] = due
        elif isinstance(definition, Message):
            given.setdefault("keys", {})[element.id] = running.correlation(task, element)
        else:
            continue
        fact = scope.fact(element.id)
        fact.opened += 1
        given["round"] = fact.opened
        given["ids"][element.id] = ids.next(element.id)
        if deadline:
            clocks = task.parent.internal_data.setdefault("dues", {})
            clocks[deadline] = [due, given["ids"][element.id], fact.opened, element.id]


def frontier(definition: Definition, top: Any) -> Frontier:
    """Everything that waits. Pure."""
    found = Frontier({}, {}, {}, {})
    if top.completed:
        return found
    for workflow in workflows(top):
        for task in workflow.tasks.values():
            given, spec = task.internal_data, task.task_spec
            if task._state == TaskState.WAITING and given.get("ids"):
                _read_event(definition, task, found)
            elif "id" in given and task._state == TaskState.READY and isinstance(spec, UserTaskSpec):
                opened = _user_task(definition, top, task)
                found.tasks[opened.id] = opened  # type: ignore[index]
            elif "id" in given and task._state == TaskState.STARTED and isinstance(spec, ServiceTask):
                call = ServiceCall(**_place(task, spec.element, given["id"]), **given["call"])
                found.calls[call.id] = call  # type: ignore[index]
    return found


def _place(task: Any, element: Element, key: str) -> dict[str, Any]:
    given = _wrapper(task).internal_data
    return {
        "id": key,
        "scope": task.workflow.scope,
        "element": element.id,
        "round": given.get("round", 1),
        "item": item_text(task),
    }


def _candidates(definition: Definition, task: Any) -> tuple[str, ...]:
    given, element = task.internal_data, task.task_spec.element
    if "who" in given:
        return tuple(given["who"])
    group = definition.processes[element.process].lanes.get(element.lane or "")
    return (group,) if group else ()


def _user_task(definition: Definition, top: Any, task: Any) -> UserTask:
    given, element = task.internal_data, task.task_spec.element
    due, deadline = due_of(top, task)
    return UserTask(
        **_place(task, element, given["id"]),
        name=element.name,
        form=definition.form_key(element),
        candidates=_candidates(definition, task),
        excluded=tuple(given.get("not", ())),
        opened_at=datetime.fromisoformat(given["at"]),
        due_at=datetime.fromisoformat(due) if due else None,
        deadline=deadline,
        not_before=datetime.fromisoformat(given["from"]) if given.get("from") else None,
    )


def host_of(task: Any) -> Any:
    """The activity that a boundary event's task is attached to, None for an intermediate event."""
    split = task.parent
    if split is None or not isinstance(split.task_spec, BoundaryEventSplit):
        return None
    return next((c for c in split.children if c.task_spec.name == task.task_spec.element.attached_to), None)


def _read_event(definition: Definition, task: Any, found: Frontier) -> None:
    given = task.internal_data
    for element, event in events_of(task):
        if element.id not in given["ids"]:
            continue
        place = _place(task, element, given["ids"][element.id])
        if isinstance(event, InstantTimer):
            host = host_of(task)
            on_person = host is not None and isinstance(host.task_spec, UserTaskSpec)
            timer = Timer(
                **place,
                due_at=datetime.fromisoformat(given["event_value"]),
                host=element.attached_to,
                deadline=element.properties.get("deadline"),
                opened_at=datetime.fromisoformat(given["at"]),
                candidates=_candidates(definition, host) if on_person else (),
            )
            found.timers[timer.id] = timer  # type: ignore[index]
        else:
            wait = Wait(**place, message=event.name, key=given["keys"][element.id])
            found.waits[wait.id] = wait  # type: ignore[index]


def responsible(running: Running, task: Any) -> tuple[str, ...]:
    """Whom a breach of the deadline at this boundary timer concerns, besides the service manager."""
    expression = task.task_spec.element.properties.get("responsible")
    return tuple(_principals(plain(running.evaluate(task, expression)))) if expression else ()
