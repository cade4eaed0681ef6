"""What the interpreter knows of a running case, and how its expressions read it. Instants are aware."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.walks.blocks import Multi, Term
from tests.walks.graph import Graph, Node


@dataclass(slots=True, eq=False)
class Scope:
    """The data of one process: the case, or one call of a called process."""

    name: str
    data: dict[str, Any] = field(default_factory=dict)
    opened: Counter[str] = field(default_factory=Counter)
    completed: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    done_at: dict[str, datetime] = field(default_factory=dict)
    end_state: str | None = None


@dataclass(slots=True, eq=False)
class Frame:
    """A running process or sub-process: `tokens` are those that wait before a join, by flow id."""

    graph: Graph
    scope: Scope
    owner: "Instance | None"
    item: str | None = None  # inside a multi-instance sub-process
    tokens: Counter[str] = field(default_factory=Counter)
    activities: list["Activity"] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Instance:
    """One execution of an activity: of a multi-instance activity there are several."""

    activity: "Activity"
    index: int
    item: str | None
    opened_at: datetime | None = None
    frame: Frame | None = None


@dataclass(slots=True, eq=False)
class Event:
    """A waiting timer (`due` set), message, condition, error or escalation."""

    activity: "Activity"
    node: Node
    round: int
    opened_at: datetime
    due: datetime | None


@dataclass(slots=True, eq=False)
class Activity:
    """A running activity, intermediate catch event or event-based gateway, with the events that it waits for."""

    node: Node
    frame: Frame
    round: int
    opened_at: datetime
    open: list[Instance] = field(default_factory=list)
    later: list[Instance] = field(default_factory=list)  # of a sequential multi-instance activity
    events: list[Event] = field(default_factory=list)
    argument: Any = None  # of a service task
    deadlines: dict[str, datetime] = field(default_factory=dict)  # kept when they have passed


def inner_frames(frame: Frame) -> list[Frame]:
    return [one.frame for activity in frame.activities for one in activity.open if one.frame is not None]


def put(frame: Frame, element: str, values: dict[str, Any], item: str | None) -> None:
    """Keep what an element produced; with an item as its entry of a list, a later one in the place of an earlier."""
    data = frame.scope.data
    if item is None:
        data[element] = values
    else:
        data[element] = [entry for entry in data[element] if entry["item"] != item] + [{**values, "item": item}]


def read(frame: Frame, element: str, name: str) -> Any:
    value = frame.scope.data.get(element, {})
    if isinstance(value, list) and frame.item is not None:
        value = next((entry for entry in value if entry["item"] == frame.item), {})
    return value.get(name)


def answer(given: Any) -> dict[str, Any]:
    """What the operation of a service task answers; it leaves every loop."""
    length = len(str(given))
    return {"choice": "bc"[length % 2], "number": length % 4, "several": ["b"] * (length % 2)}


def listed(multi: Multi, frame: Frame) -> list[str]:
    if multi.source is None:
        return list(multi.literal or ())
    return list(read(frame, multi.source.element, multi.source.field))


def holds(term: Term, frame: Frame, breaches: int) -> bool:
    if term.kind == "turns":
        return frame.scope.completed[term.element] < int(term.value)
    if term.kind == "breaches":
        return breaches >= int(term.value)
    if term.kind == "any":
        return any(each.get(term.field) == term.value for each in frame.scope.data[term.element])
    value = read(frame, term.element, term.field)
    if term.kind == "has":
        return term.value in value
    return bool(value >= term.value if term.kind == "at_least" else value == term.value)
