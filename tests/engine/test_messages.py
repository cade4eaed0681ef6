"""Every code can be said in both languages, with the same parameters."""

import re
import string
from datetime import datetime
from pathlib import Path

import pytest

import engine
from engine import errors
from engine.clock import OFFICE
from engine.messages import MESSAGES, say


def family(error: type[errors.EngineError]) -> list[type[errors.EngineError]]:
    return [error, *(descendant for child in error.__subclasses__() for descendant in family(child))]


def parameters(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("error", family(errors.EngineError), ids=lambda error: error.__name__)
def test_every_error_can_be_said_in_both_languages(error: type[errors.EngineError]) -> None:
    chinese, english = MESSAGES[error.code]

    assert re.search("[\u4e00-\u9fff]", chinese)
    assert english.isprintable() and not re.search("[\u4e00-\u9fff]", english)


@pytest.mark.parametrize("code", MESSAGES)
def test_both_texts_use_the_same_parameters(code: str) -> None:
    chinese, english = MESSAGES[code]

    assert parameters(chinese) == parameters(english)
    assert chinese.strip() and english.strip()


def test_every_reason_of_an_expression_has_a_text() -> None:
    sources = Path(engine.__file__).parent.joinpath("workflow")
    raised = {
        reason
        for name in ("expressions.py", "functions.py")
        for reason in re.findall(r'"((?:expression|kind)\.[a-z_]+)"', (sources / name).read_text(encoding="utf-8"))
    }

    assert raised
    assert raised <= MESSAGES.keys()


def test_an_error_within_an_error_is_said_with_its_own_parameters() -> None:
    error = errors.ExpressionError("a.b < 3", 1, "expression.not_comparable", left="kind.text", right="kind.number")

    assert say(error.code, "zh_CN", **error.context) == (
        "表达式第 1 个字符处：文本和数字不能比较；文本形式的数字请用 number(…)。"
    )
    assert "text can't be compared with a number" in say(error.code, "en", **error.context)


def test_an_instant_is_said_in_office_time() -> None:
    until = datetime(2025, 9, 28, 17, 30, tzinfo=OFFICE)

    assert say("task.too_early", "zh", until=until) == "2025-09-28 17:30 之前不能完成这项任务。"


def test_what_is_missing_or_too_long_does_not_stop_the_message() -> None:
    assert say("settings.invalid", "en") == "The setting … has a value that can't be used."
    assert len(say("settings.invalid", "en", name="x" * 10_000)) < 300
    assert say("no.such_code", "zh") == "no.such_code"
