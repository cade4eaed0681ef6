"""Block-structured diagrams as trees.

A tree says only what is meant; `generator` makes one up, `graph` flattens it, `bpmn` writes it and `interpreter` plays
it. Every user task has the same three fields: `choice` (a, b or c), `number` (0 to 9) and `several` (some of a, b, c).
"""

from dataclasses import dataclass
from typing import TypeAlias

OPTIONS = ("a", "b", "c")


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison: `kind` is is, at_least, has, any, turns (completed fewer than `value` times) or breaches."""

    kind: str
    element: str
    field: str
    value: str | int


@dataclass(frozen=True, slots=True)
class Condition:
    """All terms hold."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A value that is certain to be there when it is read."""

    element: str
    field: str
    many: bool = False  # of a multi-instance task: a list of such values


@dataclass(frozen=True, slots=True)
class Multi:
    """Multi-instance marker over a list of texts: a literal or a field."""

    sequential: bool
    literal: tuple[str, ...] | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Boundary:
    """A boundary event. A non-interrupting path runs to an end event, an interrupting one joins the main path."""

    id: str
    interrupting: bool
    hours: int | None  # of a timer
    deadline: str | None
    path: "Body"
    after: str | None = None  # the user task from whose completion the timer counts
    met_when: Condition | None = None  # of a deadline
    condition: Condition | None = None  # of a conditional event
    raised: tuple[str, str] | None = None  # "error", "escalation" or "signal", and its code

    @property
    def event(self) -> str:
        if self.raised is not None:
            return self.raised[0]
        if self.condition is not None:
            return "conditional"
        return "message" if self.hours is None else "timer"


@dataclass(frozen=True, slots=True)
class Task:
    id: str
    boundaries: tuple[Boundary, ...] = ()
    multi: Multi | None = None


@dataclass(frozen=True, slots=True)
class Sub:
    """An embedded sub-process. With `multi` the data of its tasks are lists, an entry an item."""

    id: str
    body: "Body"
    boundaries: tuple[Boundary, ...] = ()
    multi: Multi | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A call activity: `inputs` and `outputs` are (name, source) in the caller's and in the called process's data."""

    id: str
    process: "Process"
    inputs: tuple[tuple[str, Source], ...] = ()
    outputs: tuple[tuple[str, Source], ...] = ()
    boundaries: tuple[Boundary, ...] = ()
    multi: Multi | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Exclusive; the last branch is the default."""

    id: str
    branches: tuple[tuple[Condition | None, "Body"], ...]
    explicit_merge: bool


@dataclass(frozen=True, slots=True)
class Inclusive:
    """Inclusive split and join; the last branch is the default."""

    id: str
    branches: tuple[tuple[Condition | None, "Body"], ...]


@dataclass(frozen=True, slots=True)
class Parallel:
    id: str
    branches: tuple["Body", ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """The body once, then again as long as `again` holds."""

    id: str
    body: "Body"
    again: Condition


@dataclass(frozen=True, slots=True)
class Pause:
    """An intermediate catch event: a timer, or a message where `hours` is None."""

    id: str
    hours: int | None


@dataclass(frozen=True, slots=True)
class Race:
    """An event-based gateway with one message and one timer."""

    id: str
    hours: int
    on_message: "Body"
    on_timer: "Body"


@dataclass(frozen=True, slots=True)
class End:
    """An end event in the middle: the last of its branch."""

    id: str
    terminate: bool


@dataclass(frozen=True, slots=True)
class Raise:
    """An error, escalation or signal: an end event where `ends`, else an intermediate event."""

    id: str
    kind: str
    code: str
    ends: bool


@dataclass(frozen=True, slots=True)
class Service:
    """A service task whose operation answers at once or, where `later`, is performed by a job."""

    id: str
    later: bool
    argument: Source
    boundaries: tuple[Boundary, ...] = ()


@dataclass(frozen=True, slots=True)
class Send:
    """An intermediate event that sends a message, with a value as its payload and as its correlation key."""

    id: str
    payload: Source


Activity: TypeAlias = Task | Service | Sub | Call
Block: TypeAlias = Activity | Choice | Inclusive | Parallel | Loop | Pause | Race | Send | Raise | End
Body: TypeAlias = tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Process:
    name: str
    body: Body
