"""What the page of a replay shows: each frame in words, and what its script draws."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from engine.queries import calendar_page, case_replay, deadline_clock, form_page, instance, items, people, registers
from engine.queries.case_replay import Change, Frame, Recorded
from engine.working_time import Calendar
from web import case_view, due_words, identity, register_words, words
from web.case_view import Event
from web.due_words import Due
from web.form_reading import Shown, submission_views
from web.language import language
from web.naming import named

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")  # what a record says with its offset


@dataclass(frozen=True, kw_only=True)
class Changed:
    """A changed value in words; "" where there was or is none."""

    key: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Clock:
    """A timer that ran at the moment; `due.moment` is left to `until`, told from today."""

    name: str
    deadline: str
    due: Due
    until: str


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A step of the replay."""

    seq: int
    event: Event
    at: str
    breach: bool
    frame: Frame
    changes: list[Changed]
    clocks: list[Clock]


@dataclass(frozen=True, kw_only=True)
class Replay:
    """A case as it is replayed; `wrong` is the first command that goes another way, then nothing is drawn."""

    case: Mapping[str, Any]
    moments: list[Moment]
    step: int
    wrong: Frame | None
    diagrams: dict[str, str]

    @property
    def current(self) -> Moment:
        return self.moments[self.step - 1]

    @property
    def breaches(self) -> list[int]:
        return [number for number, one in enumerate(self.moments, 1) if one.breach]

    def island(self) -> dict[str, Any]:
        """What the script reads: of each step, what differs from the one before."""
        case_id = self.case["id"]
        states: dict[tuple[str, str], str] = {}
        steps = []
        for one in self.moments:
            before, states = states, {(p, key): s for p, own in one.frame.states.items() for key, s in own.items()}
            marks = [[p, key, state] for (p, key), state in states.items() if before.get((p, key)) != state]
            marks += [[p, key, ""] for p, key in before if (p, key) not in states]
            steps.append(
                {
                    "at": one.at,
                    "diagram": one.frame.procedure,
                    "flows": one.frame.flows,
                    "tokens": [[token.procedure, token.element, token.state] for token in one.frame.tokens],
                    "marks": marks,
                    "changes": [[c.key, c.label, c.before, c.after] for c in one.changes],
                    "clocks": [[c.name, c.deadline, c.due.state, c.due.words, c.until] for c in one.clocks],
                }
            )
        urls = {key: url_for("cases.diagram", case_id=case_id, procedure=key) for key in self.diagrams}
        return {"steps": steps, "breaches": self.breaches, "diagrams": urls}


def view(case_id: str, step: int, now: datetime) -> Replay:
    """Replay a case; `step` counts from 1, beyond the last it is the last.

    Raises:
        NotFound: There is no such case.
    """
    actor = identity.actor()
    with identity.reading() as connection:
        record = case_replay.recorded(connection, actor, case_id)
    frames = list(case_replay.frames(record))  # the longest part; no transaction is open meanwhile
    wrong = next((one for one in frames if one.code is not None), None)
    with identity.reading() as connection:
        telling = _Telling(connection, record, now)
        moments = list(telling.moments(frames) if wrong is None else telling.untold())
    titles = {p.procedure: p.title for p in record.definition.processes.values()}
    shown = {} if wrong else dict.fromkeys(key for one in frames for key in (one.procedure, *one.states))
    return Replay(
        case=record.case,
        moments=moments,
        step=max(1, min(step, len(moments))),
        wrong=wrong,
        diagrams={key: named(titles[key], record.case["deployment_id"]) for key in shown},
    )


