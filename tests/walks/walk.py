"""One walk: random deeds on one random diagram, the engine and the interpreter compared after each.

The engine's state goes through its bytes at every step, as every command of it takes bytes and gives bytes.
"""

import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from engine.clock import OFFICE
from engine.errors import ConcurrentUpdate
from engine.workflow import parser, runner, state
from engine.workflow.advance import Frontier, Step
from engine.workflow.definition import Definition
from engine.workflow.world import PENDING, World
from tests.walks import bpmn
from tests.walks.blocks import OPTIONS, Boundary, Process
from tests.walks.case import Event, Instance, Scope, answer
from tests.walks.generator import generate
from tests.walks.interpreter import Interpreter

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LONG = 30  # steps after which a walk heads for the end
VALUES = {"choice": "c", "number": 0, "several": []}  # these leave every loop
WALKS_PER_DIAGRAM = 4
SIZES = (1, 2, 3, 5, 8, 11, 14, 20)


class Difference(Exception):
    """Engine and interpreter do not agree."""

    def __init__(self, walk: "Walk", what: str, expected: object, got: object) -> None:
        self.walk, self.what, self.expected, self.got = walk, what, expected, got
        super().__init__(
            f"walk {walk.number} (diagram {walk.diagram}, size {walk.size}), step {len(walk.deeds)}: {what}\n"
            f"  expected {expected}\n  got      {got}\n  after    " + "\n           ".join(walk.deeds)
        )


