"""The registered functions of one command: clock and calendar, registers, operations. Their answers are recorded."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.registers.calendar import calendar
from engine.registers.calendar import read as read_calendar
from engine.service_tasks.registry import OPERATIONS, Occasion
from engine.unit_of_work import UnitOfWork
from engine.workflow import expressions
from engine.workflow.advance import JsonValue
from engine.workflow.case_data import plain
from engine.workflow.functions import PURE, SIGNATURES
from engine.workflow.time_functions import time_functions
from engine.workflow.world import ASIDE, PENDING
from engine.working_time import Calendar

_NO_CALENDAR = Calendar(days={}, published=frozenset())


class CaseFunctions(Mapping[str, Callable[..., Any]]):
    """Name → function, made when first asked for: most commands need no calendar."""

    def __init__(
        self,
        work: UnitOfWork,
        *,
        case_id: str,
        seq: int,
        now: datetime,
        started_at: datetime,
        calendar_version: int | None,
    ) -> None:
        self._work, self._case_id, self._seq, self._now, self._started_at = work, case_id, seq, now, started_at
        self._calendar_version = calendar_version
        self._calls = 0

    def __getitem__(self, name: str) -> Callable[..., Any]:
        kind, _, operation = name.partition(":")
        if kind == "operation":
            return self._operation(operation)
        needed = SIGNATURES[name].kind == "calendar"
        days = calendar(self._work.connection, self._calendar_version) if needed else _NO_CALENDAR
        return time_functions(self._now, self._started_at, days)[name]

    def __iter__(self) -> Iterator[str]:
        yield from (name for name, signature in SIGNATURES.items() if signature.kind in ("time", "calendar"))
        yield from (f"operation:{name}" for name in OPERATIONS)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _operation(self, name: str) -> Callable[..., Any]:
        operation = OPERATIONS[name]
        if operation.job:
            return lambda **arguments: PENDING
        if operation.aside:
            return lambda **arguments: ASIDE
        self._calls += 1
        occasion = Occasion(
            connection=self._work.connection,
            case_id=self._case_id,
            now=self._now,
            actor=self._work.actor.key,
            key=f"{self._case_id}:{self._seq}:{self._calls}",
        )
        return lambda **arguments: dict(operation.perform(occasion, **arguments))


def evaluate(
    connection: sa.Connection, text: str, data: Mapping[str, Any], *, now: datetime, started_at: datetime
) -> JsonValue:
    """Evaluate an expression of a form: the clock, the calendar and the data at hand, nothing that is recorded."""
    expression = expressions.compile(text)
    needed = any(SIGNATURES[name].kind == "calendar" for name in expression.calls() if name in SIGNATURES)
    days = read_calendar(connection) if needed else _NO_CALENDAR
    return plain(expression.evaluate(data, {**PURE, **time_functions(now, started_at, days)}))
