"""What another calendar would change: open due times that rest on the answer of a calendar function.

The log knows what each function answered; asked again with the new calendar, another answer means another due time. A
chain (`hours(24, after=working_days(1))`) is followed through its anchors.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.db.models import command, instance, job
from engine.db.types import hex_text
from engine.errors import EngineError
from engine.workflow.functions import PURE, SIGNATURES
from engine.workflow.time_functions import time_functions
from engine.working_time import Calendar


@dataclass(frozen=True, kw_only=True)
class Change:
    """A timer that would be due at another instant."""

    case_id: str
    business_key: str
    timer_id: str
    element: str
    before: datetime
    after: datetime


_TIMERS = (
    sa.select(job.c.id, job.c.stream, job.c.due_at, job.c.args, instance.c.business_key, instance.c.started_at)
    .join(instance, hex_text(instance.c.id) == job.c.stream)
    .where(job.c.kind == "timer")
    .order_by(job.c.stream, job.c.due_at)
)
_READS = (
    sa.select(command.c.at, command.c.reads)
    .where(command.c.stream == sa.bindparam("of_case"), command.c.state_digest.is_not(None))
    .order_by(command.c.seq.desc())
)


def preview(connection: sa.Connection, calendar: Calendar) -> Iterator[Change]:
    """The timers that would move if `calendar` were in force."""
    for timer in connection.execute(_TIMERS).all():
        for row in connection.execute(_READS, {"of_case": timer.stream}):
            moved = _answers(row.at, timer.started_at, row.reads, calendar)
            found = next((new for old, new in moved.items() if datetime.fromisoformat(old) == timer.due_at), None)
            if found is None:
                continue
            after = datetime.fromisoformat(found)
            if after != timer.due_at:
                yield Change(
                    case_id=timer.stream,
                    business_key=timer.business_key,
                    timer_id=timer.id,
                    element=timer.args["element"],
                    before=timer.due_at,
                    after=after,
                )
            break


def _answers(now: datetime, started_at: datetime, reads: list[list[Any]], calendar: Calendar) -> dict[str, str]:
    """Instant that was answered → instant that would be answered now."""
    functions = {**PURE, **time_functions(now, started_at, calendar)}
    moved: dict[str, str] = {}
    for name, args, kwargs, answer in reads:
        if name not in SIGNATURES or not isinstance(answer, str):
            continue
        try:
            again = functions[name](*(_renewed(value, moved) for value in args), **_renewed_all(kwargs, moved))
        except EngineError:
            continue
        if isinstance(again, str):
            moved[answer] = again
    return moved


def _renewed(value: Any, moved: Mapping[str, str]) -> Any:
    return moved.get(value, value) if isinstance(value, str) else value


def _renewed_all(kwargs: Mapping[str, Any], moved: Mapping[str, str]) -> dict[str, Any]:
    return {name: _renewed(value, moved) for name, value in kwargs.items()}