@dataclass(slots=True)
class Walk:
    """The walk of a number: its diagram, its size and all its choices follow from that."""

    number: int
    process: Process | None = None  # instead of the generated one
    deeds: list[str] = field(default_factory=list)
    seq: int = 0
    clock: datetime = START
    engine: Definition = field(init=False)
    expected: Interpreter = field(init=False)
    step: Step = field(init=False)
    rng: random.Random = field(init=False)

    @property
    def diagram(self) -> int:
        return self.number // WALKS_PER_DIAGRAM

    @property
    def size(self) -> int:
        return SIZES[self.diagram % len(SIZES)]

    def run(self) -> int:
        """Walk to the end and return the number of steps.

        Raises:
            Difference: The two do not agree.
        """
        self.begin()
        while not self.expected.ended:
            self.choose()
        return len(self.deeds)

    def begin(self) -> None:
        process = self.process or generate(self.diagram, self.size)
        self.engine, self.expected = parser.parse(bpmn.files(process)), Interpreter(process)
        self.rng = random.Random(f"walk:{self.number}")
        self.expected.start(self.clock)
        self.perform("start", lambda world: runner.start(self.engine, world, event="walk_start", values={}))

    # ---- deeds

    def choose(self) -> None:
        """Do one random thing that is possible; late in a walk only what brings it to its end."""
        tasks = sorted(self.expected.tasks(), key=instance_key)
        calls = sorted(self.expected.calls(), key=instance_key)
        timers = sorted((e for e in self.expected.events() if e.due is not None), key=event_key)
        waits = sorted((e for e in self.expected.events() if e.due is None), key=event_key)
        hurried = len(self.deeds) > LONG
        deeds: list[tuple[int, Any, Any]] = [
            (12 if tasks else 0, self.complete, tasks),
            (8 if calls else 0, self.finish_call, calls),
            (0 if not timers or (hurried and (tasks or calls)) else 4, self.wait_for_timers, timers),
            (0 if not waits or (hurried and (tasks or calls or timers)) else 6, self.catch, waits),
            (0 if not timers or hurried else 1, self.reschedule, timers),
            (0 if not timers or hurried else 1, self.shift, timers),
            (0 if not timers or hurried else 1, self.oversleep, timers),
        ]
        _, deed, among = self.rng.choices(deeds, [weight for weight, _, _ in deeds])[0]
        deed(among)

    def complete(self, tasks: list[Instance]) -> None:
        self.complete_with(self.rng.choice(tasks), self.values())

    def complete_with(self, instance: Instance, values: dict[str, Any]) -> None:
        key = instance_key(instance)
        task = self.find("task", self.step.after.tasks, key)
        self.expected.complete(instance, dict(values), self.clock)
        self.perform(
            f"complete {key} {values}",
            lambda world: runner.complete(self.engine, self.step.state, world, task=task, values=values),
        )
        if task not in self.step.completed:
            raise Difference(self, "completed", task, self.step.completed)
        if self.seq % 7 == 0:
            with suppress(ConcurrentUpdate):
                runner.complete(self.engine, self.step.state, self.world(), task=task, values=values)
                raise Difference(self, "a second completion", "refused", "taken")

    def values(self) -> dict[str, Any]:
        if len(self.deeds) > LONG:
            return dict(VALUES)
        several = [option for option in OPTIONS if self.rng.random() < 0.5]
        return {"choice": self.rng.choice(OPTIONS), "number": self.rng.randint(0, 9), "several": several}

    def finish_call(self, calls: list[Instance]) -> None:
        instance, result = self.rng.choice(calls), self.values()
        key = instance_key(instance)
        call = self.find("call", self.step.after.calls, key)
        self.expected.complete(instance, dict(result), self.clock)
        self.perform(
            f"finish call {key} {result}",
            lambda world: runner.finish_call(self.engine, self.step.state, world, call=call, result=result),
        )

    def wait_for_timers(self, timers: list[Event]) -> None:
        """Let time pass; what falls due happens in order of its due time, each a command of its own."""
        earliest = min(e.due for e in timers if e.due is not None)
        until = max(self.clock, earliest) + timedelta(hours=self.rng.randint(0, 30))
        while not self.expected.ended:
            due = [e for e in self.expected.events() if e.due is not None and e.due <= until]
            if not due:
                break
            event = min(due, key=lambda e: (e.due, event_key(e)))
            assert event.due is not None
            self.clock = max(self.clock, event.due)
            self.happen("fire", event)
        self.clock = until

    def catch(self, waits: list[Event]) -> None:
        self.happen("catch", self.rng.choice(waits))

    def happen(self, verb: str, event: Event) -> None:
        key = event_key(event)
        if verb == "fire":
            timer = self.find("timer", self.step.after.timers, key)
            deed = lambda world: runner.fire(self.engine, self.step.state, world, timer=timer)  # noqa: E731
        else:
            wait = self.find("wait", self.step.after.waits, key)
            deed = lambda world: runner.catch(self.engine, self.step.state, world, wait=wait, payload={})  # noqa: E731
        self.expected.occur(event, self.clock)
        self.perform(f"{verb} {key}", deed)

    def reschedule(self, timers: list[Event]) -> None:
        event = self.rng.choice(timers)
        due = self.clock + timedelta(hours=self.rng.randint(1, 50), minutes=30)
        timer = self.find("timer", self.step.after.timers, event_key(event))
        self.expected.reschedule(event, due)
        self.perform(
            f"reschedule {event_key(event)} to {due}",
            lambda world: runner.reschedule(self.engine, self.step.state, world, timer=timer, due=due),
        )

    def shift(self, timers: list[Event]) -> None:
        by = timedelta(hours=self.rng.randint(1, 20))
        self.expected.shift(by)
        self.perform(f"shift by {by}", lambda world: runner.shift(self.engine, self.step.state, world, by=by))

    def oversleep(self, timers: list[Event]) -> None:
        """Pass the due time of some timers: none may fire unasked."""
        self.clock += timedelta(hours=self.rng.randint(1, 60))

    # ---- comparison

    def find(self, what: str, places: Any, key: tuple[Any, ...]) -> str:
        found: list[str] = [id for id, place in places.items() if place_key(place) == key]
        if len(found) != 1:
            raise Difference(self, f"{what} to be found", key, [place_key(place) for place in places.values()])
        return found[0]

    def perform(self, deed: str, command: Any) -> None:
        """Run an engine command in a world of its own and compare all that can be seen."""
        self.seq += 1
        self.deeds.append(f"{self.clock:%d %H:%M} {deed}")
        before = self.step.after if self.seq > 1 else Frontier()
        try:
            world = self.world(functions=functions(self.clock))
            step = command(world)
            replayed = command(self.world(recorded=world.reads)) if self.seq % 4 == 0 else step
            self.step = step
        except Exception as error:  # any failure of the engine is a finding
            raise Difference(self, "no exception", "a step", f"{error!r} {getattr(error, 'context', '')}") from error
        if replayed != step:
            raise Difference(self, "replay", step, replayed)
        if self.step.before != before:
            raise Difference(self, "before", before, self.step.before)
        if runner.frontier(self.engine, self.step.state) != self.step.after:
            raise Difference(self, "frontier", self.step.after, runner.frontier(self.engine, self.step.state))
        expected, got = seen_by_interpreter(self.expected), seen_by_engine(self.engine, self.step)
        for what, wanted in expected.items():
            if wanted != got[what] and not self.left_open(what, got):
                raise Difference(self, what, wanted, got[what])

    def world(self, **known: Any) -> World:
        return World(case=UUID(int=self.number).hex, seq=self.seq, now=self.clock, actor="person:1", **known)

    def left_open(self, what: str, got: dict[str, Any]) -> bool:
        """Whether a difference lies in the order of tokens that move in one step, which the standard leaves open."""
        case = self.expected
        if what == "flows":
            return case.interrupted
        if what == "end":
            return case.ended and got["end"] in case.ends
        return what == "data" and case.raced and begun(got["data"]) == begun(seen_by_interpreter(case)["data"])


