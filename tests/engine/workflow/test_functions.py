"""The functions of an expression: lists, numbers, people, instants, and the dated examples of the procedures."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from engine import working_time
from engine.clock import OFFICE
from engine.errors import ExpressionError
from engine.messages import MESSAGES
from engine.workflow import expressions
from engine.workflow.functions import PURE, SIGNATURES
from engine.workflow.time_functions import time_functions
from engine.working_time import Calendar, Shift

CALENDAR = Calendar(working_time.seed_days(), working_time.seed_years())
STARTED = datetime(2025, 9, 1, 9, 0, tzinfo=OFFICE)
SHARES = [{"item": "a", "percent": 40, "amount": "2400.50"}, {"item": "b", "percent": None, "amount": "600.00"}]


def value(text: str, now: str = "2025-09-26 16:00", shift: Shift = "none", **context: Any) -> Any:
    instant = datetime.fromisoformat(now).replace(tzinfo=OFFICE)
    functions = PURE | time_functions(instant, STARTED, CALENDAR, shift=shift)
    return expressions.compile(text).evaluate({"x": context, "shares": SHARES}, functions)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("len(shares)", 2),
        ("len(x.nothing)", 0),
        ("len([])", 0),
        ('sum_of(shares, "percent")', 40),
        ('sum_of(shares, "amount")', Decimal("3000.50")),
        ('sum_of(x.nothing, "amount")', 0),
        ('count_of(shares, "item", "a")', 1),
        ('any_of(shares, "item", "c")', False),
        ('all_of(shares, "amount", "600.00")', False),
        ('all_of([], "item", "a")', True),
        ('pick(shares, "percent")', [40, None]),
        ('unique(["b", "a", "b"])', ["b", "a"]),
        ('without(["a", "b", "c"], "b")', ["a", "c"]),
        ('without(["a", "b", "c"], ["a", "c"])', ["b"]),
        ('number("6000.00") >= 6000', True),
        ('number("-3")', -3),
        ("number(x.nothing)", None),
        ("round_half_up(2.675, 2)", Decimal("2.68")),
        ("round_half_up(2.5)", 3),
        ("min(3, 1.5)", Decimal("1.5")),
        ("max(1, 2, 3)", 3),
        ("abs(-2.5)", Decimal("2.5")),
        ('head_of("design_dept")', "head:design_dept"),
        ('group(["a", "b"])', ["group:a", "group:b"]),
        ("person(17)", "person:17"),
        ("head_of(x.nothing)", None),
    ],
)
def test_a_function_gives_its_value(text: str, expected: Any) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("now", "text", "expected"),
    [
        ("2025-09-26 16:00", "hours(3)", "2025-09-26T19:00:00+08:00"),  # T-01
        ("2025-09-30 20:00", "hours(24)", "2025-10-01T20:00:00+08:00"),  # T-02 runs through the holiday
        (
            "2025-09-27 09:00",
            'hours(24, after=earlier(now(), "2025-09-26T19:00:00+08:00"))',
            "2025-09-27T19:00:00+08:00",
        ),
        ("2025-09-26 14:00", "days(2)", "2025-09-28T14:00:00+08:00"),  # T-29
        ("2025-09-26 16:00", "minutes(30)", "2025-09-26T16:30:00+08:00"),
        ("2025-09-26 16:00", "hours(1.5)", "2025-09-26T17:30:00+08:00"),
        ("2025-09-26 16:00:00.000001", "now()", "2025-09-26T16:00:00.000001+08:00"),
        ("2025-09-30 15:00", "working_days(2)", "2025-10-10T18:00:00+08:00"),  # T-06
        ("2026-02-13 10:00", "working_days(2)", "2026-02-24T18:00:00+08:00"),  # T-06
        ("2025-09-26 16:00", 'working_days(1, after="2025-09-30T10:00+08:00")', "2025-10-09T18:00:00+08:00"),
        ("2025-09-30 17:00", "working_hours(2)", "2025-10-09T10:00:00+08:00"),
        ("2025-09-29 10:00", "months(3)", "2025-12-29T10:00:00+08:00"),  # T-23
        ("2025-09-26 16:00", "end_of_day()", "2025-09-26T23:59:59+08:00"),  # T-30
        ("2025-09-24 10:00", 'next_slot("thu", "13:30", "18:00")', "2025-09-25T13:30:00+08:00"),  # T-26
        ("2025-09-25 18:01", 'next_slot("thu", "13:30", "18:00")', "2025-10-09T13:30:00+08:00"),  # T-26
        ("2025-12-31 10:00", 'next_slot("thu", "13:30", "18:00")', "2026-01-08T13:30:00+08:00"),  # T-26
        ("2025-09-20 10:00", 'weekly("wed", "10:30")', "2025-09-24T10:30:00+08:00"),  # T-17
        ("2025-10-01 00:00", 'weekly("wed", nth=4)', "2025-10-22T18:00:00+08:00"),  # T-73
        ("2025-09-26 16:00", "monthly(25)", "2025-10-25T18:00:00+08:00"),  # T-72
        ("2025-09-26 16:00", 'monthly(31, "12:00", month=12)', "2025-12-31T12:00:00+08:00"),  # T-69
        ("2025-09-26 16:00", "month_end()", "2025-09-30T18:00:00+08:00"),  # T-09
        ("2025-09-26 16:00", "started_at()", "2025-09-01T09:00:00+08:00"),
        ("2025-09-26 16:00", 'at("2025-09-26")', "2025-09-26T23:59:59+08:00"),
        ("2025-09-26 16:00", 'at("2025-09-26T10:00")', "2025-09-26T10:00:00+08:00"),
        ("2025-09-26 16:00", 'at("2025-09-26T02:00:00Z")', "2025-09-26T10:00:00+08:00"),
        ("2025-09-26 16:00", 'before("2025-10-10T10:00", hours=24)', "2025-10-09T10:00:00+08:00"),  # T-20
        ("2025-09-26 16:00", 'before("2025-12-31", days=30)', "2025-12-01T23:59:59+08:00"),  # T-37
        ("2025-09-26 16:00", 'before("2026-03-31", months=1)', "2026-02-28T23:59:59+08:00"),  # T-59
        ("2025-09-26 16:00", 'later("2025-09-26", "2025-09-27T01:00:00+08:00")', "2025-09-27T01:00:00+08:00"),
    ],
)
def test_an_instant_comes_out_in_office_time(now: str, text: str, expected: str) -> None:
    assert value(text, now) == expected


def test_a_recurring_start_moves_off_a_holiday() -> None:
    assert value('weekly("wed", "10:30")', "2025-09-30 20:00", "preceding") == "2025-09-30T10:30:00+08:00"
    assert value('weekly("sat")', "2025-09-28 20:00", "preceding") == "2025-09-30T18:00:00+08:00"
    assert value('weekly("sat")', "2025-10-12 20:00", "preceding") == "2025-10-18T18:00:00+08:00"
    assert value("monthly(25)", "2025-09-26 20:00", "preceding") == "2025-10-24T18:00:00+08:00"
    assert value("monthly(25)", "2025-09-26 20:00", "following") == "2025-10-27T18:00:00+08:00"


@pytest.mark.parametrize(
    "text",
    [
        "hours(24, after=x.visit)",
        "hours(x.length)",
        "months(3, after=x.visit)",
        "working_days(2, after=x.visit)",
        "working_hours(2, after=x.visit)",
        'next_slot("thu", "13:30", "18:00", after=x.visit)',
        "end_of_day(after=x.visit)",
        "at(x.visit)",
        "before(x.visit, hours=24)",
        "before(now(), hours=x.length)",
        "earlier(x.visit, x.length)",
    ],
)
def test_a_missing_anchor_gives_no_instant(text: str) -> None:
    assert value(text) is None


def test_the_later_and_the_earlier_pass_over_what_is_missing() -> None:
    assert value("earlier(x.visit, hours(3))") == "2025-09-26T19:00:00+08:00"
    assert value("later(hours(1), x.visit, hours(24, after=x.visit))") == "2025-09-26T17:00:00+08:00"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('number("6 000")', "expression.not_a_number"),
        ('number("٣")', "expression.not_a_number"),
        ('abs("3")', "expression.needs_number"),
        ("max(1, x.nothing)", "expression.needs_number"),
        ("round_half_up(1.5, 7)", "expression.out_of_range"),
        ('len("text")', "expression.needs_list"),
        ('pick(["a"], "b")', "expression.item_without_fields"),
        ("pick(shares, 1)", "expression.needs_text"),
        ('any_of(shares, "amount", 600)', "expression.not_comparable"),
        ('person("person:17")', "expression.not_a_key"),
        ('person("")', "expression.not_a_key"),
        ("hours(-1)", "expression.out_of_range"),
        ("working_days(1.5)", "expression.not_whole"),
        ("working_days(100000)", "expression.out_of_range"),
        ('hours("soon")', "expression.not_a_number"),
        ('at("tomorrow")', "expression.not_an_instant"),
        ('at("2025-02-30")', "expression.not_an_instant"),
        ('at("9999-12-31")', "expression.not_an_instant"),
        ('at("2025-W39-5")', "expression.not_an_instant"),
        ('weekly("wednesday")', "expression.not_a_weekday"),
        ('weekly("wed", "25:00")', "expression.not_a_time"),
        ('weekly("wed", nth=5)', "expression.out_of_range"),
    ],
)
def test_a_wrong_argument_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ExpressionError) as refusal:
        value(text)

    assert refusal.value.reason == reason
    assert refusal.value.text == text and reason in MESSAGES


def test_every_function_has_a_signature_and_every_signature_its_function() -> None:
    kinds = {name: signature.kind for name, signature in SIGNATURES.items()}
    timed = time_functions(STARTED, STARTED, CALENDAR)

    assert {name for name, kind in kinds.items() if kind == "pure"} == set(PURE)
    assert {name for name, kind in kinds.items() if kind in ("time", "calendar")} == set(timed)
    assert {name for name, kind in kinds.items() if kind == "case"} == {
        *("done_at", "due_of", "breaches", "rounds", "doer_of", "initiator", "parameter", "this_case"),
    }
    assert all(signature.zh and signature.en for signature in SIGNATURES.values())
