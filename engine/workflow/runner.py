"""Moves a process instance: one command in, the new state and what happened out.

Every function takes the definition, the stored state and the `World` of the command, and returns a `Step`; none reads
a clock or a database, and none changes what it was given.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin
from SpiffWorkflow.util.task import TaskState

from engine.errors import ConcurrentUpdate, StepFailed
from engine.workflow import rules
from engine.workflow.advance import Breach, Frontier, Met, Step
from engine.workflow.case_data import CaseData, Scope
from engine.workflow.definition import Definition
from engine.workflow.digest import digest
from engine.workflow.frontier import events_of, host_of, item_text, responsible, settle, workflows
from engine.workflow.frontier import frontier as read_frontier
from engine.workflow.prune import prune
from engine.workflow.running import Running, keep_start
from engine.workflow.specs import Condition
from engine.workflow.state import CaseWorkflow, dump, glance, load
from engine.workflow.world import World

_observer: ContextVar[Callable[[Definition, Step], None] | None] = ContextVar("observer", default=None)


@contextmanager
def observed(observer: Callable[[Definition, Step], None]) -> Iterator[None]:
    """Call `observer` with every step inside: how stories learn what they have covered."""
    token = _observer.set(observer)
    try:
        yield
    finally:
        _observer.reset(token)


def start(
    definition: Definition, world: World, *, event: str | None = None, values: Mapping[str, Any] | None = None
) -> Step:
    """Start a case at one of its start events.

    Args:
        event: The start event; None: the first that needs no message and no timer.
        values: Routing values of the start form or of the message, kept under the start event's id.
    """
    ids = count(1)
    data = CaseData(started_at=world.now.isoformat(), initiator=world.actor)
    data.scopes[""] = Scope(process=definition.process.id)
    running = Running(definition, world, data, ids)
    starts = definition.process.starts
    event = event or next((name for name, kind in starts.items() if kind == "none"), next(iter(starts)))
    with rules.numbered(ids):
        top = CaseWorkflow(definition.spec, definition.subprocess_specs)
        top.step = top.script_engine = running
        keep_start(top, event)
        data.put("", event, values or {})
        fact = data.scopes[""].fact(event)
        fact.opened = fact.done = 1
        fact.done_at, fact.doer = (world.typed_at or world.now).isoformat(), world.actor
        return _finish(definition, top, running, Frontier(), lambda: None)


def complete(definition: Definition, state: bytes, world: World, *, task: str, values: Mapping[str, Any]) -> Step:
    """Complete a user task with its routing values (BPMN 2.0.2, 13.3.3).

    Raises:
        ConcurrentUpdate: The task is not open any more.
    """

    def act(top: Any, running: Running) -> None:
        found = _find(top, lambda t: t.internal_data.get("id") == task and t._state == TaskState.READY)
        running.store(found, values)
        running.note_done(found)
        running.completed.add(task)
        found.run()

    return _step(definition, state, world, act)


def fire(definition: Definition, state: bytes, world: World, *, timer: str) -> Step:
    """Fire a timer; of a deadline, record its breach. `world.now` is its due time.

    Raises:
        ConcurrentUpdate: The timer is not waiting any more.
    """

    def act(top: Any, running: Running) -> None:
        found, element = _find_event(top, timer)
        running.completed.add(timer)
        running.fired.append((element.process, element.id))
        deadline = element.properties.get("deadline")
        if deadline:
            host = host_of(found)
            running.data.breached[deadline] = running.data.breached.get(deadline, 0) + 1
            running.breaches.append(
                Breach(
                    id=timer,
                    scope=found.workflow.scope,
                    element=element.attached_to or element.id,
                    round=found.internal_data["round"],
                    item=item_text(host) if host is not None else None,
                    deadline=deadline,
                    due_at=datetime.fromisoformat(found.internal_data["event_value"]),
                    responsible=responsible(running, found),
                    default=element.default_breach,
                )
            )
        found.internal_data["timer_fired"] = True
        found.task_spec._update(found)

    return _step(definition, state, world, act)


def catch(definition: Definition, state: bytes, world: World, *, wait: str, payload: Mapping[str, Any]) -> Step:
    """Deliver a message to the element that waits for it; its routing values stand under that element's id.

    Raises:
        ConcurrentUpdate: Nothing waits under this id any more.
    """

    def act(top: Any, running: Running) -> None:
        found, element = _find_event(top, wait)
        definition_of = next(d for e, d in events_of(found) if e.id == element.id)
        running.completed.add(wait)
        running.store(found, payload, element.id)
        found.task_spec.catch(found, BpmnEvent(definition_of))
        found.task_spec._update(found)

    return _step(definition, state, world, act)


def finish_call(definition: Definition, state: bytes, world: World, *, call: str, result: Mapping[str, Any]) -> Step:
    """Complete a service task whose operation a job has performed.

    Raises:
        ConcurrentUpdate: The call is not open any more.
    """

    def act(top: Any, running: Running) -> None:
        found = _find(top, lambda t: t.internal_data.get("id") == call and t._state == TaskState.STARTED)
        running.completed.add(call)
        running.store(found, result)
        running.did_complete(found)
        rules.predict_outputs(found)  # complete() alone would find no outputs after a restore
        found.complete()

    return _step(definition, state, world, act)


def reschedule(definition: Definition, state: bytes, world: World, *, timer: str, due: datetime) -> Step:
    """Give a waiting timer another due time: a moved appointment, a recomputed calendar."""

    def act(top: Any, running: Running) -> None:
        found, element = _find_event(top, timer)
        _set_due(running, found, element, due.isoformat())

    return _step(definition, state, world, act)


def shift(definition: Definition, state: bytes, world: World, *, by: timedelta) -> Step:
    """Move every waiting timer of the case by the time that it was held."""

    def act(top: Any, running: Running) -> None:
        for workflow in workflows(top):
            for task in list(workflow.tasks.values()):
                if task._state == TaskState.WAITING and task.internal_data.get("event_value"):
                    for element, _ in events_of(task):
                        if element.event == "timer":
                            due = datetime.fromisoformat(task.internal_data["event_value"]) + by
                            _set_due(running, task, element, due.isoformat())

    return _step(definition, state, world, act)


def frontier(definition: Definition, state: bytes) -> Frontier:
    """Read what a stored case waits for, to rebuild projections from it."""
    top, _, _ = load(definition, state)
    return read_frontier(definition, top)


def visited(definition: Definition, state: bytes) -> Mapping[str, frozenset[str]]:
    """Process id → ids of the elements that the case has reached, for the picture."""
    _, data, _ = load(definition, state)
    return {process: frozenset(ids) for process, ids in data.visited.items()}


def case_data(definition: Definition, state: bytes) -> Mapping[str, Mapping[str, Any]]:
    """Scope → element → values."""
    _, data, _ = load(definition, state)
    return {name: scope.data for name, scope in data.scopes.items()}


def scopes(state: bytes) -> Mapping[str, tuple[str, Mapping[str, Any]]]:
    """Scope → its process id, and element → values. Cheap: the tree is not restored."""
    data, _ = glance(state)
    return {name: (scope.process, scope.data) for name, scope in data.scopes.items()}


def joins(definition: Definition, state: bytes) -> frozenset[tuple[str, str]]:
    """(scope, gateway) of the joins at which a token waits for the others. Cheap likewise."""
    data, waiting = glance(state)
    found = ((scope, name) for scope, name in waiting if scope in data.scopes)
    return frozenset((s, n) for s, n in found if _is_join(definition, data.scopes[s].process, n))


def _is_join(definition: Definition, process: str, name: str) -> bool:
    element = definition.elements.get((process, name))
    return element is not None and element.kind in ("parallelGateway", "inclusiveGateway")


def task_data(definition: Definition, state: bytes, task: str) -> Mapping[str, Any]:
    """What the form of an open user task may read: the data of its scope, and as `item` its own of several.

    Raises:
        ConcurrentUpdate: The task is not open any more.
    """
    top, data, _ = load(definition, state)
    found = _find(top, lambda t: t.internal_data.get("id") == task and t._state == TaskState.READY)
    known = data.scopes[found.workflow.scope].data
    return {**known, "item": found.data["item"]} if "item" in found.data else known


def _set_due(running: Running, task: Any, element: Any, due: str) -> None:
    task.internal_data["event_value"] = due
    deadline = element.properties.get("deadline")
    if deadline:
        running.scope(task).dues[deadline] = due
        task.parent.internal_data["dues"][deadline][0] = due


def _step(definition: Definition, state: bytes, world: World, act: Callable[[Any, Running], None]) -> Step:
    top, data, ids = load(definition, state)
    running = Running(definition, world, data, ids)
    top.step = top.script_engine = running
    before = read_frontier(definition, top)
    with rules.numbered(ids):
        return _finish(definition, top, running, before, lambda: act(top, running))


def _finish(definition: Definition, top: Any, running: Running, before: Frontier, act: Callable[[], None]) -> Step:
    """Act, run until someone is waited for, settle and prune; then say what happened."""
    watching = _watch(running)
    try:
        act()
        while True:
            top.do_engine_steps(did_complete_task=watching)
            settle(top, running)
            if not _meet(top, running) and not _hold(top, running):
                break
    except (StepFailed, ConcurrentUpdate):
        raise
    except Exception as error:
        cause = _our_error(error)
        if cause is not None:
            raise cause from error
        raise StepFailed(element="", expression="", reason=str(error)) from error
    if rules.switches().prune:
        prune(top)
        running.data.keep({workflow.scope for workflow in workflows(top)})
    after = read_frontier(definition, top)
    state = dump(top, running.data, next(running.ids))
    step = Step(
        state=state,
        digest=digest(top, running.data, after, running.completed),
        before=before,
        after=after,
        completed=frozenset(running.completed),
        sent=tuple(running.sent),
        aside=tuple(running.aside),
        breaches=tuple(running.breaches),
        met=tuple(running.met),
        end_state=(running.data.scopes[""].end_state or "completed") if top.completed else None,
        flows=tuple(running.flows),
        rules=tuple(running.rules),
        fired=tuple(running.fired),
    )
    observer = _observer.get()
    if observer is not None:
        observer(definition, step)
    return step


def _our_error(error: BaseException | None) -> StepFailed | None:
    while error is not None and not isinstance(error, StepFailed):
        error = error.__cause__
    return error


def _watch(running: Running) -> Callable[[Any], None]:
    def did_complete(task: Any) -> None:
        if task._state == TaskState.CANCELLED:
            return
        running.did_complete(task)
        if isinstance(task.task_spec, BoundaryEventJoin):
            _end_clocks(task, running)

    return did_complete


def _end_clocks(join: Any, running: Running) -> None:
    """An activity with deadlines has ended: by its work, the deadlines are met, perhaps late."""
    split = join.find_ancestor(join.task_spec.split_task)
    if split is None or not split.internal_data.get("dues"):
        return
    host = next(
        (c for c in split.children if c.task_spec.element and c.task_spec.element.kind != "boundaryEvent"), None
    )
    if host is None or host._state != TaskState.COMPLETED:
        return
    for deadline in split.internal_data["dues"]:
        _met(running, split, deadline, host)
    del split.internal_data["dues"]


def _met(running: Running, split: Any, deadline: str, host: Any) -> None:
    due, key, opening, element = split.internal_data["dues"][deadline]
    process = running.definition.elements[split.workflow.spec.process_id, element]
    running.met.append(
        Met(
            id=key,
            scope=split.workflow.scope,
            element=process.attached_to or element,
            round=opening,
            item=item_text(host) if host is not None else None,
            deadline=deadline,
            due_at=datetime.fromisoformat(due),
            met_at=running.world.typed_at or running.world.now,
        )
    )


def _meet(top: Any, running: Running) -> bool:
    """End the deadlines whose `met_when` has become true, breached ones too; True where there was one."""
    found = False
    for workflow in workflows(top):
        for split in list(workflow.tasks.values()):
            for deadline, clock in list(split.internal_data.get("dues", {}).items()):
                found = _meet_one(running, split, deadline, clock[3]) or found
    return found


def _meet_one(running: Running, split: Any, deadline: str, timer: str) -> bool:
    element = running.definition.elements[split.workflow.spec.process_id, timer]
    condition = element.properties.get("met_when")
    host = next((child for child in split.children if child.task_spec.name == element.attached_to), None)
    over = host is None or host._state & TaskState.FINISHED_MASK
    if over or not condition or not running.evaluate(split, condition):
        return False
    _met(running, split, deadline, host)
    del split.internal_data["dues"][deadline]
    for task in split.children:
        if task.task_spec.name == timer and task._state == TaskState.WAITING:
            running.completed.add(task.internal_data["ids"][timer])
            task.cancel()
    return True


def _hold(top: Any, running: Running) -> bool:
    """Trigger the conditional events whose condition now holds (BPMN 2.0.2, 10.5.5); True where there was one."""
    found = False
    for workflow in workflows(top):
        for task in list(workflow.tasks.values()):
            event: Any = getattr(task.task_spec, "event_definition", None)
            waiting = isinstance(event, Condition) and task._state == TaskState.WAITING
            if waiting and running.evaluate(task, event.expression):
                task.internal_data["condition_held"] = found = True
                task.task_spec._update(task)
    return found


def _find(top: Any, wanted: Callable[[Any], bool]) -> Any:
    for workflow in workflows(top):
        for task in workflow.tasks.values():
            if wanted(task):
                return task
    raise ConcurrentUpdate()


def _find_event(top: Any, key: str) -> tuple[Any, Any]:
    found = _find(top, lambda t: t._state == TaskState.WAITING and key in t.internal_data.get("ids", {}).values())
    return found, next(e for e, _ in events_of(found) if found.internal_data["ids"].get(e.id) == key)
