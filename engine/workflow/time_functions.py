"""The functions of an expression that read the clock or the calendar (processes/README.md).

They give ISO texts in office time. A missing anchor or number gives nothing.
"""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from engine import working_time
from engine.workflow.functions import (
    LARGEST,
    Function,
    Value,
    elapsed,
    instant_of,
    text_of,
    time_of_day,
    weekday_of,
    whole,
)
from engine.working_time import Calendar, Shift

_OPENING: Any = object()  # stands for the present instant; None is an anchor that does not exist yet


def time_functions(
    now: datetime, started_at: datetime, calendar: Calendar, *, shift: Shift = "none"
) -> dict[str, Function]:
    """Return the functions by name.

    `weekly`, `monthly` and `month_end` give the first occurrence later than `now`, moved by `shift` off a non-working
    day. A recurring start takes its next nominal instant with "none" from the last nominal one and moves it afterwards
    (a second evaluation with the same `now`), so that two occurrences which land on one day stay two.
    """
    at = _Present(now, calendar, shift)
    return {
        "now": lambda: text_of(now),
        "started_at": lambda: text_of(started_at),
        "hours": at.hours,
        "days": at.days,
        "minutes": at.minutes,
        "months": at.months,
        "end_of_day": at.end_of_day,
        "working_days": at.working_days,
        "working_hours": at.working_hours,
        "next_slot": at.next_slot,
        "weekly": at.weekly,
        "monthly": at.monthly,
        "month_end": at.month_end,
    }


@dataclass(frozen=True)
class _Present:
    now: datetime
    calendar: Calendar
    shift: Shift

    def hours(self, length: Value, *, after: Value = _OPENING) -> Value:
        return self._later("hours", length, after)

    def days(self, length: Value, *, after: Value = _OPENING) -> Value:
        return self._later("days", length, after)

    def minutes(self, length: Value, *, after: Value = _OPENING) -> Value:
        return self._later("minutes", length, after)

    def months(self, count: Value, *, after: Value = _OPENING) -> Value:
        anchor = self._anchor(after)
        if anchor is None or count is None:
            return None
        return text_of(working_time.add_months(anchor, whole(count, 0, LARGEST["months"])))

    def end_of_day(self, *, after: Value = _OPENING) -> Value:
        anchor = self._anchor(after)
        return None if anchor is None else text_of(working_time.end_of_day(anchor))

    def working_days(self, count: Value, *, after: Value = _OPENING) -> Value:
        anchor = self._anchor(after)
        if anchor is None or count is None:
            return None
        days = whole(count, 0, LARGEST["working_days"])
        return text_of(working_time.add_working_days(anchor, days, self.calendar))

    def working_hours(self, length: Value, *, after: Value = _OPENING) -> Value:
        anchor, span = self._anchor(after), elapsed("working_hours", length)
        if anchor is None or span is None:
            return None
        return text_of(working_time.add_working_hours(anchor, span, self.calendar))

    def next_slot(self, weekday: Value, opens: Value, closes: Value, *, after: Value = _OPENING) -> Value:
        anchor = self._anchor(after)
        slot = weekday_of(weekday), time_of_day(opens), time_of_day(closes)
        return None if anchor is None else text_of(working_time.next_slot(anchor, *slot, self.calendar))

    def weekly(self, weekday: Value, at: Value = None, *, nth: Value = None) -> Value:
        which = None if nth is None else whole(nth, 1, 4)
        nominal = working_time.weekly(self.now, weekday_of(weekday), self._time(at), nth=which)
        return text_of(working_time.shift(nominal, self.shift, self.calendar, named_weekday=True))

    def monthly(self, day: Value, at: Value = None, *, month: Value = None) -> Value:
        which = None if month is None else whole(month, 1, 12)
        nominal = working_time.monthly(self.now, whole(day, 1, 31), self._time(at), month=which)
        return text_of(working_time.shift(nominal, self.shift, self.calendar))

    def month_end(self, at: Value = None) -> Value:
        return self.monthly(31, at)

    def _later(self, unit: str, length: Value, after: Value) -> Value:
        anchor, span = self._anchor(after), elapsed(unit, length)
        return None if anchor is None or span is None else text_of(anchor + span)

    def _anchor(self, after: Value) -> datetime | None:
        return self.now if after is _OPENING else instant_of(after)

    def _time(self, at: Value) -> time:
        return self.calendar.closing_time if at is None else time_of_day(at)
