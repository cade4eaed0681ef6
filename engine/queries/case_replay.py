"""A case as its log replays it: a frame per command, with where its tokens stand, what it changed and which timers run.

`recorded` reads everything there is to read; `frames` re-executes it without a store, so that no transaction is held.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from engine import deployments, replay
from engine.actor import Actor
from engine.form_schema import Form
from engine.queries import timeline
from engine.queries.case_diagrams import UNMARKED
from engine.queries.instance import visible
from engine.queries.timeline import FORMS, Happening
from engine.replay import Replayed
from engine.workflow import parser, runner
from engine.workflow.advance import Frontier, Place, Step, Timer
from engine.workflow.definition import Definition

MOST = 100_000  # commands of a case
EMPTY: tuple[Any, ...] = (None, "", [], False)  # as in submissions: a box that is not ticked says nothing
Key = tuple[str, str, str | None, str]  # scope, element, item, field


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """What the store has of a case.

    Attributes:
        happened: Oldest first, as many as `log` has rows.
        labels: Output of a decision table → what its column is called.
    """

    case: sa.RowMapping
    labels: Mapping[str, str]
    definition: Definition
    log: list[sa.RowMapping]
    happened: list[Happening]


@dataclass(frozen=True, kw_only=True, order=True)
class Token:
    """Where a token stands after a command: state act, late, hold, or wait (a message, an instant, other tokens)."""

    procedure: str
    element: str
    scope: str
    state: str


@dataclass(frozen=True, kw_only=True)
class Change:
    """A value that a command changed; None: not there. `form` asks for the field: the step's own, else any other."""

    scope: str
    element: str
    name: str
    item: str | None
    field: str
    before: Any
    after: Any
    form: Form | None


@dataclass(frozen=True, kw_only=True)
class Frame:
    """A command and the moment after it.

    Attributes:
        code: Why it could not be re-executed as it is recorded (engine.replay.Replayed); then it is the last frame.
        procedure: Whose diagram shows what happened.
        flows: (procedure, source, target) that tokens walked because of it, in order.
        states: Procedure → element → done, cancelled, act, late, hold or wait; what was not reached is absent.
        timers: Those that run, soonest first, with the name of what they are attached to, or their own.
        suspended_at: Since when the case is held; its timers stand still.
    """

    happening: Happening
    code: str | None = None
    reason: str = ""
    procedure: str
    flows: tuple[tuple[str, str, str], ...] = ()
    tokens: tuple[Token, ...] = ()
    states: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    timers: tuple[tuple[Timer, str], ...] = ()
    changes: tuple[Change, ...] = ()
    suspended_at: datetime | None = None


def recorded(connection: sa.Connection, actor: Actor, case_id: str) -> Recorded:
    """Read a case's log.

    Raises:
        NotFound: There is none, or this person takes no part in it.
    """
    case = visible(connection, actor, case_id)
    happened = timeline.timeline(connection, dict(case), most=MOST)
    return Recorded(
        case=case,
        labels=_labels(connection, case["deployment_id"]),
        definition=deployments.definition(connection, case["deployment_id"]),
        log=list(replay.rows(connection, case_id)),
        happened=happened[::-1],
    )


def _labels(connection: sa.Connection, deployment_id: str) -> dict[str, str]:
    found = {}
    for path, content in deployments.files(connection, deployment_id).items():
        for output in parser.read_xml(content).iter("{*}output") if path.endswith(".dmn") else ():
            found[output.get("name", "")] = output.get("label") or output.get("name", "")
    return found


def frames(record: Recorded) -> Iterator[Frame]:
    """Re-execute a case; ends with the first command that goes another way, which says so in its code."""
    seen = _Seen(record.definition, record.case["deployment_id"])
    for happening, one in zip(record.happened, replay.walk(record.log, lambda _: record.definition), strict=False):
        yield seen.frame(happening, one)


