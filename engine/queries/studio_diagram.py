"""What the diagram editor asks for: what a draft is called, and worked examples of its deadlines."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.db.models import deployment
from engine.errors import ExpressionError
from engine.registers.calendar import read as read_calendar
from engine.studio import drafts
from engine.workflow import expressions
from engine.workflow.functions import PURE, Value, instant_of, text_of
from engine.workflow.time_functions import time_functions

SETTINGS = "procedure.toml"


@dataclass(frozen=True, kw_only=True)
class Heading:
    """What stands over a draft."""

    title: str
    title_en: str
    state: str  # editing, submitted, approved
    version: int | None  # that it was made from; None: a new procedure


def heading(connection: sa.Connection, procedure: str) -> Heading:
    """What a procedure's draft is called.

    Raises:
        NotFound: It has none.
    """
    draft = drafts.require(connection, procedure)
    settings = _settings(connection, draft.id)
    version = connection.scalar(sa.select(deployment.c.version).where(deployment.c.id == draft.based_on))
    title = str(settings.get("title") or procedure)
    return Heading(title=title, title_en=str(settings.get("title_en") or title), state=draft.state, version=version)


def worked_example(
    connection: sa.Connection, procedure: str, text: str, arrivals: Iterable[datetime]
) -> list[tuple[datetime, datetime]]:
    """Work a timer's expression out with the calendar and the parameters of the draft: (arrival, due) pairs.

    What only a case knows (a step's end, another deadline, a date that somebody fills in) is taken to be the arrival.
    Where that makes no sense the arrival is left out.

    Raises:
        ExpressionError: It is not an expression.
        NotFound: The procedure has no draft.
    """
    expression = expressions.compile(text)
    parameters = _parameters(_settings(connection, drafts.require(connection, procedure).id))
    days = read_calendar(connection)
    found = []
    for arrival in arrivals:
        here = text_of(arrival)
        functions = {**PURE, **_case(here, parameters), **time_functions(arrival, arrival, days)}
        try:
            due = instant_of(expression.evaluate(_unknown(expression.names(), here), functions))
        except (ExpressionError, KeyError, OverflowError):
            continue
        if due is not None:
            found.append((arrival, due))
    return found


def _case(here: str | None, parameters: Mapping[str, Value]) -> dict[str, Callable[..., Value]]:
    """What a case would answer on arrival."""
    return {
        "done_at": lambda _element: here,
        "due_of": lambda _deadline: here,
        "breaches": lambda _deadline=None: 0,
        "rounds": lambda _element: 0,
        "parameter": parameters.get,
    }


def _settings(connection: sa.Connection, draft_id: str) -> Mapping[str, Any]:
    row = drafts.file(connection, draft_id, SETTINGS)
    try:
        return tomllib.loads(bytes(row.content).decode()) if row else {}
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        return {}


def _parameters(settings: Mapping[str, Any]) -> dict[str, Value]:
    found = settings.get("parameters")
    if not isinstance(found, dict):
        return {}
    return {name: one.get("value") for name, one in found.items() if isinstance(one, dict)}


def _unknown(names: Iterable[str], here: str | None) -> Mapping[str, Any]:
    """Data in which every name that is read holds the arrival."""
    data: dict[str, Any] = {}
    for name in names:
        owner, _, field = name.partition(".")
        if field:
            data.setdefault(owner, {})[field] = here
        else:
            data.setdefault(owner, here)
    return data
