"""Working days and office hours: what holds for every instant."""

from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine import working_time
from engine.clock import OFFICE
from engine.working_time import Calendar

CALENDAR = Calendar(working_time.seed_days(), working_time.seed_years())
CLOSING = time(18)

instants = st.datetimes(datetime(2010, 1, 1), datetime(2027, 12, 31), timezones=st.just(OFFICE))
working_days = st.integers(1, 60)
office_time = st.integers(1, 60 * 60 * 200).map(lambda seconds: timedelta(seconds=seconds))
clock_times = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))


@given(instants, working_days, working_days)
def test_n_working_days_and_then_m_are_n_plus_m(start: datetime, n: int, m: int) -> None:
    in_two = working_time.add_working_days(working_time.add_working_days(start, n, CALENDAR), m, CALENDAR)

    assert in_two == working_time.add_working_days(start, n + m, CALENDAR)


@given(instants, working_days)
def test_a_working_day_deadline_falls_on_a_working_day_after_the_start(start: datetime, n: int) -> None:
    due = working_time.add_working_days(start, n, CALENDAR)

    days_between = ((start.date() + timedelta(k)) for k in range(1, (due.date() - start.date()).days + 1))
    assert CALENDAR.is_working_day(due.date())
    assert due.time() == CLOSING
    assert sum(map(CALENDAR.is_working_day, days_between)) == n


@given(instants, office_time, office_time)
def test_office_time_adds_up(start: datetime, n: timedelta, m: timedelta) -> None:
    in_two = working_time.add_working_hours(working_time.add_working_hours(start, n, CALENDAR), m, CALENDAR)

    assert in_two == working_time.add_working_hours(start, n + m, CALENDAR)


@given(instants, office_time)
def test_office_time_added_is_office_time_between(start: datetime, duration: timedelta) -> None:
    due = working_time.add_working_hours(start, duration, CALENDAR)

    assert CALENDAR.is_working_day(due.date())
    assert any(opens <= due.time() <= closes for opens, closes in CALENDAR.hours)
    assert working_time.office_time_between(start, due, CALENDAR) == duration


@given(instants, instants, working_days)
def test_who_starts_later_is_never_due_earlier(one: datetime, other: datetime, n: int) -> None:
    first, second = sorted((one, other))

    assert working_time.add_working_days(first, n, CALENDAR) <= working_time.add_working_days(second, n, CALENDAR)


@given(instants, st.integers(0, 4))
def test_a_slot_is_on_its_weekday_on_a_working_day_and_never_in_the_past(start: datetime, weekday: int) -> None:
    opens, closes = time(13, 30), CLOSING

    slot = working_time.next_slot(start, weekday, opens, closes, CALENDAR)

    assert slot >= start
    assert slot.weekday() == weekday and CALENDAR.is_working_day(slot.date())
    assert opens <= slot.time() <= closes
    assert working_time.next_slot(slot, weekday, opens, closes, CALENDAR) == slot


@given(instants, st.integers(0, 6), clock_times)
def test_weekly_occurrences_are_seven_days_apart(after: datetime, weekday: int, at: time) -> None:
    first = working_time.weekly(after, weekday, at)

    assert timedelta() < first - after <= timedelta(days=7)
    assert first.weekday() == weekday
    assert working_time.weekly(first, weekday, at) == first + timedelta(days=7)


@given(instants, st.integers(1, 31), clock_times)
def test_monthly_occurrences_come_once_a_month(after: datetime, day: int, at: time) -> None:
    first = working_time.monthly(after, day, at)

    second = working_time.monthly(first, day, at)

    assert after < first
    assert second.year * 12 + second.month == first.year * 12 + first.month + 1
    assert first.day == day or (first + timedelta(days=1)).day == 1


@given(instants)
def test_shifting_lands_on_working_days_with_none_in_between(instant: datetime) -> None:
    before = working_time.shift(instant, "preceding", CALENDAR)
    behind = working_time.shift(instant, "following", CALENDAR)

    skipped: list[date] = [before.date() + timedelta(n) for n in range(1, (behind.date() - before.date()).days)]
    assert before <= instant <= behind
    assert CALENDAR.is_working_day(before.date()) and CALENDAR.is_working_day(behind.date())
    assert not any(map(CALENDAR.is_working_day, skipped))
    assert before.time() == instant.time() == behind.time()


@given(instants, st.integers(0, 60))
def test_months_forth_and_back_lose_only_the_end_of_a_month(start: datetime, months: int) -> None:
    back = working_time.add_months(working_time.add_months(start, months), -months)

    assert back == start or (start.day > 28 and back.day < start.day)
