"""What the page of a task shows, put together: the task, its form as fields, the facts of its case."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as data_field
from functools import cached_property
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from engine import authorization, clock
from engine.actor import ADMINISTRATOR
from engine.errors import FormRejected
from engine.form_schema import Form
from engine.queries import (
    calendar_page,
    comments,
    deadline_clock,
    form_of_deployment,
    form_page,
    instance,
    items,
    next_steps,
    people,
)
from engine.queries import task as task_query
from web import due_words, identity, uploads, words
from web.form_fields import Errors, FieldView, Posted, SummaryLine, error_summary, field_views, posted_values
from web.form_reading import Shown, submission_views
from web.language import language

MOST_FACTS = 6


@dataclass(frozen=True, kw_only=True)
class ShownForm:
    """A form with values, and what was wrong with them."""

    form: Form | None
    views: list[FieldView]
    summary: list[SummaryLine] = data_field(default_factory=list)

    @cached_property
    def asked(self) -> str:
        """The keys of the fields that the page shows now."""
        return " ".join(view.field.key for view in self.views if view.shown and view.field.key)


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What was sent with one step of the case."""

    seq: int
    name: str
    who: str
    at: Any
    answers: list[Shown]


@dataclass(frozen=True, kw_only=True)
class TaskView:
    """Everything on the page of a task; its attributes that are rows have the columns of the store."""

    row: Mapping[str, Any]
    case: Mapping[str, Any]
    documentation: str
    may_complete: bool
    may_move: bool
    may_direct: bool
    is_mine: bool
    why: str
    rests_on: str
    due: due_words.Due
    shown: ShownForm
    saved_at: Any
    facts: list[Answered]
    comments: list[dict[str, Any]]
    files: list[Mapping[str, Any]]
    names: dict[str, str]
    following: next_steps.NextSteps
    item: str
    colleagues: list[tuple[str, str]]
    reports: list[tuple[str, str]]  # message and name of what may be reported by hand
    timer: str | None

    @property
    def is_open(self) -> bool:
        return self.row["completed_at"] is None and self.row["cancelled_at"] is None


def posted(task_id: str) -> Posted:
    """What came in for a task. The form is read by the ids that the page carries: they only say how to read the text,
    what is right is checked by the engine against the task's own form."""
    settings = identity.engine().settings
    with identity.reading() as connection:
        form = form_of_deployment.kept_form(
            connection, request.form.get("deployment", ""), request.form.get("form", "")
        )
    if form is None:
        return Posted(values={})
    known: dict[str, Mapping[str, Any]] = {}
    files: MultiDict[str, Any] = MultiDict()
    if any(field.type == "filepicker" for field in form.asked):
        with identity.reading() as connection:
            kept = form_page.draft_of(connection, task_id, identity.actor().key)
            if task_query.may_complete(connection, identity.actor(), task_id):
                files = request.files  # else none is kept of a form that the command is going to refuse
        known = uploads.files_in(kept[0]) if kept else {}
    return posted_values(form, request.form, files, uploads.Shelf(settings, known))


def shown(connection: Any, task_id: str, rejected: FormRejected) -> ShownForm:
    """The fields of a task's form with the draft that was just kept."""
    found = task_query.task_page(connection, identity.actor(), task_id, clock.now())
    return shown_form(connection, found.form, found.values, rejected, found.row)


def shown_form(
    connection: Any,
    form: Form | None,
    values: Mapping[str, Any],
    rejected: FormRejected | None,
    task: Mapping[str, Any] | None = None,
) -> ShownForm:
    """The fields of any form; `task` is the user task's row, None for a start form."""
    if form is None:
        return ShownForm(form=None, views=[])
    errors: Errors = rejected.errors if rejected else {}
    views = field_views(
        form,
        values,
        language=language(),
        choices=form_page.choices(connection),
        applies=form_page.conditions(connection, clock.now(), task),
        errors=errors,
    )
    summary = error_summary(form, rejected, language()) if rejected and errors else []
    return ShownForm(form=form, views=views, summary=summary)


def require_seeing(connection: Any, case_id: str) -> None:
    """Raises NotFound unless who asks may see the case."""
    instance.visible(connection, identity.actor(), case_id)


def page(connection: Any, task_id: str, values: Mapping[str, Any] | None, rejected: FormRejected | None) -> TaskView:
    """The page of a task; `values` are those just posted, None: the draft or the prefilled ones."""
    now, actor = clock.now(), identity.actor()
    found = task_query.task_page(connection, actor, task_id, now)
    row, case = found.row, found.case
    said = comments.comments(connection, case["id"])
    facts = _facts(task_query.facts(connection, actor, case["id"]))
    whole = instance.case_page(connection, actor, case["id"], now)
    keys = {*row["candidates"], row["assignee"], *(one["actor"] for one in said), *(one.actor for one in facts)}
    keys |= {one["actor"] for one in whole.files}
    of_item = items.principal(connection, case["deployment_id"], row["element"], row["item"]) if row["item"] else None
    keys.add(of_item)
    names = people.names(connection, {key for key in keys if key}, language())
    why, rests_on = words.why_mine(row["assignee"], row["candidates"], actor.key, actor.principals, names)
    kept = form_page.draft_of(connection, task_id, actor.key)
    may_direct = ADMINISTRATOR in actor.roles or authorization.MANAGER in actor.principals
    return TaskView(
        row=row,
        case=case,
        documentation=found.documentation,
        may_complete=found.may_complete,
        may_move=found.may_move,
        may_direct=may_direct,
        is_mine=row["assignee"] == actor.key,
        why=why,
        rests_on=rests_on,
        due=_due(connection, row, case, now),
        shown=shown_form(connection, found.form, found.values if values is None else values, rejected, row),
        saved_at=kept[1] if kept else None,
        facts=[one for one in (_answered(connection, fact, names) for fact in facts) if one.answers],
        comments=said,
        files=whole.files,
        names=names,
        item=words.principal(of_item, names),
        following=next_steps.next_steps(connection, case["deployment_id"], row["element"]),
        colleagues=form_page.colleagues(connection, row) if found.may_move else [],
        reports=whole.notes if found.may_complete else [],
        timer=next(
            (one.timer_id for one in whole.deadlines if one.appointment and one.deadline == row["deadline"]), None
        ),
    )


def _facts(sent: list[task_query.Fact]) -> list[task_query.Fact]:
    """The newest, and what the case began with, which says what it is about."""
    return sent if len(sent) <= MOST_FACTS else [*sent[: MOST_FACTS - 1], sent[-1]]


def _due(connection: Any, row: Mapping[str, Any], case: Mapping[str, Any], now: Any) -> due_words.Due:
    span = due_words.Span(
        opened_at=row["created_at"],
        due_at=row["due_at"],
        not_before=row["not_before"],
        suspended_at=case["suspended_at"],
        clock=deadline_clock.clock_of(connection, case["deployment_id"], row["deadline"]),
    )
    return due_words.due(span, now, calendar_page.current(connection))


def _answered(connection: Any, fact: task_query.Fact, names: Mapping[str, str]) -> Answered:
    answers: list[Shown] = []
    if fact.form is not None and fact.values is not None:
        answers = submission_views(fact.form, fact.values, language=language(), name_of=form_page.name_of(connection))
    return Answered(seq=fact.seq, name=fact.name, who=words.principal(fact.actor, names), at=fact.at, answers=answers)
