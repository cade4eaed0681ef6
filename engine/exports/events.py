"""What happened, as process mining reads it: a trace per case, an event per command that moved it on.

Rows are fetched some cases at a time, so memory does not grow with the period. No text that people have written is in
an event; who acted is a principal key unless names are asked for.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from engine import deployments
from engine.clock import OFFICE
from engine.db.models import breach, command, deployment, instance, user_task
from engine.errors import NotFound
from engine.queries import people
from engine.workflow.definition import Definition, Element

AT_ONCE = 100  # cases
COMPLETE = "complete"
# Transitions of the standard's lifecycle model by kind; what else moves a process completes a step of it.
TRANSITIONS = {
    "claim_task": "start",
    "transfer_task": "reassign",
    "release_task": "schedule",  # offered to its groups again
    "reschedule": "schedule",
    "suspend_instance": "suspend",
    "resume_instance": "resume",
    "cancel_instance": "pi_abort",
}
WHOLE_CASE = {"suspend_instance": "案件挂起", "resume_instance": "案件恢复", "cancel_instance": "案件取消"}
AUTOMATIC = "自动步骤"  # a call that was answered: its row names no element
_BESIDE = ("claim_task", "transfer_task", "release_task", "suspend_instance", "cancel_instance")
MOVED = sa.or_(command.c.state_digest.is_not(None), command.c.kind.in_(_BESIDE))

_CASES = sa.select(
    *(instance.c[name] for name in ("id", "business_key", "procedure", "deployment_id", "status", "end_state")),
    *(instance.c[name] for name in ("started_at", "ended_at", "subject")),
    deployment.c.title,
    deployment.c.version,
).join(deployment, deployment.c.id == instance.c.deployment_id)
_EVENTS = (
    sa.select(*(command.c[name] for name in ("stream", "seq", "at", "actor", "kind", "body")))
    .where(command.c.stream.in_(sa.bindparam("streams", expanding=True)), MOVED)
    .order_by(command.c.stream, command.c.seq)
)

_PLACES = [  # tasks and missed deadlines, with the scope that tells whose step it was
    sa.select(table.c.id, table.c.scope).where(table.c.case_id.in_(sa.bindparam("cases", expanding=True)))
    for table in (user_task, breach)
]


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What is exported.

    Attributes:
        case: Number or id of one case; None: all.
        since, until: Office days, both included, on which a case began; in streams that are no case's, on which a
            command was given.
        names: Whether names of people, and what a case is about, are written.
        counted: How many events or commands went out, while they do.
    """

    case: str | None = None
    since: date | None = None
    until: date | None = None
    names: bool = False
    counted: Counter[str] = field(default_factory=Counter, compare=False)

    def within(self, column: Any) -> "sa.ColumnElement[bool]":
        """Whether an instant lies in the period."""
        first = _midnight(self.since) if self.since else None
        behind = _midnight(self.until + timedelta(days=1)) if self.until else None
        return sa.and_(
            sa.true(),
            *([column >= sa.literal(first, column.type)] if first else []),
            *([column < sa.literal(behind, column.type)] if behind else []),
        )


@dataclass(frozen=True, kw_only=True)
class Event:
    """A command that moved a case on.

    Attributes:
        activity: What the diagram calls the step.
        element: Its id; None where the command concerns the whole case or names none.
        instance: Id of the task, timer or wait: the same for all events of one piece of work.
        resource: Principal key, "system", or a person's name.
        group: What the group of the step's lane is called; "" where it has none.
    """

    seq: int
    at: datetime
    kind: str
    activity: str
    transition: str
    element: str | None
    instance: str | None
    resource: str
    group: str


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), OFFICE)


def cases(connection: sa.Connection, selection: Selection) -> Iterator[list[sa.RowMapping]]:
    """The cases of a selection, the oldest first, some at a time.

    Raises:
        NotFound: There is no such case.
    """
    rows = _CASES.where(selection.within(instance.c.started_at)).order_by(instance.c.started_at, instance.c.id)
    if selection.case is not None:
        is_id = re.fullmatch("[0-9a-f]{32}", selection.case)
        rows = _CASES.where((instance.c.id if is_id else instance.c.business_key) == selection.case)
        rows = rows.order_by(instance.c.started_at, instance.c.id)
    last: sa.RowMapping | None = None
    while True:
        found = list(connection.execute(_behind(rows, last).limit(AT_ONCE)).mappings())
        if found:
            yield found
        elif last is None and selection.case is not None:
            raise NotFound(case=selection.case)
        if len(found) < AT_ONCE:
            return
        last = found[-1]


