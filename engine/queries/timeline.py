"""What happened in a case as its page tells it: the log, with the names of steps, the forms, and who was told."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import deployments
from engine.db.models import instance, notice, user_task
from engine.form_schema import Form
from engine.queries import audit_trail
from engine.queries.audit_trail import Event
from engine.workflow.definition import Definition, Element

FORMS = ("start_process", "correlate_message", "complete_task")  # kinds whose values are those of a form
NOT_TOLD = "notice.transferred"  # who got a task is said by the event itself


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One row of a case's log.

    Attributes:
        element, name: The step that it is about, and what the diagram calls it; of a timer the step it is attached to.
        deadline: Of a timer that was one.
        form: That asked for `values`; None where these are a comment, a reason, or nothing.
        told: Principal keys of who was told because of it.
        sender: (id, number) of the case that sent the message.
    """

    seq: int
    at: datetime
    actor: str
    kind: str
    body: Mapping[str, Any]
    values: Mapping[str, Any] | None
    round: int | None
    item: str | None
    element: str | None
    name: str
    deadline: str | None
    form: Form | None
    told: tuple[str, ...]
    sender: tuple[str, str] | None


def timeline(connection: sa.Connection, case: Mapping[str, Any], *, most: int = 500) -> list[Happening]:
    """The newest events of a case, newest first.

    Args:
        case: Its row, as from `instance.visible`: who may see it was asked there.
    """
    definition = deployments.definition(connection, case["deployment_id"])
    events = audit_trail.trail(connection, case["id"], newest_first=True, most=most)
    told = _told(connection, case, events)
    numbers = _numbers(connection, {event.body["sender"] for event in events if event.body.get("sender")})
    rows = sa.select(user_task.c.id, user_task.c.name, user_task.c.form).where(user_task.c.case_id == case["id"])
    tasks = {row.id: row for row in connection.execute(rows)}
    return [
        _happening(definition, case["deployment_id"], event, told, numbers, tasks.get(event.body.get("task", "")))
        for event in events
    ]


def _happening(
    definition: Definition,
    deployment_id: str,
    event: Event,
    told: Mapping[datetime, list[str]],
    numbers: Mapping[str, str],
    task: Any,
) -> Happening:
    element = _element(definition, event)
    host = definition.elements.get((element.process, element.attached_to or "")) if element is not None else None
    shown = host if host is not None and event.kind == "fire_timer" else element
    name, key = (shown.name, definition.form_key(shown)) if shown is not None else ("", None)
    if task is not None:  # a step of the same id may stand in another procedure of the case
        name, key = task.name, task.form
    sender = str(event.body.get("sender") or "")
    return Happening(
        **{name: getattr(event, name) for name in ("seq", "at", "actor", "kind", "body", "values", "round", "item")},
        element=shown.id if shown is not None else None,
        name=name,
        deadline=element.properties.get("deadline") if element is not None and event.kind == "fire_timer" else None,
        form=deployments.form(definition, deployment_id, key if event.kind in FORMS else None),
        told=tuple(dict.fromkeys(told.get(event.at, ()))) if _tells(event) else (),
        sender=(sender, numbers[sender]) if sender in numbers else None,
    )


def _element(definition: Definition, event: Event) -> Element | None:
    """The element that a command's body names, by its id or by the message that it waited for."""
    key = event.body.get("element") or event.body.get("event")
    message = event.body.get("message")
    if key:
        return definition.named(key)
    waiting = (one for one in definition.elements.values() if one.message == message and one.kind != "endEvent")
    return next(waiting, None) if message else None


def _tells(event: Event) -> bool:
    """Whether its notices are its own: two commands of the same instant don't share them."""
    return event.kind == "fire_timer" or any(True for _ in _recipients(event.reads))


def _told(connection: sa.Connection, case: Mapping[str, Any], events: Iterable[Event]) -> dict[datetime, list[str]]:
    """Instant → who was told then. Notices are found by who takes part and whom an operation named."""
    telling = [event for event in events if _tells(event)]
    keys = {*case["parties"], *(key for event in telling for key in _recipients(event.reads))}
    if not telling or not keys:
        return {}
    rows = sa.select(notice.c.at, notice.c.principal).where(
        notice.c.principal.in_(sorted(keys)),
        notice.c.at.in_({event.at for event in telling}),
        notice.c.case_id == case["id"],
        notice.c.code != NOT_TOLD,
    )
    found: dict[datetime, list[str]] = {}
    for row in connection.execute(rows.order_by(notice.c.principal)):
        found.setdefault(row.at, []).append(row.principal)
    return found


def _recipients(reads: Iterable[list[Any]]) -> Iterator[str]:
    for name, _, arguments, _ in reads:
        if name == "operation:notify":
            yield from _keys(arguments.get("to"))


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for part in value:
            yield from _keys(part)
    elif value is not None:
        yield str(value)


def _numbers(connection: sa.Connection, case_ids: set[str]) -> dict[str, str]:
    rows = sa.select(instance.c.id, instance.c.business_key).where(instance.c.id.in_(sorted(case_ids)))
    return {row.id: row.business_key for row in connection.execute(rows)} if case_ids else {}