class _Telling:
    """Says a replay in the page's language."""

    def __init__(self, connection: Any, record: Recorded, now: datetime) -> None:
        self.connection, self.record, self.now = connection, record, now
        page = instance.case_page(connection, identity.actor(), record.case["id"], now)
        keys = case_view.principals(connection, page, record.happened)
        self.names = people.names(connection, keys, language())
        self.page = case_view.in_language(page)
        self.calendar: Calendar = calendar_page.current(connection)
        self.name_of = form_page.name_of(connection)
        self.written = registers.words(connection)
        self.moment = cache(lambda at: due_words.moment(at, now))  # timers stand still through many steps
        saying = case_view.Saying(connection, self.page, self.names, self.calendar, now)
        self.events = saying.events(case_view.named_all(self.page, record.happened))

    def moments(self, frames: list[Frame]) -> Iterator[Moment]:
        for frame, event in zip(frames, self.events, strict=True):
            yield self._moment(frame, event, list(self._changes(frame)), list(self._clocks(frame)))

    def untold(self) -> Iterator[Moment]:
        """The events alone, where the record can't be re-executed."""
        for happening, event in zip(self.record.happened, self.events, strict=True):
            yield self._moment(Frame(happening=happening, procedure=""), event, [], [])

    def _moment(self, frame: Frame, event: Event, changes: list[Changed], clocks: list[Clock]) -> Moment:
        one = frame.happening
        at = self.moment(one.at)
        breach = one.deadline is not None
        return Moment(seq=one.seq, event=event, at=at, breach=breach, frame=frame, changes=changes, clocks=clocks)

    def _clocks(self, frame: Frame) -> Iterator[Clock]:
        deployment_id = self.record.case["deployment_id"]
        for timer, name in frame.timers:
            span = due_words.Span(
                opened_at=timer.opened_at,
                due_at=timer.due_at,
                suspended_at=frame.suspended_at,
                clock=deadline_clock.clock_of(self.connection, deployment_id, timer.deadline),
            )
            yield Clock(
                name=named(name, deployment_id),
                deadline=timer.deadline or "",
                due=due_words.due(span, frame.happening.at, self.calendar),
                until=self.moment(timer.due_at),
            )

    def _changes(self, frame: Frame) -> Iterator[Changed]:
        for one in frame.changes:
            field, before = self._said(one, one.before)
            field_after, after = self._said(one, one.after)
            step = named(one.name, self.record.case["deployment_id"])
            if one.item:
                key = items.principal(self.connection, self.record.case["deployment_id"], one.element, one.item)
                step = f"{step} · {words.principal(key, self.names)}"
            key = "|".join((one.scope, one.element, one.item or "", one.field))
            yield Changed(key=key, label=f"{step} · {field_after or field or one.field}", before=before, after=after)

    def _said(self, change: Change, value: Any) -> tuple[str, str]:
        """Label and text of a value; a number to call stays masked."""
        if value is None:
            return "", ""
        if change.form is not None and any(asked.key == change.field for asked in change.form.asked):
            shown = submission_views(change.form, {change.field: value}, language=language(), name_of=self.name_of)
            return (shown[0].label, _text(shown[0])) if shown else ("", "")
        label = self._labels.get(change.field) or self.record.labels.get(change.field)
        found = register_words.looked_up(change.field, value, self.written) if label is None else None
        return found or (label or change.field, self._plain(value))

    @cached_property
    def _labels(self) -> dict[str, str]:
        """What no form and no register names: how a call has ended, and what operations commonly answer."""
        return {
            "end_state": _("result"),
            "result": _("result"),
            "told": _("people told"),
            "told_at": _("told at"),
            "received_at": _("received at"),
            "total": _("sum"),
            "count": _("number"),
            "entry": _("entry of the ledger"),
            "slip": _("fault slip"),
            "issued": _("proof issued"),
            "in_warranty": _("under warranty"),
            "warranty_until": _("warranty until"),
            "overall_rate": _("overall rate"),
            "inspector": _("inspector"),
        }

    def _plain(self, value: Any) -> str:
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, Mapping):
            return _(", ").join(f"{key} {self._plain(part)}" for key, part in value.items())
        if isinstance(value, list):
            return _(", ").join(self._plain(part) for part in value)
        text = str(value)
        if text.startswith("person:"):
            return words.principal(text, self.names)
        return self.moment(datetime.fromisoformat(text)) if _INSTANT.match(text) else text


def _text(shown: Shown) -> str:
    if shown.files:
        return _(", ").join(str(file["name"]) for file in shown.files)
    if shown.rows:
        return _(", ").join(" ".join(_text(part) for part in row) for row in shown.rows)
    return words.masked(shown.text) if shown.phone else shown.text
