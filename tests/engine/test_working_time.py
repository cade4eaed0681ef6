"""Working days and office hours: the dated examples of the procedures."""

from datetime import date, datetime, time, timedelta

import pytest

from engine import working_time
from engine.clock import OFFICE
from engine.errors import CalendarTooShort
from engine.working_time import Calendar, Shift

CALENDAR = Calendar(working_time.seed_days(), working_time.seed_years())
TUE, WED, THU, SAT = 1, 2, 3, 5
CLOSING = time(18)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OFFICE)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2025-09-30 15:00", 2, "2025-10-10 18:00"),  # T-06, over the national holiday
        ("2025-09-26 10:00", 2, "2025-09-29 18:00"),  # T-06, Sunday 28th is made up
        ("2026-02-13 10:00", 2, "2026-02-24 18:00"),  # T-06, Saturday 14th is made up, Spring Festival
        ("2025-09-26 10:00", 1, "2025-09-28 18:00"),  # T-49, make-up day
        ("2025-09-29 11:00", 1, "2025-09-30 18:00"),  # T-50
        ("2025-09-26 14:00", 1, "2025-09-28 18:00"),
        ("2025-09-26 23:59", 0, "2025-09-26 18:00"),
        ("2025-10-04 10:00", 0, "2025-10-09 18:00"),
    ],
)
def test_a_working_day_deadline_ends_with_office_hours(start: str, days: int, due: str) -> None:
    assert working_time.add_working_days(at(start), days, CALENDAR) == at(due)


def test_the_instant_may_come_in_utc() -> None:
    late_evening_in_utc = datetime.fromisoformat("2025-09-29T17:00:00+00:00")  # the 30th, 01:00 in the office

    assert working_time.add_working_days(late_evening_in_utc, 1, CALENDAR) == at("2025-10-09 18:00")


def test_working_hours_leave_out_lunch_nights_and_holidays() -> None:
    afternoon_from_one = Calendar(CALENDAR.days, CALENDAR.published, ((time(9), time(12)), (time(13), time(18))))

    def due(start: str, hours: float, calendar: Calendar = CALENDAR) -> datetime:
        return working_time.add_working_hours(at(start), timedelta(hours=hours), calendar)

    assert due("2026-02-13 16:00", 48, afternoon_from_one) == at("2026-02-28 16:00")
    assert due("2025-09-30 11:00", 1) == at("2025-09-30 12:00")
    assert due("2025-09-30 11:00", 1.5) == at("2025-09-30 14:00")
    assert due("2025-09-30 12:30", 4.5) == at("2025-09-30 18:00")
    assert due("2025-09-30 17:30", 1) == at("2025-10-09 09:30")
    assert due("2025-09-30 18:00", 0) == at("2025-10-09 09:00")


@pytest.mark.parametrize(
    ("approved", "slot"),
    [
        ("2025-09-24 10:00", "2025-09-25 13:30"),  # T-26: the next Thursday afternoon
        ("2025-09-25 09:00", "2025-09-25 13:30"),
        ("2025-09-25 15:00", "2025-09-25 15:00"),  # inside the slot
        ("2025-09-25 18:00", "2025-09-25 18:00"),  # exactly at its end
        ("2025-09-25 18:01", "2025-10-09 13:30"),  # 10-02 is a holiday
        ("2025-09-30 10:00", "2025-10-09 13:30"),
        ("2025-10-02 14:00", "2025-10-09 13:30"),  # inside the hours of a slot that falls on a holiday
        ("2025-12-31 10:00", "2026-01-08 13:30"),  # 01-01 is a holiday
    ],
)
def test_a_refund_waits_for_a_thursday_that_is_a_working_day(approved: str, slot: str) -> None:
    assert working_time.next_slot(at(approved), THU, time(13, 30), CLOSING, CALENDAR) == at(slot)


@pytest.mark.parametrize(
    ("after", "weekday", "at_time", "due"),
    [
        ("2025-09-20 00:00", WED, "18:00", "2025-09-24 18:00"),  # T-19, an ordinary Wednesday
        ("2025-10-01 19:00", WED, "18:00", "2025-09-30 18:00"),  # T-19, Wed 10-08 is a holiday
        ("2025-09-24 10:30", WED, "10:30", "2025-09-30 10:30"),  # T-17, Wed 10-01 is a holiday
        ("2025-10-01 18:00", TUE, "18:00", "2025-09-30 18:00"),  # T-31, Tue 10-07 is a holiday
        ("2025-09-27 18:00", SAT, "18:00", "2025-09-30 18:00"),  # T-70, Saturday within the holiday
        ("2025-10-04 18:00", SAT, "18:00", "2025-10-11 18:00"),  # T-70, make-up Saturday
        ("2025-10-11 18:00", SAT, "18:00", "2025-10-18 18:00"),  # T-70, an ordinary Saturday stays
        ("2025-10-18 18:00", SAT, "18:00", "2025-10-25 18:00"),
    ],
)
def test_a_weekly_report_moves_before_a_holiday(after: str, weekday: int, at_time: str, due: str) -> None:
    nominal = working_time.weekly(at(after), weekday, time.fromisoformat(at_time))

    assert working_time.shift(nominal, "preceding", CALENDAR, named_weekday=True) == at(due)


