"""The list of operations: what a service task names, its parameters, and where it is performed.

An operation that touches only our own database runs inside the command that reaches it; its answer is recorded with the
command. One that leaves the database, or takes long, is performed by a job after the commit (`job=True`).
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa

Result: TypeAlias = Mapping[str, Any]  # field → routing value; stands under the service task's id


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """On what occasion an operation is performed.

    Attributes:
        connection: The open transaction; None in a job, which must not hold one while it waits for the world.
        key: The same in every try of the same call: lets the outside recognise a repeat.
    """

    connection: sa.Connection | None
    case_id: str
    now: datetime
    actor: str
    key: str


@dataclass(frozen=True, kw_only=True)
class Operation:
    """What a diagram may name.

    Attributes:
        parameters: name → whether it is required.
        results: The fields that it answers with; None: not fixed.
    """

    name: str
    perform: Callable[..., Result]
    parameters: Mapping[str, bool]
    results: frozenset[str] | None
    job: bool


OPERATIONS: dict[str, Operation] = {}

_Performer: TypeAlias = Callable[..., Result]


def operation(
    *, parameters: Mapping[str, bool], results: frozenset[str] | None = None, job: bool = False
) -> Callable[[_Performer], _Performer]:
    """Register a function `perform(occasion, **parameters)` under its own name."""

    def register(perform: _Performer) -> _Performer:
        name = perform.__name__
        OPERATIONS[name] = Operation(name=name, perform=perform, parameters=parameters, results=results, job=job)
        return perform

    return register


def load() -> None:
    """Import every module beside this one, so that OPERATIONS is complete."""
    package = __package__ or ""
    for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
        importlib.import_module(f"{package}.{module.name}")
