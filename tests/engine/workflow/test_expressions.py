"""Expressions: what they may say, what they give, and how they refuse."""

from decimal import Decimal
from typing import Any

import pytest

from engine.errors import ExpressionError
from engine.messages import say
from engine.workflow import expressions
from engine.workflow.functions import PURE

DATA: dict[str, Any] = {
    "register_complaint": {"severity": "major", "contacts": 3, "claim": "6000.00", "urgent": True, "demand": None},
    "sign_receipt": [{"item": "design_dept", "signed": True}, {"item": "engineering_dept", "signed": False}],
    "visit": {"at": "2025-09-26T16:00:00+08:00", "day": "2025-09-27", "slot": "13:30"},
    "item": "design_dept",
    "input": {"customer": 17},
}


def value(text: str) -> Any:
    return expressions.compile(text).evaluate(DATA, PURE)


def reason(text: str) -> str:
    with pytest.raises(ExpressionError) as refusal:
        value(text)
    return refusal.value.reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('register_complaint.severity == "major"', True),
        ('register_complaint.severity in ["medium", "major"]', True),
        ('register_complaint.severity not in ["medium", "major"]', False),
        ('input.customer == 17 and item != "engineering_dept"', True),
        ("1 < register_complaint.contacts <= 3 < 4", True),
        ("1 < register_complaint.contacts < 3", False),
        ("register_complaint.urgent and not register_complaint.demand", True),
        ("number(register_complaint.claim) * 0.40", Decimal("2400.0000")),
        ("round_half_up(99999.99 / 10, 2)", Decimal("10000.00")),
        ("-(2 + 3) * 2 - 1", -11),
        ('"yes" if register_complaint.contacts >= 3 else "no"', "yes"),
        ('[item, "x", 1]', ["design_dept", "x", 1]),
        ('head_of(pick(sign_receipt, "item"))', ["head:design_dept", "head:engineering_dept"]),
        ('all_of(sign_receipt, "signed", True)', False),
        ("register_complaint.demand is None", True),
        ("register_complaint.urgent is not None", True),
        ('"重大" == "重大"', True),
        ("  \n register_complaint.urgent\n and True ", True),
    ],
)
def test_an_expression_gives_its_value(text: str, expected: Any) -> None:
    assert value(text) == expected


def test_what_is_not_filled_or_not_reached_is_nothing() -> None:
    assert value("register_complaint.no_such_field") is None
    assert value("never_reached.field") is None
    assert value("never_reached.field == None") is True
    assert value("never_reached.field > 3") is False
    assert value("never_reached.field < 3") is False
    assert value('"x" in never_reached.field') is False
    assert value("not never_reached.field") is True


def test_instants_dates_and_times_of_day_are_compared_as_such() -> None:
    assert value('visit.at < "2025-09-26T08:00:01Z"') is True
    assert value('visit.at < "2025-09-26"') is True
    assert value('visit.day >= "2025-09-27"') is True
    assert value('visit.slot < "18:00"') is True
    assert reason('register_complaint.severity < "minor"') == "expression.not_comparable"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("register_complaint.claim < 3", "expression.not_comparable"),
        ("register_complaint.claim == 6000", "expression.not_comparable"),
        ("register_complaint.claim + 1", "expression.needs_number"),
        ("register_complaint.demand + 1", "expression.needs_number"),
        ("True + 1", "expression.needs_number"),
        ('register_complaint.severity in "majority"', "expression.needs_list"),
        ('item in ("a", "b")', "expression.use_a_list"),
        ("not register_complaint.severity", "expression.needs_yes_no"),
        ("sign_receipt.signed", "expression.list_field"),
        ("item.department", "expression.no_fields"),
        ("no_such_name", "expression.unknown_name"),
        ("no_such_function(1)", "expression.unknown_function"),
        ("1 / 0", "expression.divide_by_zero"),
        ("len(1, 2)", "expression.argument_count"),
        ("hours(1, before=2)", "expression.unknown_argument"),
        ("2025-10-01", "expression.write_instead"),
        ("item == “x”", "expression.chinese_punctuation"),
        ("True # always", "expression.comment"),
        ("item ==", "expression.syntax"),
        ("", "expression.syntax"),
        ("1e3", "expression.number_form"),
    ],
)
def test_a_mistake_is_refused_with_its_reason(text: str, expected: str) -> None:
    assert reason(text) == expected


def test_a_refusal_tells_where_and_what_to_do() -> None:
    with pytest.raises(ExpressionError) as refusal:
        value('"客户" == item or sign_receipt.signed')

    error = refusal.value
    assert (error.text, error.column) == ('"客户" == item or sign_receipt.signed', 17)
    assert say(error.code, "zh", **error.context).startswith("表达式第 17 个字符处")
    assert 'pick(sign_receipt, "signed")' in say(error.code, "en", **error.context)


def test_an_expression_tells_what_it_reads_and_calls() -> None:
    expression = expressions.compile(
        'hours(24, after=earlier(done_at("sign_receipt"), due_of("T-01"), visit.at, item))'
    )

    assert expression.names() == {"visit.at", "item"}
    assert expression.calls() == {"hours", "earlier", "done_at", "due_of"}
    assert expression.literal_calls() == {("done_at", "sign_receipt"), ("due_of", "T-01")}
    assert not expression.literal_problems()


@pytest.mark.parametrize(
    ("text", "correction"),
    [
        ("PT3H", "hours(3)"),
        ('"PT3H"', "hours(3)"),
        ("P2D", "days(2)"),
        ("P1W", "days(7)"),
        ("P3M", "months(3)"),
        ("P1Y", "months(12)"),
        ("PT1H30M", "minutes(90)"),
        ("P1DT2H", "hours(26)"),
        ("hours(PT3H)", "hours(3)"),
        ("visit.done == true", "True"),
    ],
)
def test_what_is_surely_not_meant_is_corrected(text: str, correction: str) -> None:
    (problem,) = expressions.compile(text).literal_problems()

    assert problem.reason == "expression.write_instead"
    assert problem.parameters["correction"] == correction


def test_weekdays_and_times_are_checked_before_they_are_used() -> None:
    problems = expressions.compile('next_slot("thurs", "1:30", "24:00")').literal_problems()

    assert [problem.reason for problem in problems] == ["expression.not_a_weekday"] + ["expression.not_a_time"] * 2
    assert not expressions.compile('monthly(25, "10:30")').literal_problems()
    assert [p.reason for p in expressions.compile("monthly(32)").literal_problems()] == ["expression.out_of_range"]


def test_only_the_branch_that_is_taken_is_evaluated() -> None:
    assert value("1 if True else no_such_name") == 1
    assert value("False and no_such_name") is False
    assert value("True or no_such_name or no_such_name") is True
    assert value("1 > 2 > no_such_name") is False


def test_an_expression_is_read_once() -> None:
    text = 'register_complaint.severity == "ordinary"'

    assert expressions.compile(text) is expressions.compile(text)
