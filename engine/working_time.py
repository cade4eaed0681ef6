"""Reckon with working days and office hours, from a calendar and an instant; nothing else.

Every function is pure. Instants come in aware and go out in the office's zone (Asia/Shanghai). What the office's clock
shows counts: a working day's deadline ends with the office hours of that day (procedures.md 0.4). A year whose holidays
are not published yet counts by weekdays alone; `is_provisional` tells which results rest on such a year.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime, time, timedelta
from typing import Literal, TypeAlias

from engine.clock import OFFICE
from engine.errors import CalendarTooShort

DayKind: TypeAlias = Literal["working", "holiday"]
Shift: TypeAlias = Literal["preceding", "following", "none"]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OFFICE_HOURS = ((time(9), time(12)), (time(13, 30), time(18)))

# The longest closure known is 9 days; a year without a working day is a mistake in the calendar.
_LONGEST_CLOSURE_DAYS = 366


@dataclass(frozen=True)
class Calendar:
    """The working days and office hours of the company.

    `days` holds the statutory holidays, weekends within them included, and the make-up working days (调休); every other
    day goes by its weekday. `published` holds the years of which these are known. `hours` are the office hours of a
    working day, in order, without overlap.
    """

    days: Mapping[date, DayKind]
    published: frozenset[int]
    hours: tuple[tuple[time, time], ...] = OFFICE_HOURS

    def is_working_day(self, day: date) -> bool:
        kind = self.days.get(day)
        return day.weekday() < 5 if kind is None else kind == "working"

    @property
    def closing_time(self) -> time:
        return self.hours[-1][1]

    @property
    def day_length(self) -> timedelta:
        """The office hours of one working day, lunch left out."""
        return sum((_on(date.min, end) - _on(date.min, start) for start, end in self.hours), timedelta())


def seed_days() -> dict[date, DayKind]:
    """Return the statutory holidays and make-up working days of 2004–2026, as the State Council published them."""
    # Imported here because its tables take 20 ms and are needed once, when an installation is made.
    from chinese_calendar import constants

    holidays: dict[date, DayKind] = dict.fromkeys(constants.holidays, "holiday")
    return holidays | dict.fromkeys(constants.workdays, "working")


def seed_years() -> frozenset[int]:
    """Return the years that `seed_days` knows."""
    return frozenset(day.year for day in seed_days())


def is_provisional(start: datetime, end: datetime, calendar: Calendar) -> bool:
    """Return whether the time between two instants touches a year whose holidays are not published."""
    first, last = sorted((_local(start).year, _local(end).year))
    return any(year not in calendar.published for year in range(first, last + 1))


def end_of_office(instant: datetime, calendar: Calendar) -> datetime:
    """Return the end of office hours on the instant's day, whether it is a working day or not."""
    return _on(_local(instant).date(), calendar.closing_time)


def end_of_day(instant: datetime) -> datetime:
    """Return the last second of the instant's day (24:00 is written 23:59:59)."""
    return _on(_local(instant).date(), time(23, 59, 59))


def add_working_days(start: datetime, days: int, calendar: Calendar) -> datetime:
    """Return the end of office hours on the nth working day after the day of `start` (procedures.md 0.4).

    With 0 it is the day of `start`, or the first working day after it.

    Raises:
        CalendarTooShort: The calendar has no working day for a year.
    """
    day = _local(start).date()
    if days == 0:
        day = _working_day(day, 1, calendar)
    for _ in range(days):
        day = _working_day(_next(day, 1), 1, calendar)
    return _on(day, calendar.closing_time)


def add_working_hours(start: datetime, duration: timedelta, calendar: Calendar) -> datetime:
    """Return the instant when that much office time has passed since `start`, lunch and closed days left out.

    With nothing to add it is the next instant at which the office is open. An end on the stroke of noon or of closing
    time stays there.
    """
    left = duration
    for opens, closes in _office_spans(_local(start), calendar):
        if left <= closes - opens and (left or opens < closes):
            return opens + left
        left -= closes - opens
    raise CalendarTooShort(start=start.isoformat())


