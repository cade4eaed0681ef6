"""The list of operations: what a service task names, its parameters, and where it is performed.

An operation that touches only our own database runs inside the command that reaches it; its answer is recorded with the
command. One that leaves the database, or takes long, is performed by a job after the commit: the flow waits for its
answer (`job=True`), or needs none and goes on at once (`aside=True`).
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeAlias
from uuid import NAMESPACE_OID, uuid5

import sqlalchemy as sa

from engine.settings import Settings

Result: TypeAlias = Mapping[str, Any]  # field → routing value; stands under the service task's id


@dataclass(frozen=True, kw_only=True)
class Aside:
    """What an operation has that is performed aside of the flow, instead of an open transaction.

    Attributes:
        read: Opens a short transaction to read in.
        seq, scope, process: The command that reached the service task, and where in the case it stands.
        known: What the case knew there then: element → values.
        files: What the operation has made ({digest, name, size, type}); the case keeps them.
    """

    read: Callable[[], AbstractContextManager[sa.Connection]]
    settings: Settings
    seq: int
    scope: str
    process: str
    known: Mapping[str, Any]
    files: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """On what occasion an operation is performed.

    Attributes:
        connection: The open transaction; None in a job, which must not hold one while it waits for the world.
        now: When the case reached the service task; the same in every try.
        key: The same in every try of the same call: lets the outside recognise a repeat.
        aside: Given where the operation is performed aside of the flow.
    """

    connection: sa.Connection | None
    case_id: str
    now: datetime
    actor: str
    key: str
    aside: Aside | None = None

    def id(self, *parts: object) -> str:
        """The id of a row that this call writes; the same parts give the same id in every try."""
        return uuid5(NAMESPACE_OID, ":".join((self.key, *map(str, parts)))).hex


@dataclass(frozen=True, kw_only=True)
class Operation:
    """What a diagram may name.

    Attributes:
        parameters: name → whether it is required.
        results: The fields that it answers with; None: not fixed.
        job: Performed by a job after the commit, for whose answer the flow waits.
        aside: Performed by a job after the commit; the flow goes on at once, and there is no answer.
    """

    name: str
    perform: Callable[..., Result]
    parameters: Mapping[str, bool]
    results: frozenset[str] | None
    job: bool
    aside: bool


OPERATIONS: dict[str, Operation] = {}

_Performer: TypeAlias = Callable[..., Result]


def operation(
    *, parameters: Mapping[str, bool], results: frozenset[str] | None = None, job: bool = False, aside: bool = False
) -> Callable[[_Performer], _Performer]:
    """Register a function `perform(occasion, **parameters)` under its own name."""

    def register(perform: _Performer) -> _Performer:
        name = perform.__name__
        OPERATIONS[name] = Operation(
            name=name, perform=perform, parameters=parameters, results=results, job=job, aside=aside
        )
        return perform

    return register


def person_key(person: int | None) -> str | None:
    """A person as case data has it."""
    return None if person is None else str(person)


def person_id(key: str) -> int:
    """The person that case data names: by id text, or by principal key ("person:17")."""
    return int(key.removeprefix("person:"))


def iso(day: date | None) -> str | None:
    """A date as case data has it."""
    return day.isoformat() if day else None


def load() -> None:
    """Import every module beside this one, so that OPERATIONS is complete."""
    package = __package__ or ""
    for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
        importlib.import_module(f"{package}.{module.name}")
