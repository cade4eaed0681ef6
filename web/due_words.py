"""Say how much time is left, until when, and by which clock (screens, section 5). Pure but for the catalogue.

The browser counts minutes on between two answers where `counts` is given; it knows no calendar, so what is told in
working days is told by the server alone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from engine.clock import OFFICE
from engine.queries.deadline_clock import DeadlineClock
from engine.working_time import Calendar, in_working_days, is_provisional, office_time_between

SOON = 0.2  # share of the time left at which a task is due soon: the reminder goes out then
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
ICONS = {
    "late": "clock-exclamation",
    "soon": "hourglass-low",
    "on_time": "clock",
    "paused": "player-pause",
    "early": "calendar-due",
    "none": "clock-off",
}


@dataclass(frozen=True, kw_only=True)
class Span:
    """The time of a task, as the store has it; instants are aware."""

    opened_at: datetime
    due_at: datetime | None = None
    not_before: datetime | None = None
    suspended_at: datetime | None = None
    clock: DeadlineClock | None = None


@dataclass(frozen=True, kw_only=True)
class Due:
    """The time of a task, as a page says it.

    Attributes:
        state: late, soon, on_time, paused, early or none.
        words: “还剩 2 小时 5 分”.
        moment: “今天 15:40 到期”, beside the words.
        clock: “24 小时，连续计时”; empty where there is none.
        left: Whole percent of the time that is left, for the bar; None draws none.
        counts: The due instant where the browser may count on, as ISO text.
        provisional: The calendar of that year is not published yet.
    """

    state: str
    words: str
    moment: str = ""
    clock: str = ""
    left: int | None = None
    counts: str = ""
    provisional: bool = False

    @property
    def icon(self) -> str:
        return ICONS[self.state]


def due(span: Span, now: datetime, calendar: Calendar) -> Due:
    """Say the time of a task."""
    if span.suspended_at is not None:
        return _paused(span, now, calendar)
    if span.not_before is not None and now < span.not_before:
        since = _("from %(moment)s on", moment=moment(span.not_before, now))
        return Due(state="early", words=since, moment=_until(span, now), clock=clock_words(span.clock), left=0)
    if span.due_at is None:
        waited = _("waiting for %(time)s", time=length(max(now - span.opened_at, timedelta())))
        return Due(state="none", words=_("no deadline"), moment=waited)
    left = span.due_at - now
    words, counts = _left(span.due_at, now, calendar, working=bool(span.clock and span.clock.working))
    return Due(
        state="late" if left < timedelta() else "soon" if left <= SOON * (span.due_at - span.opened_at) else "on_time",
        words=words,
        moment=_until(span, now),
        clock=clock_words(span.clock),
        left=_percent(left, span.due_at - span.opened_at),
        counts=span.due_at.astimezone(OFFICE).isoformat(timespec="seconds") if counts else "",
        provisional=bool(span.clock and span.clock.working) and is_provisional(now, span.due_at, calendar),
    )


def moment(at: datetime, now: datetime) -> str:
    """“今天 15:40”, “明天 09:00”, “周五 18:00” this week, “11月23日 周一 10:00”; the year where it is another one."""
    at, now = at.astimezone(OFFICE), now.astimezone(OFFICE)
    return f"{day(at, now)} {at:%H:%M}"


def day(at: datetime, now: datetime) -> str:
    """The day of `moment`, without its time."""
    at, now = at.astimezone(OFFICE), now.astimezone(OFFICE)
    distance = (at.date() - now.date()).days
    near = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    if distance in near:
        return near[distance]
    if at.date().isocalendar()[:2] == now.date().isocalendar()[:2]:
        return weekday(at)
    if at.year == now.year:
        return _("%(weekday)s %(day)s/%(month)s", month=at.month, day=at.day, weekday=weekday(at))
    return _("%(weekday)s %(day)s/%(month)s/%(year)s", year=at.year, month=at.month, day=at.day, weekday=weekday(at))


def weekday(at: datetime) -> str:
    """“周四”."""
    names = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]
    return names[at.astimezone(OFFICE).weekday()]


def length(time: timedelta) -> str:
    """“2 小时 5 分”, “1 天 4 小时”: two units at most, minutes dropped from one day on."""
    if time < MINUTE:
        return _("less than a minute")
    days, rest = divmod(time, DAY)
    hours, rest = divmod(rest, HOUR)
    parts = [_("%(n)s d", n=days) if days else "", _("%(n)s h", n=hours) if hours else ""]
    minutes = rest // MINUTE
    return " ".join(filter(None, [*parts, _("%(n)s min", n=minutes) if minutes and not days else ""]))


def clock_words(clock: DeadlineClock | None) -> str:
    """“24 小时，连续计时” or “2 个工作日”: the manual's hours run through nights and weekends, and the page says so."""
    if clock is None:
        return ""
    n = clock.amount
    if n is None or clock.unit is None:
        return _("counted in working time") if clock.working else _("counted around the clock")
    return {
        "minutes": _("%(n)s min, around the clock", n=n),
        "hours": _("%(n)s h, around the clock", n=n),
        "days": _("%(n)s d of 24 h, around the clock", n=n),
        "months": _("%(n)s calendar months", n=n),
        "working_days": _("%(n)s working days", n=n),
        "working_hours": _("%(n)s working hours", n=n),
    }[clock.unit]


def _left(due_at: datetime, now: datetime, calendar: Calendar, *, working: bool) -> tuple[str, bool]:
    """The words, and whether they are of clock time."""
    left = due_at - now
    distance = abs(left)
    clock_time = not working or distance < DAY
    if clock_time:
        if distance < MINUTE:
            return (_("just overdue") if left < timedelta() else _("less than a minute")), True
        time = length(distance)
    else:
        time = working_length(office_time_between(min(now, due_at), max(now, due_at), calendar), calendar)
    return (_("%(time)s late", time=time) if left < timedelta() else _("%(time)s left", time=time)), clock_time


def working_length(time: timedelta, calendar: Calendar) -> str:
    """“1 个工作日 3 小时”, “3 个工作小时”."""
    days, rest = in_working_days(time, calendar)
    hours = rest // HOUR
    if not days:
        return _("%(n)s working h", n=hours)
    whole = _("%(n)s working d", n=days)
    return f"{whole} {_('%(n)s h', n=hours)}" if hours else whole


def _paused(span: Span, now: datetime, calendar: Calendar) -> Due:
    assert span.suspended_at is not None
    held = _("suspended for %(time)s", time=length(now - span.suspended_at))
    if span.due_at is None:
        return Due(state="paused", words=held)
    rest = span.due_at - span.suspended_at
    after = _("then %(time)s left", time=length(rest)) if rest > timedelta() else _("it was late already")
    return Due(state="paused", words=held, moment=after, left=_percent(rest, span.due_at - span.opened_at))


def _until(span: Span, now: datetime) -> str:
    return _("due %(moment)s", moment=moment(span.due_at, now)) if span.due_at else ""


def _percent(left: timedelta, whole: timedelta) -> int:
    if left <= timedelta() or whole <= timedelta():
        return 0 if left <= timedelta() else 100
    return max(1, min(100, round(100 * (left / whole))))