def office_time_between(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """Return how much office time lies between two instants; nothing if the end comes first."""
    total = timedelta()
    for opens, closes in _office_spans(_local(start), calendar):
        if opens >= end:
            break
        total += min(closes, _local(end)) - opens
    return total


def in_working_days(duration: timedelta, calendar: Calendar) -> tuple[int, timedelta]:
    """Split office time into whole working days and the rest, for “还剩 1 个工作日 3 小时”."""
    days, rest = divmod(duration, calendar.day_length)
    return days, rest


def add_months(start: datetime, months: int) -> datetime:
    """Return the same day and time that many calendar months later (earlier if negative), or that month's last day."""
    local = _local(start)
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    if not 1 <= year <= MAXYEAR:
        raise CalendarTooShort(start=start.isoformat())
    return local.replace(year=year, month=month + 1, day=min(local.day, _month_length(year, month + 1)))


def next_slot(start: datetime, weekday: int, opens: time, closes: time, calendar: Calendar) -> datetime:
    """Return when the next slot begins that falls on a working day; `start` itself inside a slot, its end included.

    Raises:
        CalendarTooShort: No such weekday is a working day for a year.
    """
    local = _local(start)
    day = _next(local.date(), (weekday - local.weekday()) % 7)
    if local > _on(day, closes):
        day = _next(day, 7)
    return max(local, _on(_working_day(day, 7, calendar), opens))


def weekly(after: datetime, weekday: int, at: time, *, nth: int | None = None) -> datetime:
    """Return the first such weekday and time later than `after`; with `nth`, only the nth such weekday of a month."""
    local = _local(after)
    day = _next(local.date(), (weekday - local.weekday()) % 7)
    while _on(day, at) <= local or (nth is not None and (day.day + 6) // 7 != nth):
        day = _next(day, 7)
    return _on(day, at)


def monthly(after: datetime, day: int, at: time, *, month: int | None = None) -> datetime:
    """Return the first such day of a month later than `after`, or of that month of the year.

    In a shorter month it is the last day, so that 31 means the month's end.
    """
    first = _local(after).date().replace(day=1)
    while True:
        found = _on(first.replace(day=min(day, _month_length(first.year, first.month))), at)
        if found > after and month in (None, first.month):
            return found
        first = _next(first, _month_length(first.year, first.month))


def shift(instant: datetime, rule: Shift, calendar: Calendar, *, named_weekday: bool = False) -> datetime:
    """Move an instant from a non-working day to the working day before or after it, at the same time of day.

    With `named_weekday` an ordinary Saturday or Sunday stays, because the source names it; only a holiday moves it
    (procedures.md 0.4).
    """
    local = _local(instant)
    if rule == "none" or (named_weekday and local.date() not in calendar.days):
        return local
    step = -1 if rule == "preceding" else 1
    return _on(_working_day(local.date(), step, calendar), local.timetz().replace(tzinfo=None))


def _local(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("working time needs an instant with a zone")
    return instant.astimezone(OFFICE)


def _on(day: date, at: time) -> datetime:
    return datetime.combine(day, at, OFFICE)


def _month_length(year: int, month: int) -> int:
    return monthrange(year, month)[1]


def _next(day: date, step: int) -> date:
    try:
        return day + timedelta(days=step)
    except OverflowError:
        raise CalendarTooShort(day=day.isoformat()) from None


def _working_day(day: date, step: int, calendar: Calendar) -> date:
    """Return the first working day among `day`, `day + step`, `day + 2 × step` …"""
    for _ in range(0, _LONGEST_CLOSURE_DAYS, abs(step)):
        if calendar.is_working_day(day):
            return day
        day = _next(day, step)
    raise CalendarTooShort(day=day.isoformat())


def _office_spans(start: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """Give the spans of office hours that end at or after `start`, the first one cut at `start`."""
    day = _working_day(start.date(), 1, calendar)
    while True:
        for opens, closes in calendar.hours:
            if _on(day, closes) >= start:
                yield max(_on(day, opens), start), _on(day, closes)
        day = _working_day(_next(day, 1), 1, calendar)