class _Seen:
    """What is known of the case up to the command at hand."""

    def __init__(self, definition: Definition, deployment_id: str) -> None:
        self.definition, self.deployment_id = definition, deployment_id
        self.procedure = definition.procedure
        self.open = Frontier()
        self.state = b""
        self.scopes: Mapping[str, tuple[str, Mapping[str, Any]]] = {"": (definition.process.id, {})}
        self.processes = {"": definition.process.id}  # scope → process, of those that have ended too
        self.rest: dict[tuple[str, str], str] = {}  # (process, element) → done or cancelled
        self.breached: set[tuple[str, str, int]] = set()  # scope, element, round
        self.routed: dict[Key, Any] = {}
        self.sent: dict[Key, Any] = {}
        self.forms: dict[str, Form] = {}
        self.suspended_at: datetime | None = None

    @cached_property
    def _asking(self) -> dict[str, Form]:
        """Field → a form that asks for it: what steps hand on keeps its name and its options."""
        keys = reversed(sorted(self.definition.forms))
        found = (deployments.form(self.definition, self.deployment_id, key) for key in keys)
        return {asked.key: form for form in found if form is not None for asked in form.asked}

    def frame(self, happening: Happening, one: Replayed) -> Frame:
        if one.code is not None:
            return Frame(happening=happening, code=one.code, reason=one.reason, procedure=self.procedure)
        before, place = self._known(), self._place(happening, one.step)
        scope = place.scope if place is not None else ""
        if place is not None or one.seq == 1:
            self.procedure = self._procedure(self.scopes[scope][0])
        if one.step is not None:
            self._walked(one.step)
        self._held(happening)
        if happening.kind in FORMS and happening.form is not None and happening.values is not None:
            self._submitted(happening, scope)
        tokens = tuple(sorted(set(self._tokens(happening.at))))
        return Frame(
            happening=happening,
            procedure=self.procedure,
            flows=tuple((self._procedure(p), a, b) for p, a, b in one.step.flows) if one.step is not None else (),
            tokens=tokens,
            states=self._states(tokens),
            timers=tuple(self._timers()),
            changes=tuple(self._changes(before)),
            suspended_at=self.suspended_at,
        )

    def _place(self, happening: Happening, step: Step | None) -> Place | None:
        """Where a command found what it names."""
        at = step.before if step is not None else self.open
        keys = {happening.body.get(name) for name in ("task", "timer", "wait", "call", "moved")}
        groups: tuple[Mapping[str, Place], ...] = (at.tasks, at.timers, at.calls, at.waits)
        return next((one for group in groups for key, one in group.items() if key in keys), None)

    def _walked(self, step: Step) -> None:
        before = self.scopes
        self.open, self.state, self.scopes = step.after, step.state, runner.scopes(step.state)
        self.processes |= {scope: process for scope, (process, _) in self.scopes.items()}
        known = {**before, **self.scopes}
        for gone in (*step.before.tasks.values(), *step.before.calls.values(), *step.before.waits.values()):
            if gone.id not in step.completed and not self._is_open(gone) and not self._boundary(known, gone):
                self.rest[known[gone.scope][0], gone.element] = "cancelled"
        for process, source, target in step.flows:
            self.rest[process, source] = self.rest[process, target] = "done"
        for process, element in step.fired:
            self.rest[process, element] = "done"
        for one in (*step.before.tasks.values(), *step.before.calls.values()):
            if one.id in step.completed:
                self.rest[known[one.scope][0], one.element] = "done"
        self.breached |= {(one.scope, one.element, one.round) for one in step.breaches}
        routed = dict(self._routed())
        for key in [key for key in self.routed if key not in routed and key[0] in self.scopes]:
            self.sent.pop(key, None)
        self.routed = {key: value for key, value in self.routed.items() if key[0] not in self.scopes} | routed

    def _is_open(self, one: Place) -> bool:
        return one.id in self.open.tasks or one.id in self.open.calls or one.id in self.open.waits

    def _boundary(self, scopes: Mapping[str, tuple[str, Any]], one: Place) -> bool:
        return self.definition.element(scopes[one.scope][0], one.element).attached_to is not None

    def _held(self, happening: Happening) -> None:
        if happening.kind in ("suspend_instance", "resume_instance"):
            self.suspended_at = happening.at if happening.kind == "suspend_instance" else None
        if happening.kind == "cancel_instance":
            for token in self._tokens(happening.at):
                process = next(p.id for p in self.definition.processes.values() if p.procedure == token.procedure)
                self.rest[process, token.element] = "cancelled"
            self.open, self.state, self.suspended_at = Frontier(), b"", None

    def _tokens(self, now: datetime) -> Iterator[Token]:
        for task in self.open.tasks.values():
            late = (task.scope, task.element, task.round) in self.breached
            late = late or (task.due_at is not None and task.due_at < now)
            yield from self._token(task.scope, task.element, "late" if late else "act")
        for call in self.open.calls.values():
            yield from self._token(call.scope, call.element, "act")
        for wait in self.open.waits.values():
            if not self._boundary(self.scopes, wait):
                yield from self._token(wait.scope, wait.element, "wait")
        for timer in self.open.timers.values():
            if timer.host is None:
                yield from self._token(timer.scope, timer.element, "wait")
        for scope, gateway in runner.joins(self.definition, self.state) if self.open != Frontier() else ():
            yield from self._token(scope, gateway, "wait")

    def _token(self, scope: str, element: str, state: str) -> Iterator[Token]:
        """The token itself, and those at the calls around it."""
        state = "hold" if self.suspended_at is not None else state
        yield Token(
            procedure=self._procedure(self.scopes[scope][0]),
            element=element,
            scope=scope,
            state=state,
        )
        if scope:
            outer, _, call = scope.rpartition("/")
            yield from self._token(outer, call.partition(":")[0], "act")

    def _states(self, tokens: tuple[Token, ...]) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for (process, key), state in self.rest.items():
            element = self.definition.elements.get((process, key))
            if element is not None and element.kind not in UNMARKED:
                found.setdefault(self._procedure(process), {})[key] = state
        for state in ("wait", "act", "hold", "late"):  # the later one wins where several tokens stand at one element
            for token in tokens:
                if token.state == state:
                    found.setdefault(token.procedure, {})[token.element] = state
        return found

    def _timers(self) -> Iterator[tuple[Timer, str]]:
        for timer in sorted(self.open.timers.values(), key=lambda one: (one.due_at, one.id)):
            process = self.scopes[timer.scope][0]
            yield timer, self.definition.element(process, timer.host or timer.element).name

    def _procedure(self, process: str) -> str:
        return self.definition.processes[process].procedure

    def _routed(self) -> Iterator[tuple[Key, Any]]:
        for scope, (_, data) in self.scopes.items():
            for element, values in data.items():
                if element == "input":  # what the caller handed over, already told there
                    continue
                for number, row in enumerate(values if isinstance(values, list) else [values]):
                    item = _item(row, number) if isinstance(values, list) else None
                    for name, value in row.items():
                        if name != "item" and value not in EMPTY:
                            yield (scope, element, item, name), value

    def _submitted(self, happening: Happening, scope: str) -> None:
        """What was typed, also where no flow reads it; a field that was left empty this time is so now."""
        assert happening.form is not None and happening.values is not None and happening.element is not None
        self.forms[happening.element] = happening.form
        for asked in happening.form.asked:
            key = (scope, happening.element, happening.item, asked.key)
            value = happening.values.get(asked.key)
            self.routed.pop(key, None)
            if value in EMPTY:
                self.sent.pop(key, None)
            else:
                self.sent[key] = value

    def _known(self) -> dict[Key, Any]:
        return {**self.routed, **self.sent}

    def _changes(self, before: Mapping[Key, Any]) -> Iterator[Change]:
        after = self._known()
        for key in dict.fromkeys((*before, *after)):
            if before.get(key) != after.get(key):
                scope, element, item, name = key
                yield Change(
                    scope=scope,
                    element=element,
                    name=self._name(scope, element),
                    item=item,
                    field=name,
                    before=before.get(key),
                    after=after.get(key),
                    form=self.forms.get(element) or self._asking.get(name),
                )

    def _name(self, scope: str, key: str) -> str:
        """What its own procedure calls a step: others of the case may have one of the same id."""
        own = self.definition.elements.get((self.processes.get(scope, ""), key))
        found = own or self.definition.named(key)
        return found.name if found is not None else key


def _item(row: Mapping[str, Any], number: int) -> str:
    """As engine.workflow.frontier tells items apart: by themselves, or by their `key` where they are rows."""
    item = row.get("item")
    return str(item.get("key", number)) if isinstance(item, Mapping) else str(item)
