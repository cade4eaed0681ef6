"""What a page says about a task's time; the wordings of the screens, section 5."""

from datetime import date, datetime, timedelta

import pytest
from flask_babel import force_locale

from engine.clock import OFFICE
from engine.queries.deadline_clock import DeadlineClock
from engine.working_time import Calendar
from tests.web.conftest import Office
from web.due_words import Due, Span, clock_words, due, moment

NOW = datetime(2026, 11, 19, 14, 20, tzinfo=OFFICE)  # Thursday
CALENDAR = Calendar(days={date(2026, 11, 23): "holiday"}, published=frozenset({2026}))
WORKING = DeadlineClock(working=True, unit="working_days", amount=2)
HOURS = DeadlineClock(unit="hours", amount=24)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OFFICE)


@pytest.fixture
def say(office: Office):
    def said(locale: str = "zh_CN", now: datetime = NOW, **span) -> Due:
        with office.app.test_request_context(), force_locale(locale):
            return due(Span(**{"opened_at": NOW - timedelta(hours=10), **span}), now, CALENDAR)

    return said


@pytest.mark.parametrize(
    ("until", "words", "state"),
    [
        ("2026-11-19 16:25", "还剩 2 小时 5 分", "soon"),
        ("2026-11-19 18:20", "还剩 4 小时", "on_time"),
        ("2026-11-19 14:55", "还剩 35 分", "soon"),
        ("2026-11-19 14:20:30", "不到 1 分钟", "soon"),
        ("2026-11-19 14:20", "不到 1 分钟", "soon"),  # at the due instant it is still on time
        ("2026-11-19 14:19:30", "刚刚超时", "late"),
        ("2026-11-19 13:45", "已超 35 分", "late"),
        ("2026-11-19 12:10", "已超 2 小时 10 分", "late"),
        ("2026-11-20 17:20", "还剩 1 天 3 小时", "on_time"),
        ("2026-11-17 12:20", "已超 2 天 2 小时", "late"),
    ],
)
def test_clock_time_is_said_in_two_units_at_most(say, until, words, state):
    said = say(due_at=at(until), clock=HOURS)

    assert (said.words, said.state) == (words, state)
    assert said.counts == at(until).isoformat(timespec="seconds")


@pytest.mark.parametrize(
    ("until", "words"),
    [
        ("2026-11-20 18:00", "还剩 1 个工作日 3 小时"),
        ("2026-11-20 13:30", "还剩 23 小时 10 分"),  # under a day of clock time, counted by the clock
        ("2026-11-24 18:00", "还剩 2 个工作日 3 小时"),  # Monday is a holiday
        ("2026-11-17 18:00", "已超 1 个工作日 3 小时"),
    ],
)
def test_working_time_is_said_in_working_days_from_a_day_on(say, until, words):
    due_at = at(until)

    said = say(due_at=due_at, clock=WORKING)

    assert said.words == words
    assert bool(said.counts) == (abs(due_at - NOW) < timedelta(days=1))


def test_an_unpublished_year_is_marked(say):
    assert say(due_at=at("2027-01-05 18:00"), clock=WORKING).provisional
    assert not say(due_at=at("2027-01-05 18:00"), clock=HOURS).provisional


def test_a_suspended_task_says_how_long_and_what_is_left_then(say):
    said = say(due_at=at("2026-11-18 16:20"), suspended_at=at("2026-11-18 10:20"))

    assert (said.state, said.words, said.moment) == ("paused", "已挂起 1 天 4 小时", "恢复后还剩 6 小时")


def test_a_task_that_is_not_allowed_yet_says_from_when(say):
    said = say(not_before=at("2026-11-20 09:30"), due_at=at("2026-11-20 18:00"))

    assert (said.state, said.words) == ("early", "明天 09:30 起可办")


def test_without_a_deadline_it_says_how_long_it_waits(say):
    said = say(opened_at=NOW - timedelta(days=1))

    assert (said.state, said.words, said.moment, said.left) == ("none", "无时限", "已等 1 天", None)


@pytest.mark.parametrize(
    ("then", "words"),
    [
        ("2026-11-19 15:40", "今天 15:40"),
        ("2026-11-20 15:40", "明天 15:40"),
        ("2026-11-18 15:40", "昨天 15:40"),
        ("2026-11-21 09:00", "周六 09:00"),
        ("2026-11-17 09:00", "周二 09:00"),
        ("2026-11-23 10:00", "11月23日 周一 10:00"),
        ("2027-01-04 10:00", "2027年1月4日 周一 10:00"),
    ],
)
def test_moments_are_as_near_as_they_are(office, then, words):
    with office.app.test_request_context(), force_locale("zh_CN"):
        assert moment(at(then), NOW) == words


@pytest.mark.parametrize(
    ("clock", "words"),
    [
        (HOURS, "24 小时，连续计时"),
        (WORKING, "2 个工作日"),
        (DeadlineClock(working=True, unit="working_hours", amount=8), "8 个工作小时"),
        (DeadlineClock(unit="days", amount=3), "3 天，连续计时"),
        (DeadlineClock(working=True), "按工作时间计时"),
        (DeadlineClock(), "连续计时"),
        (None, ""),
    ],
)
def test_the_clock_is_named(office, clock, words):
    with office.app.test_request_context(), force_locale("zh_CN"):
        assert clock_words(clock) == words


def test_english_says_the_same(say):
    assert say("en", due_at=at("2026-11-19 16:25")).words == "2 h 5 min left"
    assert say("en", due_at=at("2026-11-19 13:45")).moment == "due today 13:45"


def test_the_bar_shows_what_is_left(say):
    assert say(due_at=NOW + timedelta(hours=10)).left == 50
    assert say(due_at=NOW - timedelta(hours=1)).left == 0
