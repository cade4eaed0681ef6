"""What one step of a process instance did: plain data, the only thing that leaves `engine.workflow`.

Nothing here knows SpiffWorkflow or a database. All instants are aware and in UTC. Ids are 32 hex digits,
`uuid5(case, "seq:element:ordinal")`, so that a replay finds the same ones. A scope is "" for the process itself and
`<call activity>:<n>` joined by "/" for what it calls, n counting the calls of that activity from 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

JsonValue: TypeAlias = "bool | int | str | list[Any] | dict[str, Any] | None"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where in a case something stands: the key that rows about it share."""

    id: str
    scope: str
    element: str
    round: int  # how often this element was opened in this scope, from 1
    item: str | None = None  # the multi-instance item as text


@dataclass(frozen=True, kw_only=True, slots=True)
class UserTask(Place):
    """An open user task (BPMN 2.0.2, 10.3.3.3)."""

    name: str
    form: str | None
    candidates: tuple[str, ...]  # principal keys: group:…, head:…, person:…
    excluded: tuple[str, ...] = ()
    opened_at: datetime
    due_at: datetime | None = None  # earliest deadline of itself and what encloses it, kept after a breach
    deadline: str | None = None  # which one that is
    not_before: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Timer(Place):
    """A waiting timer; `host` is the element it is attached to, None for an intermediate event."""

    due_at: datetime
    host: str | None = None
    deadline: str | None = None
    opened_at: datetime
    candidates: tuple[str, ...] = ()  # of the host, where it is a user task: whom a reminder reaches


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceCall(Place):
    """A service task whose operation is performed by a job."""

    operation: str
    arguments: Mapping[str, JsonValue]


@dataclass(frozen=True, kw_only=True, slots=True)
class AsideCall:
    """A service task whose operation a job performs while the flow goes on: where it stands, what is known there."""

    scope: str
    element: str
    process: str
    operation: str
    arguments: Mapping[str, JsonValue]
    known: Mapping[str, JsonValue]  # element → values, of this scope and its callers, the nearest winning


@dataclass(frozen=True, kw_only=True, slots=True)
class Wait(Place):
    """An element that waits for a message."""

    message: str
    key: str  # correlation key, "" where the diagram names none


@dataclass(frozen=True, slots=True)
class Frontier:
    """Everything in a case that waits for a person, a timer, an operation or a message; id → item each."""

    tasks: Mapping[str, UserTask] = field(default_factory=dict)
    timers: Mapping[str, Timer] = field(default_factory=dict)
    calls: Mapping[str, ServiceCall] = field(default_factory=dict)
    waits: Mapping[str, Wait] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """A message that the process sends to another case (or to a process that it starts)."""

    message: str
    key: str
    payload: Mapping[str, JsonValue]


@dataclass(frozen=True, kw_only=True, slots=True)
class Breach(Place):
    """A deadline that passed unmet; `id` is the timer's."""

    deadline: str
    due_at: datetime
    responsible: tuple[str, ...]  # principal keys; empty: the heads of the candidates
    default: bool  # its path ends in an end event with breach="default"


@dataclass(frozen=True, kw_only=True, slots=True)
class Met(Place):
    """A deadline that ended by its work being done, in time or after its breach; `id` is the timer's."""

    deadline: str
    due_at: datetime
    met_at: datetime  # the instant that counts: typed where the form asks for it


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """The result of one command on a process instance."""

    state: bytes
    digest: bytes  # SHA-256 of the canonical form, see digest.py
    before: Frontier
    after: Frontier
    completed: frozenset[str] = frozenset()  # ids out of `before` that were done, not cancelled
    sent: tuple[Sent, ...] = ()
    aside: tuple[AsideCall, ...] = ()
    breaches: tuple[Breach, ...] = ()
    met: tuple[Met, ...] = ()
    end_state: str | None = None  # set when the case has ended
    flows: tuple[tuple[str, str, str], ...] = ()  # (process id, source, target) walked, in order, for coverage
    rules: tuple[tuple[str, str], ...] = ()  # (decision id, rule id) that hit
    fired: tuple[tuple[str, str], ...] = ()  # (process id, timer element)