def _behind(rows: "sa.Select[Any]", last: sa.RowMapping | None) -> "sa.Select[Any]":
    if last is None:
        return rows
    start = sa.literal(last["started_at"], instance.c.started_at.type)
    same = sa.and_(instance.c.started_at == start, instance.c.id > sa.literal(last["id"], instance.c.id.type))
    return rows.where(instance.c.started_at >= start, sa.or_(instance.c.started_at > start, same))


def traces(connection: sa.Connection, selection: Selection) -> Iterator[tuple[Mapping[str, Any], list[Event]]]:
    """Each case of a selection with its events."""
    known: dict[str, _Names] = {}
    for some in cases(connection, selection):
        found: dict[str, list[sa.Row[Any]]] = {case["id"]: [] for case in some}
        for row in connection.execute(_EVENTS, {"streams": list(found)}):
            found[row.stream].append(row)
        scopes = {row.id: row.scope for places in _PLACES for row in connection.execute(places, {"cases": list(found)})}
        actors = {row.actor for rows in found.values() for row in rows}
        called = people.names(connection, actors) if selection.names else {}
        for case in some:
            if case["deployment_id"] not in known:
                definition = deployments.definition(connection, case["deployment_id"])
                groups = {key for process in definition.processes.values() for key in process.lanes.values() if key}
                known[case["deployment_id"]] = _Names(definition, people.names(connection, groups))
            names = known[case["deployment_id"]]
            selection.counted["rows"] += len(found[case["id"]])
            yield dict(case), [names.event(row, called, scopes) for row in found[case["id"]]]


@dataclass(frozen=True)
class _Names:
    """What a deployment calls its steps and who does them."""

    definition: Definition
    groups: Mapping[str, str]
    known: dict[tuple[str, str, str | None], tuple[str, str | None, str]] = field(default_factory=dict)

    def event(self, row: Any, called: Mapping[str, str], scopes: Mapping[str, str]) -> Event:
        body = row.body
        scope = scopes.get(body.get("task") or body.get("timer") or "", "" if "event" in body else None)
        activity, element, group = self._step(row.kind, body, scope)
        return Event(
            seq=row.seq,
            at=row.at,
            kind=row.kind,
            activity=activity,
            transition=TRANSITIONS.get(row.kind, COMPLETE),
            element=element,
            instance=body.get("task") or body.get("timer") or body.get("moved") or body.get("wait") or body.get("call"),
            resource=called.get(row.actor, row.actor),
            group=group,
        )

    def _step(self, kind: str, body: Mapping[str, Any], scope: str | None) -> tuple[str, str | None, str]:
        """(name, element, group)."""
        if kind in WHOLE_CASE:
            return WHOLE_CASE[kind], None, ""
        named = body.get("element") or body.get("event")
        key = ("element", named, scope) if named else ("message", str(body.get("message") or ""), None)
        if key not in self.known:
            found = self.definition.at(scope, named) if named else self._waiting.get(key[1])
            name = (found.name if found else "") or key[1] or AUTOMATIC
            self.known[key] = (name, found.id if found else None, self._group(found))
        return self.known[key]

    @cached_property
    def _waiting(self) -> dict[str, Element]:
        """By the message that is waited for; the procedure's own before those of what it calls."""
        own = self.definition.process.id
        found: dict[str, Element] = {}
        for element in sorted(self.definition.elements.values(), key=lambda one: one.process != own):
            if element.message and element.kind != "endEvent":
                found.setdefault(element.message, element)
        return found

    def _group(self, element: Element | None) -> str:
        if element is None or element.lane is None:
            return ""
        key = self.definition.processes[element.process].lanes.get(element.lane)
        return self.groups.get(key, element.lane) if key else ""