def test_two_weekly_occurrences_may_land_on_one_day() -> None:
    first = working_time.weekly(at("2025-09-27 00:00"), WED, CLOSING)
    second = working_time.weekly(first, WED, CLOSING)

    due = [working_time.shift(nominal, "preceding", CALENDAR, named_weekday=True) for nominal in (first, second)]

    assert [first, second] == [at("2025-10-01 18:00"), at("2025-10-08 18:00")]
    assert due == [at("2025-09-30 18:00")] * 2


@pytest.mark.parametrize(
    ("rule", "due"),
    [("preceding", "2025-10-24 18:00"), ("following", "2025-10-27 18:00"), ("none", "2025-10-25 18:00")],
)
def test_the_monthly_report_of_the_25th_moves_off_a_saturday(rule: Shift, due: str) -> None:
    nominal = working_time.monthly(at("2025-09-26 00:00"), 25, CLOSING)

    assert working_time.shift(nominal, rule, CALENDAR) == at(due)


def test_the_fourth_wednesday_of_october_2025_is_the_22nd() -> None:
    assert working_time.weekly(at("2025-09-30 00:00"), WED, CLOSING, nth=4) == at("2025-10-22 18:00")


def test_a_month_ends_on_its_last_day_and_a_year_on_its_last_month() -> None:
    assert working_time.monthly(at("2025-09-01 00:00"), 31, CLOSING) == at("2025-09-30 18:00")
    assert working_time.monthly(at("2025-09-30 18:00"), 31, CLOSING) == at("2025-10-31 18:00")
    assert working_time.monthly(at("2024-01-31 18:00"), 31, CLOSING) == at("2024-02-29 18:00")
    assert working_time.monthly(at("2025-02-01 00:00"), 31, CLOSING, month=1) == at("2026-01-31 18:00")


@pytest.mark.parametrize(
    ("start", "months", "due"),
    [
        ("2025-09-29 10:00", 3, "2025-12-29 10:00"),  # T-23
        ("2025-11-30 10:00", 3, "2026-02-28 10:00"),  # T-63
        ("2026-03-31 18:00", -1, "2026-02-28 18:00"),  # T-59
        ("2025-03-01 09:00", 12, "2026-03-01 09:00"),  # T-58
        ("2025-03-31 09:00", 6, "2025-09-30 09:00"),  # T-79
        ("2024-02-29 09:00", 12, "2025-02-28 09:00"),
    ],
)
def test_calendar_months_keep_the_day_or_end_with_the_month(start: str, months: int, due: str) -> None:
    assert working_time.add_months(at(start), months) == at(due)


def test_what_is_left_is_told_in_working_days_and_hours() -> None:
    left = working_time.office_time_between(at("2025-09-30 10:30"), at("2025-10-09 15:00"), CALENDAR)

    assert left == timedelta(hours=1.5 + 4.5 + 3 + 1.5)
    assert working_time.in_working_days(left, CALENDAR) == (1, timedelta(hours=3))
    assert not working_time.office_time_between(at("2025-10-09 15:00"), at("2025-09-30 10:30"), CALENDAR)


def test_the_seed_is_the_holiday_set_of_the_procedures() -> None:
    def closed(first: date, last: date) -> list[bool]:
        return [CALENDAR.is_working_day(first + timedelta(n)) for n in range((last - first).days + 1)]

    assert not any(closed(date(2025, 10, 1), date(2025, 10, 8)))
    assert not any(closed(date(2026, 1, 1), date(2026, 1, 3)))
    assert not any(closed(date(2026, 2, 15), date(2026, 2, 23)))
    made_up = (date(2025, 9, 28), date(2025, 10, 11), date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28))
    assert all(map(CALENDAR.is_working_day, made_up))
    assert CALENDAR.published >= set(range(2004, 2027))


def test_a_year_that_is_not_published_counts_by_weekdays_and_is_provisional() -> None:
    new_years_eve = at("2030-12-31 10:00")

    due = working_time.add_working_days(new_years_eve, 1, CALENDAR)

    assert due == at("2031-01-01 18:00")
    assert working_time.is_provisional(new_years_eve, due, CALENDAR)
    assert not working_time.is_provisional(at("2025-12-31 10:00"), at("2026-01-05 18:00"), CALENDAR)


def test_a_calendar_without_working_days_is_too_short() -> None:
    closed = Calendar({date(2025, 1, 1) + timedelta(n): "holiday" for n in range(800)}, frozenset({2025, 2026}))

    with pytest.raises(CalendarTooShort):
        working_time.add_working_days(at("2025-01-01 10:00"), 1, closed)
    with pytest.raises(CalendarTooShort):
        working_time.next_slot(at("2025-01-01 10:00"), THU, time(13, 30), CLOSING, closed)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        working_time.add_working_days(datetime(2025, 9, 26), 1, CALENDAR)
