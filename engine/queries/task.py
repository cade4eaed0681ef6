"""One user task with its form, as the page that completes it needs it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import authorization, case_functions, deployments
from engine.actor import Actor
from engine.db.models import draft, instance, submission, user_task
from engine.errors import AlreadyClaimed, Forbidden, NotFound
from engine.form_schema import Form
from engine.queries import instance as case_query
from engine.workflow import runner


@dataclass(frozen=True, kw_only=True)
class TaskPage:
    """A user task.

    Attributes:
        row: The columns of `user_task`.
        case: The columns of the case's row, as `queries.instance.visible`.
        form: None where the task asks nothing.
        values: What the form shows: the person's draft and, where the draft says nothing, defaults and prefills.
        documentation: What the diagram says about the step.
        may_complete, may_move: Whether this person may complete it, or give it away.
    """

    row: sa.RowMapping
    case: sa.RowMapping
    form: Form | None
    values: dict[str, Any]
    has_draft: bool
    documentation: str
    may_complete: bool
    may_move: bool


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that was sent in a case: the values of one submission, with the form that asked for them."""

    seq: int  # of the command that it came with
    element: str
    name: str
    item: str | None
    actor: str
    at: datetime
    form: Form | None
    values: dict[str, Any] | None  # None: erased


def task_page(connection: sa.Connection, actor: Actor, task_id: str, now: datetime) -> TaskPage:
    """The page of one task, open or done.

    Raises:
        NotFound: There is none, or this person takes no part in its case.
    """
    row = connection.execute(sa.select(user_task).where(user_task.c.id == task_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(task=task_id)
    case = case_query.visible(connection, actor, row["case_id"])
    definition = deployments.definition(connection, case["deployment_id"])
    form = deployments.form(definition, case["deployment_id"], row["form"])
    kept = sa.select(draft.c["values"]).where(draft.c.task_id == task_id, draft.c.actor == actor.key)
    saved = connection.scalar(kept)
    is_open = _is_open(row, case["status"])
    return TaskPage(
        row=row,
        case=case,
        form=form,
        values=_values(connection, form, row, case, now, saved) if is_open else saved or {},
        has_draft=saved is not None,
        documentation=next(
            (e.documentation for e in definition.elements.values() if (e.id, e.name) == (row["element"], row["name"])),
            "",
        ),
        may_complete=_may_complete(actor, row, case["status"]),
        may_move=is_open and _allowed(authorization.require_moving, actor, row, excluded=False),
    )


def may_complete(connection: sa.Connection, actor: Actor, task_id: str) -> bool:
    """Whether this person may complete a task now."""
    rows = sa.select(user_task, instance.c.status).join(instance).where(user_task.c.id == task_id)
    row = connection.execute(rows).mappings().one_or_none()
    return row is not None and _may_complete(actor, row, row["status"])


def facts(connection: sa.Connection, actor: Actor, case_id: str) -> list[Fact]:
    """What was sent in a case, newest first.

    Raises:
        NotFound: As `task_page`.
    """
    case = case_query.visible(connection, actor, case_id)
    definition = deployments.definition(connection, case["deployment_id"])
    at_task = [submission.c[name] == user_task.c[name] for name in ("scope", "element", "round")]
    same_item = submission.c.item.is_not_distinct_from(user_task.c.item)
    rows = (
        sa.select(submission, user_task.c.name, user_task.c.form)
        .outerjoin(user_task, sa.and_(user_task.c.case_id == case_id, *at_task, same_item))
        .where(submission.c.stream == case_id, submission.c.element.is_not(None))
    )
    found = []
    for row in connection.execute(rows.order_by(submission.c.seq.desc())).mappings():
        key, name = row["form"], row["name"]
        if name is None:  # no task: what the case began with, or a message
            element = definition.named(row["element"])
            key, name = (definition.form_key(element), element.name) if element else (None, row["element"])
        found.append(
            Fact(
                seq=row["seq"],
                element=row["element"],
                name=name,
                item=row["item"],
                actor=row["actor"],
                at=row["at"],
                form=deployments.form(definition, case["deployment_id"], key),
                values=row["values"],
            )
        )
    return found


def _is_open(row: sa.RowMapping, status: str) -> bool:
    return row["completed_at"] is None and row["cancelled_at"] is None and status == "running"


def _may_complete(actor: Actor, row: sa.RowMapping, status: str) -> bool:
    return _is_open(row, status) and _allowed(authorization.require_taking, actor, row, excluded=True)


def _allowed(require: Any, actor: Actor, row: sa.RowMapping, *, excluded: bool) -> bool:
    try:
        if excluded:
            require(actor, row["candidates"], row["excluded"] or [], row["assignee"])
        else:
            require(actor, row["candidates"], row["assignee"])
    except (Forbidden, AlreadyClaimed):
        return False
    return True


def _values(
    connection: sa.Connection, form: Form | None, row: sa.RowMapping, case: sa.RowMapping, now: datetime, saved: Any
) -> dict[str, Any]:
    """All that is known before; in a draft only of fields that a condition may have kept out of it.

    A box without a tick is not in a draft either, so of boxes the draft alone says what they are.
    """
    if form is None:
        return saved or {}
    if saved is None:
        return _prefilled(connection, form, row, case, now)
    kept_out = {field.key for field in form.asked if field.show_if and field.type != "checkbox"} - saved.keys()
    if not any(field.key in kept_out and (field.prefill or field.default is not None) for field in form.asked):
        return dict(saved)
    known = _prefilled(connection, form, row, case, now)
    return {**{key: value for key, value in known.items() if key in kept_out}, **saved}


def _prefilled(
    connection: sa.Connection, form: Form, row: sa.RowMapping, case: sa.RowMapping, now: datetime
) -> dict[str, Any]:
    known: list[dict[str, Any]] = []  # the case's data, once a field asks for them

    def evaluate(text: str) -> Any:
        if not known:
            state = connection.scalars(sa.select(instance.c.state).where(instance.c.id == row["case_id"])).one()
            definition = deployments.definition(connection, case["deployment_id"])
            known.append(dict(runner.task_data(definition, state, row["id"])))
        return case_functions.evaluate(connection, text, known[0], now=now, started_at=case["started_at"])

    return form.prefilled(evaluate)
