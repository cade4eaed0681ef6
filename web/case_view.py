"""What the page of a case shows, put together from the engine's answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import url_for

from engine import authorization
from engine.actor import ADMINISTRATOR
from engine.queries import calendar_page, case_diagrams, deadline_clock, form_page, instance, items, next_steps, people
from engine.queries import related as related_query
from engine.queries import timeline as timeline_query
from engine.queries.case_deadlines import Deadline
from engine.queries.case_diagrams import Picture
from engine.queries.instance import CasePage
from engine.queries.related import Related
from engine.queries.timeline import Happening
from engine.working_time import Calendar
from web import case_words, due_words, identity, shell, words
from web.case_words import Sentence, Told
from web.due_words import Due
from web.form_reading import Shown, submission_views
from web.language import language
from web.naming import named

MOST_CHOICES = 2


@dataclass(frozen=True, kw_only=True)
class Event:
    """A line of the timeline; `day` is empty where it is that of the line above."""

    seq: int
    day: str
    time: str
    element: str | None
    told: Told
    informed: str
    has_form: bool


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A submitted form, read-only; `answers` is None where its content was erased."""

    seq: int
    title: str
    step: str
    round: int
    who: str
    at: datetime
    answers: list[Shown] | None


@dataclass(frozen=True, kw_only=True)
class Clock:
    """A deadline in words: state late, soon, on_time, paused, kept or missed."""

    of: Deadline
    name: str
    state: str
    icon: str
    words: str
    moment: str
    counts: str = ""


@dataclass(frozen=True, kw_only=True)
class CaseView:
    """Everything on the page of a case."""

    page: CasePage
    sentences: list[Sentence]
    pictures: list[Picture]
    picture: Picture
    marks: dict[str, Any]
    events: list[Event]
    sheets: list[Sheet]
    comments: list[Happening]
    clocks: list[Clock]
    kept: int
    related: Related
    names: Mapping[str, str]
    may_write: bool
    may_direct: bool

    @property
    def row(self) -> Any:
        return self.page.row

    @property
    def appointments(self) -> list[Deadline]:
        """Those that this person may move."""
        running = self.row["status"] == "running" and self.may_direct
        return [one for one in self.page.deadlines if one.appointment] if running else []

    @property
    def notes(self) -> list[tuple[str, str]]:
        """What this person may report."""
        return self.page.notes if self.may_write and self.row["status"] == "running" else []


def view(connection: Any, case_id: str, now: datetime, procedure: str | None = None) -> CaseView:
    """The page of a case, with the diagram of `procedure`, or the one in which work is waited for.

    Raises:
        NotFound: There is none, or who asks takes no part in it.
    """
    actor = identity.actor()
    page = instance.case_page(connection, actor, case_id, now)
    happened = timeline_query.timeline(connection, page.row)
    names = people.names(connection, principals(connection, page, happened), language())
    page, happened = in_language(page), named_all(page, happened)
    saying = Saying(connection, page, names, calendar_page.current(connection), now)
    pictures = case_diagrams.pictures(connection, page.row, page.open_tasks)
    pictures = [replace(one, title=_named(page, one.title)) for one in pictures]
    chosen = next((one for one in pictures if one.procedure == procedure), None)
    urgent = {row["element"] for row in page.open_tasks[:1]}
    picture = chosen or next((one for one in pictures if one.here and urgent & set(one.active)), pictures[0])
    may_write = shell.is_staff()
    return CaseView(
        page=page,
        sentences=saying.sentences(happened),
        pictures=pictures,
        picture=picture,
        marks=saying.marks(picture),
        events=saying.events(happened),
        sheets=[saying.sheet(one) for one in happened if one.form is not None],
        comments=[one for one in happened if one.kind == "comment"],
        clocks=[saying.clock(one) for one in reversed(page.deadlines)],
        kept=sum(1 for one in page.deadlines if one.met_at and one.met_at <= one.due_at),
        related=related_query.related(connection, actor, page.row, now),
        names=names,
        may_write=may_write,
        may_direct=may_write and (ADMINISTRATOR in actor.roles or authorization.MANAGER in actor.principals),
    )


def _named(page: CasePage, name: str) -> str:
    return named(name, page.row["deployment_id"])


def named_all(page: CasePage, happened: Iterable[Happening]) -> list[Happening]:
    """With the names of steps as the page's language has them."""
    return [replace(one, name=_named(page, one.name)) for one in happened]


def in_language(page: CasePage) -> CasePage:
    """With what the diagram calls its steps as the page's language has it."""
    return replace(
        page,
        deadlines=[replace(one, name=_named(page, one.name)) for one in page.deadlines],
        notes=[(message, _named(page, name)) for message, name in page.notes],
        names={element: _named(page, name) for element, name in page.names.items()},
        end_name=_named(page, page.end_name),
    )


def principals(connection: Any, page: CasePage, happened: Iterable[Happening]) -> set[str]:
    """Every key that the page may have to name; an item of a step may stand for a group or a person."""
    keys = {key for row in page.open_tasks for key in (*row["candidates"], row["assignee"])}
    places = [(row["element"], row["item"]) for row in page.open_tasks]
    places += [(one.element, one.item) for one in (*page.deadlines, *happened)]
    deployment_id = page.row["deployment_id"]
    keys |= {items.principal(connection, deployment_id, element, item) for element, item in places if item}
    for one in happened:
        keys |= {one.actor, one.body.get("to"), *one.told}
    keys |= {row["actor"] for row in page.files} | {page.row["started_by"]}
    return {str(key) for key in keys if key and key != "system"}


