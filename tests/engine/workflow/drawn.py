"""Small diagrams for the runner's tests, written in a few words, and a case to move them with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from engine.workflow import parser, runner
from engine.workflow.advance import Step
from engine.workflow.definition import Definition
from engine.workflow.time_functions import time_functions
from engine.workflow.world import World
from engine.working_time import Calendar

NINE = datetime(2025, 9, 26, 1, tzinfo=UTC)  # Friday 09:00 in the office
HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core">'
)


def properties(given: Mapping[str, str]) -> str:
    rows = "".join(
        f"<spiffworkflow:property name={quoteattr(name)} value={quoteattr(value)}/>" for name, value in given.items()
    )
    return (
        f"<bpmn:extensionElements><spiffworkflow:properties>{rows}</spiffworkflow:properties></bpmn:extensionElements>"
    )


def node(tag: str, key: str, inner: str = "", more: str = "", **given: str) -> str:
    """One element; `given` become its properties, with __ for a dot."""
    named = {name.replace("__", "."): value for name, value in given.items()}
    return f'<bpmn:{tag} id="{key}" name="{key}" {more}>{properties(named) if named else ""}{inner}</bpmn:{tag}>'


def flows(*chains: str) -> str:
    """ "a > b > c"; a condition stands in brackets before the target: "gate > [a.x == 1] b"."""
    drawn = []
    for chain in chains:
        stops = [stop.strip() for stop in chain.split(">>")]
        for source, target in pairwise(stops):
            condition, target = target[1:].split("] ") if target.startswith("[") else ("", target)
            source = source.split("] ")[-1]
            inner = f"<bpmn:conditionExpression>{escape(condition)}</bpmn:conditionExpression>" if condition else ""
            key = f"{source}_to_{target}"
            drawn.append(
                f'<bpmn:sequenceFlow id="{key}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'
            )
    return "".join(drawn)


def timer(key: str, host: str, expression: str, interrupting: bool = False, **given: str) -> str:
    inner = (
        f"<bpmn:timerEventDefinition><bpmn:timeDate>{escape(expression)}</bpmn:timeDate></bpmn:timerEventDefinition>"
    )
    more = f'attachedToRef="{host}" cancelActivity="{str(interrupting).lower()}"'
    return node("boundaryEvent", key, inner, more, **given)


def parse(body: str, toml: str = "", messages: str = "", **called: str) -> Definition:
    """A definition from a process body, and the bodies of the processes it calls."""
    files = {"main.bpmn": _file("main", body, messages), "procedure.toml": toml.encode()}
    for name, inner in called.items():
        files[f"calls/{name}/{name}.bpmn"] = _file(name, inner, "")
        files[f"calls/{name}/procedure.toml"] = b""
    return parser.parse(files)


def _file(name: str, body: str, messages: str) -> bytes:
    process = f'<bpmn:process id="{name}" isExecutable="true">{body}</bpmn:process>'
    return f"{HEAD}{messages}{process}</bpmn:definitions>".encode()


@dataclass
class Case:
    """A case under test: every step is stored and restored, as in life."""

    definition: Definition
    now: datetime = NINE
    seq: int = 0
    steps: list[Step] = field(default_factory=list)

    @property
    def step(self) -> Step:
        return self.steps[-1]

    def world(self, actor: str = "person:1", typed_at: datetime | None = None) -> World:
        self.seq += 1
        functions = time_functions(self.now, NINE, Calendar({}, frozenset(range(2004, 2027))))
        return World(
            case="0" * 31 + "1", seq=self.seq, now=self.now, actor=actor, typed_at=typed_at, functions=functions
        )

    def start(self, **values: Any) -> Step:
        self.steps.append(runner.start(self.definition, self.world(), values=values))
        return self.step

    def open(self) -> list[str]:
        """Element ids of the open user tasks, with the item where there is one."""
        return sorted(f"{t.element}[{t.item}]" if t.item else t.element for t in self.step.after.tasks.values())

    def do(self, name: str, after: timedelta = timedelta(), actor: str = "person:1", **values: Any) -> Step:
        """Complete the open task `element` or `element[item]`."""
        self.now += after
        key = next(t.id for t in self.step.after.tasks.values() if name in (t.element, f"{t.element}[{t.item}]"))
        world = self.world(actor)
        self.steps.append(runner.complete(self.definition, self.step.state, world, task=key, values=values))
        return self.step

    def fire(self, element: str) -> Step:
        timer = next(t for t in self.step.after.timers.values() if t.element == element)
        self.now = timer.due_at
        self.steps.append(runner.fire(self.definition, self.step.state, self.world(), timer=timer.id))
        return self.step

    def tell(self, element: str, **payload: Any) -> Step:
        wait = next(w for w in self.step.after.waits.values() if w.element == element)
        step = runner.catch(self.definition, self.step.state, self.world(), wait=wait.id, payload=payload)
        self.steps.append(step)
        return step

    def data(self, scope: str = "") -> Mapping[str, Any]:
        return runner.case_data(self.definition, self.step.state)[scope]

    def dues(self) -> dict[str, str]:
        """Open task → due time in the office."""
        office = timedelta(hours=8)
        return {
            t.element: (t.due_at + office).strftime("%m-%d %H:%M") for t in self.step.after.tasks.values() if t.due_at
        }