def functions(now: datetime) -> dict[str, Any]:
    def hours(length: int, *, after: str | None = "") -> str | None:
        anchor = now if after == "" else after and datetime.fromisoformat(after)
        return (anchor + timedelta(hours=length)).astimezone(OFFICE).isoformat() if anchor else None

    operations = {"operation:answer_now": answer, "operation:answer_later": lambda given: PENDING}
    return {"hours": hours, **operations}


def instance_key(instance: Instance) -> tuple[Any, ...]:
    activity = instance.activity
    return activity.frame.scope.name, activity.node.id, activity.round, instance.item or activity.frame.item or ""


def event_key(event: Event) -> tuple[Any, ...]:
    frame = event.activity.frame
    return frame.scope.name, event.node.id, event.round, frame.item or ""


def place_key(place: Any) -> tuple[Any, ...]:
    return place.scope, place.element, place.round, place.item or ""


def listed(values: dict[str, Any]) -> dict[str, Any]:
    """Data with the lists of multi-instance results in order of their items, which the rules leave open."""
    ordered = {}
    for element, value in values.items():
        ordered[element] = sorted(value, key=lambda entry: str(entry.get("item"))) if isinstance(value, list) else value
    return ordered


def begun(data: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Data without lists that have no entry yet, and without the last of several ends reached in one step."""

    def rest(value: Any) -> Any:
        if isinstance(value, list):
            return [rest(entry) for entry in value]
        return {key: each for key, each in value.items() if key != "end_state"}

    return {name: {id: rest(value) for id, value in scope.items() if value != []} for name, scope in data.items()}


def seen_by_interpreter(case: Interpreter) -> dict[str, Any]:
    tasks = []
    for instance in case.tasks():
        due, deadline = case.due(instance.activity) or (None, None)
        tasks.append((*instance_key(instance), instance.opened_at, due, deadline))
    events = case.events()
    scopes: list[Scope] = [] if case.ended else list(case.scopes())
    return {
        "tasks": Counter(tasks),
        "timers": Counter((*event_key(e), host_of(e), deadline_of(e), e.opened_at, e.due) for e in events if e.due),
        "waits": Counter((*event_key(e), f"{e.node.id}_news") for e in events if not e.due),
        "calls": Counter((*instance_key(one), str(case.argument(one.activity))) for one in case.calls()),
        "sent": sorted(case.sent, key=str),
        "data": {scope.name: listed(scope.data) for scope in [case.root.scope, *scopes]},
        "breaches": sorted(case.breaches),
        "met": sorted(case.met),
        "end": case.root.scope.end_state if case.ended else None,
        "flows": case.flows,
    }


def host_of(event: Event) -> str | None:
    return event.node.host


def deadline_of(event: Event) -> str | None:
    return event.node.block.deadline if isinstance(event.node.block, Boundary) else None


def seen_by_engine(definition: Definition, step: Step) -> dict[str, Any]:
    after = step.after
    _, data, _ = state.load(definition, step.state)
    return {
        "tasks": Counter((*place_key(t), t.opened_at, t.due_at, t.deadline) for t in after.tasks.values()),
        "timers": Counter((*place_key(t), t.host, t.deadline, t.opened_at, t.due_at) for t in after.timers.values()),
        "waits": Counter((*place_key(w), w.message) for w in after.waits.values()),
        "calls": Counter((*place_key(c), str(c.arguments["given"])) for c in after.calls.values()),
        "sent": sorted(((m.message, m.key, m.payload["given"]) for m in step.sent), key=str),
        "data": {name: listed(scope.data) for name, scope in data.scopes.items()},
        "breaches": sorted((b.scope, b.deadline, b.due_at) for b in step.breaches),
        "met": sorted((m.scope, m.deadline, m.due_at, m.met_at) for m in step.met),
        "end": step.end_state,
        "flows": Counter((source, target) for _, source, target in step.flows),
    }