@dataclass(frozen=True)
class Saying:
    """Says what the engine tells of a case, in the page's language."""

    connection: Any
    page: CasePage
    names: Mapping[str, str]
    calendar: Calendar
    now: datetime

    def step(self, element: str | None, name: str, item: str | None) -> str:
        if not item:
            return name
        key = items.principal(self.connection, self.page.row["deployment_id"], element, item)
        return case_words.of_item(name, words.principal(key, self.names))

    def due(self, row: Mapping[str, Any]) -> Due:
        case = self.page.row
        span = due_words.Span(
            opened_at=row["created_at"],
            due_at=row["due_at"],
            not_before=row["not_before"],
            suspended_at=case["suspended_at"],
            clock=deadline_clock.clock_of(self.connection, case["deployment_id"], row["deadline"]),
        )
        return due_words.due(span, self.now, self.calendar)

    def sentences(self, happened: list[Happening]) -> list[Sentence]:
        found = case_words.whole_case(self.page, happened, self.names, self.now)
        for row in self.page.open_tasks:
            due = self.due(row)
            following = next_steps.next_steps(self.connection, self.page.row["deployment_id"], row["element"])
            step = self.step(row["element"], _named(self.page, row["name"]), row["item"])
            text = case_words.open_task(row, step, due, self.names, self.now)
            steps = [_named(self.page, one.name) for one in following.steps if not one.ends or not row["scope"]]
            after = case_words.afterwards(steps, chosen=following.chosen)
            found.append(Sentence(text=text, state=due.state, after=after, task_id=row["id"]))
        return found

    def marks(self, picture: Picture) -> dict[str, Any]:
        """What the script of the diagram reads: element → state and pill."""
        found: dict[str, Any] = {key: {"state": "done"} for key in sorted(picture.done)}
        for key, rows in picture.active.items():
            due = self.due(rows[0])
            pill = due.words if due.state not in ("none", "early") else case_words.in_hand()
            pill = pill if len(rows) == 1 else case_words.several(len(rows), pill)
            found[key] = {"state": {"late": "late", "paused": "hold"}.get(due.state, "act"), "pill": pill}
        return {"elements": found}

    def events(self, happened: Iterable[Happening]) -> list[Event]:
        found: list[Event] = []
        before = ""
        for one in happened:
            told = case_words.told(one, self.step(one.element, one.name, one.item), self.names, self.now)
            day = due_words.day(one.at, self.now)
            found.append(
                Event(
                    seq=one.seq,
                    day="" if day == before else day,
                    time=f"{one.at.astimezone(due_words.OFFICE):%H:%M}",
                    element=one.element,
                    told=replace(told, detail=self.with_choices(one, told.detail)),
                    informed=case_words.told_to(one, self.names),
                    has_form=one.form is not None,
                )
            )
            before = day
        return found

    def with_choices(self, one: Happening, detail: str) -> str:
        """What was chosen in the form of a step, before what else is to be said of it."""
        if one.kind != "complete_task" or one.form is None or one.values is None:
            return detail
        asked = [field for field in one.form.asked if field.type in ("radio", "select") and field.options]
        labels = [
            option.label if language() == "zh_CN" or not option.label_en else option.label_en
            for field in asked
            for option in field.options
            if option.value == one.values.get(field.key)
        ]
        return " · ".join([*labels[:MOST_CHOICES], *filter(None, [detail])])

    def sheet(self, one: Happening) -> Sheet:
        assert one.form is not None
        answers = None
        if one.values is not None:
            name_of = form_page.name_of(self.connection)
            answers = submission_views(one.form, one.values, language=language(), name_of=name_of)
        return Sheet(
            seq=one.seq,
            title=one.form.title if language() == "zh_CN" or not one.form.title_en else one.form.title_en,
            step=self.step(one.element, one.name, one.item),
            round=one.round or 1,
            who=case_words.person(one.actor, self.names),
            at=one.at,
            answers=answers,
        )

    def clock(self, one: Deadline) -> Clock:
        name = self.step(one.element, one.name, one.item)
        if one.met_at is not None:
            return Clock(of=one, name=name, **case_words.met(one.due_at, one.met_at), moment="")
        case = self.page.row
        span = due_words.Span(
            opened_at=one.opened_at or case["started_at"],
            due_at=one.due_at,
            suspended_at=case["suspended_at"],
            clock=deadline_clock.clock_of(self.connection, case["deployment_id"], one.deadline),
        )
        due = due_words.due(span, self.now if case["ended_at"] is None else case["ended_at"], self.calendar)
        counts = due.counts if case["ended_at"] is None else ""
        return Clock(
            of=one, name=name, state=due.state, icon=due.icon, words=due.words, moment=due.moment, counts=counts
        )


def diagram_url(case_id: str, picture: Picture) -> str:
    """Where the script gets the diagram."""
    return url_for("cases.diagram", case_id=case_id, procedure=picture.procedure)
