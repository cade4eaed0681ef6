"""The token game of BPMN 2.0.2 (clause 13) over a flow graph: what the engine is compared with.

Written from the standard and the drawing rules alone; it imports nothing from the engine. Instants are aware.
"""

from collections import Counter, deque
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tests.walks.blocks import Boundary, Call, Condition, Process, Raise, Send, Service, Sub, Task
from tests.walks.case import Activity, Event, Frame, Instance, Scope, answer, holds, inner_frames, listed, put, read
from tests.walks.graph import ACTIVITIES, Flow, Node, every, graphs


class Interpreter:
    """One case. Its methods are the commands; `breaches`, `met` and `flows` say what the last one did."""

    def __init__(self, process: Process) -> None:
        self.graph, self.called = graphs(process)
        self.ended = False
        self.breached = 0
        self.raced = False  # an error or escalation was raised while other tokens moved in the same step
        self.breaches: list[tuple[str, str, datetime]] = []
        self.sent: list[tuple[str, str, Any]] = []
        self.met: list[tuple[str, str, datetime, datetime]] = []
        self.flows: Counter[tuple[str, str]] = Counter()
        self.moving: deque[tuple[Frame, Flow]] = deque()

    # ---- commands

    def start(self, now: datetime) -> None:
        self.begin(now)
        self.root = Frame(self.graph, Scope("", {self.graph.start: {}}), None)
        self.leave(self.root, self.graph.nodes[self.graph.start])
        self.settle()

    def complete(self, instance: Instance, values: dict[str, Any], now: datetime) -> None:
        self.begin(now)
        self.finish(instance, values)
        self.settle()

    def occur(self, event: Event, now: datetime) -> None:
        """A timer fires or a message is caught."""
        self.begin(now)
        if event.node.event == "message":
            put(event.activity.frame, event.node.id, {}, event.activity.frame.item)  # the payload
        if event.activity.node.kind == "race":
            self.flows[event.activity.node.id, event.node.id] += 1
        self.trigger(event)
        self.settle()

    def reschedule(self, event: Event, due: datetime) -> None:
        self.begin(self.now)
        event.due = due
        if isinstance(event.node.block, Boundary) and event.node.block.deadline is not None:
            event.activity.deadlines[event.node.block.deadline] = due

    def shift(self, by: timedelta) -> None:
        for event in self.events():
            if event.due is not None:
                self.reschedule(event, event.due + by)

    def begin(self, now: datetime) -> None:
        self.now = now
        self.breaches, self.met, self.sent, self.flows = [], [], [], Counter()
        self.interrupted = False
        self.ends: list[str | None] = []

    # ---- what is open

    def activities(self, frame: Frame | None = None) -> Iterator[Activity]:
        for activity in (frame or self.root).activities:
            yield activity
            for instance in activity.open:
                if instance.frame is not None:
                    yield from self.activities(instance.frame)

    def tasks(self) -> list[Instance]:
        return [one for activity in self.activities() if activity.node.kind == "task" for one in activity.open]

    def calls(self) -> list[Instance]:
        """The operations that wait for a job."""
        return [one for activity in self.activities() if activity.node.kind == "service" for one in activity.open]

    def events(self) -> list[Event]:
        """The waiting timers and messages."""
        events = [event for activity in self.activities() for event in activity.events]
        return [event for event in events if event.node.event in ("timer", "message")]

    def scopes(self, frame: Frame | None = None) -> Iterator[Scope]:
        """The scopes of what is running."""
        frame = frame or self.root
        yield frame.scope
        for activity in self.activities(frame):
            if activity.node.kind == "call":
                for instance in activity.open:
                    assert instance.frame is not None
                    yield instance.frame.scope

    def due(self, activity: Activity) -> tuple[datetime, str] | None:
        """The earliest deadline of an activity and of what is around it, and which one it is."""
        found: list[tuple[datetime, str]] = []
        at: Activity | None = activity
        while at is not None:
            found.extend((due, deadline) for deadline, due in at.deadlines.items())
            owner = at.frame.owner
            at = owner.activity if owner is not None else None
        return min(found, default=None)

    # ---- the token game

    def settle(self) -> None:
        """Move tokens until every one waits; inclusive joins and ends of processes are looked at when nothing moves."""
        while True:
            while self.moving:
                frame, flow = self.moving.popleft()
                if self.alive(frame):
                    self.arrive(frame, flow)
            if self.ended:
                return
            if self.join_inclusive(self.root) or self.end_frames(self.root):
                continue
            for activity in self.activities():
                self.count(activity)
            if not any([self.notice(activity) for activity in list(self.activities())]):
                return

    def notice(self, activity: Activity) -> bool:
        """Meet deadlines, breached ones too, and trigger conditional events whose condition holds; whether one did."""
        found, frame = False, activity.frame
        for boundary in (frame.graph.nodes[id].block for id in activity.node.attached):
            assert isinstance(boundary, Boundary)
            due = activity.deadlines.get(boundary.deadline or "")
            if due and boundary.deadline and boundary.met_when and self.holds(boundary.met_when, frame):
                self.met.append((frame.scope.name, boundary.deadline, due, self.now))
                del activity.deadlines[boundary.deadline]
                activity.events = [event for event in activity.events if event.node.id != boundary.id]
                found = True
        for event in list(activity.events):
            condition = event.node.block.condition if isinstance(event.node.block, Boundary) else None
            if condition is not None and self.holds(condition, frame):
                self.trigger(event)
                found = True
        return found

    def trigger(self, event: Event) -> None:
        """An event happens: it ends its activity, or starts a token beside it."""
        activity, frame, block = event.activity, event.activity.frame, event.node.block
        activity.events.remove(event)
        if not isinstance(block, Boundary) or block.interrupting:
            self.close(activity)
        elif block.event in ("message", "escalation", "signal"):
            self.wait(activity, event.node)  # it may come again while its host is open
        elif block.deadline is not None and event.due is not None:
            self.breached += 1
            self.breaches.append((frame.scope.name, block.deadline, event.due))
        self.leave(frame, event.node)

    def throw(self, frame: Frame, thrown: Raise) -> None:
        """Trigger the boundary event of the innermost activity around that catches an error or escalation."""
        if thrown.kind == "signal":
            self.broadcast(thrown.code)
            return
        at: Frame = frame
        while at.owner is not None:
            activity = at.owner.activity
            for event in activity.events:
                if isinstance(event.node.block, Boundary) and event.node.block.raised == (thrown.kind, thrown.code):
                    self.interrupted |= event.node.block.interrupting
                    self.raced = True
                    self.trigger(event)
                    return
            at = activity.frame

    def broadcast(self, signal: str) -> None:
        """A signal reaches all who wait for it."""
        events = [event for activity in self.activities() for event in activity.events]
        for event in events:
            if isinstance(event.node.block, Boundary) and event.node.block.raised == ("signal", signal):
                self.trigger(event)

    def count(self, activity: Activity) -> None:
        """Number what has newly opened. What opens and ends in one command was never open: no number, no deadline."""
        scope = activity.frame.scope
        if activity.round == 0:
            scope.opened[activity.node.id] += 1
            activity.round = scope.opened[activity.node.id]
        for event in activity.events:
            if event.round > 0:
                continue
            if event.node is activity.node:
                event.round = activity.round
                continue
            scope.opened[event.node.id] += 1
            event.round = scope.opened[event.node.id]
            if (
                isinstance(event.node.block, Boundary)
                and event.node.block.deadline is not None
                and event.due is not None
            ):
                activity.deadlines[event.node.block.deadline] = event.due

    def alive(self, frame: Frame) -> bool:
        while frame.owner is not None:
            activity = frame.owner.activity
            if frame.owner not in activity.open or activity not in activity.frame.activities:
                return False
            frame = activity.frame
        return not self.ended

    def leave(self, frame: Frame, node: Node) -> None:
        """Put a token on every outgoing flow of a node, or on those that its conditions choose."""
        chosen = node.outgoing
        if node.kind in ("exclusive", "inclusive") and len(chosen) > 1:
            chosen = [flow for flow in node.outgoing if flow.condition and self.holds(flow.condition, frame)]
            if node.kind == "exclusive":
                chosen = chosen[:1]
            chosen = chosen or [flow for flow in node.outgoing if flow.default]
        self.moving.extend((frame, flow) for flow in chosen)

    def arrive(self, frame: Frame, flow: Flow) -> None:
        node = frame.graph.nodes[flow.target]
        self.flows[flow.source, flow.target] += 1
        if node.kind in ("parallel", "inclusive") and len(node.incoming) > 1:
            frame.tokens[flow.id] += 1
            if node.kind == "parallel" and all(frame.tokens[each.id] for each in node.incoming):
                frame.tokens.subtract(each.id for each in node.incoming)
                self.leave(frame, node)
        elif node.kind in (*ACTIVITIES, "catch", "race"):
            self.open(frame, node)
        elif isinstance(node.block, Send):
            value = read(frame, node.block.payload.element, node.block.payload.field)
            self.sent.append((f"{node.id}_news", str(value), value))
            self.leave(frame, node)
        elif isinstance(node.block, Raise):
            self.throw(frame, node.block)
            if self.alive(frame):
                self.leave(frame, node)
        elif node.kind in ("end", "terminate"):
            frame.scope.end_state = node.end_state or frame.scope.end_state
            self.ends.append(node.end_state)
            if node.kind == "terminate":
                self.root.activities, self.ended, self.interrupted = [], True, True
        else:
            self.leave(frame, node)

    def join_inclusive(self, frame: Frame) -> bool:
        for node in frame.graph.nodes.values():
            if node.kind == "inclusive" and len(node.incoming) > 1 and self.may_join(frame, node):
                frame.tokens.subtract(flow.id for flow in node.incoming if frame.tokens[flow.id])
                self.leave(frame, node)
                return True
        return any(self.join_inclusive(inner) for inner in inner_frames(frame))

    def may_join(self, frame: Frame, join: Node) -> bool:
        """BPMN 2.0.2, table 13.3: no token elsewhere can still come to an empty input alone."""
        empty = {flow.id for flow in join.incoming if not frame.tokens[flow.id]}
        if len(empty) == len(join.incoming):
            return False
        places = {activity.node.id for activity in frame.activities}
        places |= {flow.target for flow in frame.graph.flows if frame.tokens[flow.id] and flow.target != join.id}
        for place in places:
            inputs = frame.graph.inputs_within_reach(place, join)
            if inputs and inputs <= empty:
                return False
        return True

    def end_frames(self, frame: Frame) -> bool:
        """End the innermost processes in which no token is left."""
        if any([self.end_frames(inner) for inner in inner_frames(frame)]):
            return True
        if frame.activities:
            return False
        assert not +frame.tokens, f"a join waits for ever: {+frame.tokens}"
        if frame.owner is None:
            self.ended = True
            return False
        block, result = frame.owner.activity.node.block, {}
        if isinstance(block, Call):
            result = {name: read(frame, source.element, source.field) for name, source in block.outputs}
            result["end_state"] = frame.scope.end_state
        self.finish(frame.owner, result)
        return True

    # ---- activities

    def open(self, frame: Frame, node: Node) -> None:
        activity = Activity(node, frame, 0, self.now)
        frame.activities.append(activity)
        waiting = [node] if node.kind == "catch" else [frame.graph.nodes[event] for event in node.attached]
        if node.kind == "race":
            waiting = [frame.graph.nodes[flow.target] for flow in node.outgoing]
        for event in waiting:
            self.wait(activity, event)
        if node.kind in ACTIVITIES:
            self.open_instances(activity)

    def open_instances(self, activity: Activity) -> None:
        block, frame = activity.node.block, activity.frame
        assert isinstance(block, Task | Service | Sub | Call)
        multi = None if isinstance(block, Service) else block.multi
        items: list[str | None] = [None] if multi is None else [*listed(multi, frame)]
        if multi is not None:
            frame.scope.data |= {id: [] for id in producers(activity.node)}  # a new round replaces the earlier one
        activity.later = [Instance(activity, index, item) for index, item in enumerate(items)]
        for _ in range(1 if multi and multi.sequential else len(items)):
            self.open_next(activity)
        if not items:
            self.done(activity)
        if isinstance(block, Service) and not block.later:
            self.finish(activity.open[0], answer(self.argument(activity)))

    def argument(self, activity: Activity) -> Any:
        """What a service task gives its operation, taken when it opened."""
        if activity.argument is None:
            assert isinstance(activity.node.block, Service)
            source = activity.node.block.argument
            activity.argument = read(activity.frame, source.element, source.field)
        return activity.argument

    def wait(self, activity: Activity, node: Node) -> None:
        after = node.block.after if isinstance(node.block, Boundary) else None
        anchor = self.now if after is None else activity.frame.scope.done_at.get(after)
        if node.event == "timer" and anchor is None:
            return  # without its anchor a timer never fires
        due = anchor + timedelta(hours=node.hours) if anchor is not None and node.hours is not None else None
        activity.events.append(Event(activity, node, 0, self.now, due))

    def open_next(self, activity: Activity) -> None:
        if not activity.later:
            return
        instance = activity.later.pop(0)
        activity.open.append(instance)
        instance.opened_at = self.now
        block, outer, scope = activity.node.block, activity.frame, activity.frame.scope
        if isinstance(block, Sub):
            assert activity.node.body is not None
            instance.frame = Frame(activity.node.body, scope, instance, instance.item or outer.item)
        elif isinstance(block, Call):
            scope.calls[block.id] += 1
            name = "/".join(filter(None, (scope.name, f"{block.id}:{scope.calls[block.id]}")))
            given = {name: read(outer, source.element, source.field) for name, source in block.inputs}
            given |= {} if instance.item is None else {"in_item": instance.item}
            instance.frame = Frame(self.called[block.process.name], Scope(name, {"input": given}), instance)
        if instance.frame is not None:
            self.leave(instance.frame, instance.frame.graph.nodes[instance.frame.graph.start])

    def finish(self, instance: Instance, values: dict[str, Any]) -> None:
        activity = instance.activity
        activity.open.remove(instance)
        frame = activity.frame
        if activity.node.kind != "sub":
            put(frame, activity.node.id, values, instance.item or frame.item)
            frame.scope.done_at[activity.node.id] = self.now
        if activity.later:
            self.open_next(activity)
        elif not activity.open:
            self.done(activity)

    def done(self, activity: Activity) -> None:
        """An activity ends by itself: its result is kept, and its deadlines are met."""
        scope = activity.frame.scope
        for deadline, due in activity.deadlines.items():
            self.met.append((scope.name, deadline, due, self.now))
        scope.completed[activity.node.id] += 1
        self.close(activity)
        self.leave(activity.frame, activity.node)

    def close(self, activity: Activity) -> None:
        activity.frame.activities.remove(activity)

    # ---- conditions

    def holds(self, condition: Condition, frame: Frame) -> bool:
        return all(holds(term, frame, self.breached) for term in condition.terms)


def producers(node: Node) -> list[str]:
    """The elements whose data are lists because this activity is multi-instance: itself, or what is inside it."""
    if node.body is None:
        return [node.id]
    inner = [each for _, each in every(node.body)]
    catching = [each.id for each in inner if each.kind in ("boundary", "catch") and each.event == "message"]
    return catching + [each.id for each in inner if each.kind in ("task", "service", "call")]
