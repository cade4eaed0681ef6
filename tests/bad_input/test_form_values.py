"""Values that a form does not take: every one is named with its field, and nothing is written."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from engine.actor import Actor
from engine.commands.complete_task import CompleteTask
from engine.commands.start_process import StartProcess
from engine.errors import EngineError, FormRejected
from engine.executor import Engine
from engine.messages import say
from tests.bad_input.conftest import MORNING, Open
from tests.bad_input.untouched import nothing_changes
from tests.factories import CALL, SPECIALIST

SETTLED: dict[str, Any] = {"result": "settled"}
FILE = {"digest": "ab" * 32, "name": "墙面.jpg", "size": 7, "type": "image/jpeg"}
WRONG: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    ("missing", {"result": None}, {"result": "form.required"}),
    ("blank", {"result": "  "}, {"result": "form.required"}),
    ("not an option", {"result": "both"}, {"result": "form.option"}),
    ("another kind", {"result": {"$ne": 1}}, {"result": "form.option"}),
    ("twice", {"result": ["settled", "open"]}, {"result": "form.duplicate"}),
    ("too long", {"words": "长" * 2001}, {"words": "form.too_long"}),
    ("a NUL", {"words": "a\0b"}, {"words": "form.unreadable"}),
    ("a lone surrogate", {"words": "a\ud800b"}, {"words": "form.unreadable"}),
    ("unknown", {"colour": "red"}, {"colour": "form.unknown"}),
    ("of the class", {"__class__": "x", "revision": "1"}, {"__class__": "form.unknown", "revision": "form.unknown"}),
    ("no number", {"visits": "two"}, {"visits": "form.number"}),
    ("out of range", {"visits": 10}, {"visits": "form.range"}),
    ("not whole", {"visits": 1.5}, {"visits": "form.type"}),
    ("a yes", {"visits": True}, {"visits": "form.type"}),
    ("huge", {"visits": 10**400}, {"visits": "form.range"}),
    ("not a number", {"cost": "NaN"}, {"cost": "form.number"}),
    ("exponent", {"cost": "1e999999999"}, {"cost": "form.number"}),
    ("too many places", {"cost": "1.005"}, {"cost": "form.decimals"}),
    ("no instant", {"done_at": "2025-02-30T10:00"}, {"done_at": "form.not_a_datetime"}),
    ("year one", {"done_at": "0001-01-01T00:00"}, {"done_at": "form.not_a_datetime"}),
    ("the future", {"done_at": "2025-09-26T09:01"}, {"done_at": "form.in_future"}),
    ("before the case", {"done_at": "2025-09-26T08:59"}, {"done_at": "form.too_early"}),
    ("no phone", {"contact": "javascript:1"}, {"contact": "form.phone"}),
    ("no file", {"photos": [{"digest": "../../etc/passwd"}]}, {"photos": "form.type"}),
    ("another file", {"photos": [FILE | {"name": "a.html", "type": "text/html"}]}, {"photos": "form.file_kind"}),
    ("repeated", {"causes": ["crew", "crew"]}, {"causes": "form.repeated"}),
    ("an unknown one", {"causes": ["crew", "weather"]}, {"causes": "form.option"}),
    ("rows that are none", {"payers": "all"}, {"payers": "form.type"}),
    ("unknown column", {"payers": [{"payer": "甲", "x": "1"}]}, {"payers.0.x": "form.unknown"}),
    ("wrong in row two", {"payers": [{"share": 1}, {"share": "?"}]}, {"payers.1.share": "form.number"}),
    ("too many rows", {"payers": [{"share": 1}] * 201}, {"payers": "form.too_many"}),
]


def refused(engine: Engine, command: Any, actor: Actor = SPECIALIST) -> EngineError:
    """Carry out what must be refused without a trace; gives the error."""
    with nothing_changes(engine), pytest.raises(EngineError) as found:
        engine.execute(command, actor)
    return found.value


def says_what_to_do(code: str, parameters: Any) -> bool:
    """In both languages two sentences, the second being the way out, and no hole in them."""
    texts = [say(code, language, **parameters) for language in ("zh", "en")]
    return all("…" not in text and text != code for text in texts) and texts[0].count("。") >= 2


@pytest.mark.parametrize(("posted", "errors"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_a_wrong_value_is_named_with_its_field_and_the_way_out(
    company: Engine, strict: Callable[..., Open], posted: dict[str, Any], errors: dict[str, str]
) -> None:
    task = strict().task

    error = refused(company, CompleteTask(task_id=task, values={**SETTLED, **posted}))

    assert isinstance(error, FormRejected)
    assert {field: code for field, (code, _) in error.errors.items()} == errors
    assert all(says_what_to_do(code, parameters) for code, parameters in error.errors.values())


def test_all_errors_come_at_once(company: Engine, strict: Callable[..., Open]) -> None:
    posted = {"result": "?", "words": "\0", "visits": "?", "cost": "?", "done_at": "?", "more": 1}

    error = refused(company, CompleteTask(task_id=strict().task, values=posted))

    assert isinstance(error, FormRejected) and error.errors.keys() == posted.keys()


def test_a_start_form_is_checked_alike_and_no_number_is_used_up(company: Engine, opened: Open) -> None:
    for posted, field in (({}, "caller"), (CALL | {"severity": "?"}, "severity"), (CALL | {"x": 1}, "x")):
        error = refused(company, StartProcess(procedure="one-task", values=posted))
        assert isinstance(error, FormRejected) and field in error.errors

    done = company.execute(StartProcess(procedure="one-task", values=CALL), SPECIALIST)
    assert done.body["key"] == "YB-2025-0002"


def test_a_typed_time_may_be_any_minute_from_the_start_to_now(company: Engine, strict: Callable[..., Open]) -> None:
    typed = {"done_at": "2025-09-26T09:00"}

    done = company.execute(CompleteTask(task_id=strict().task, values=SETTLED | typed), SPECIALIST)

    assert done.body["typed_at"] == MORNING.isoformat()


def test_a_task_that_may_not_be_completed_yet_says_from_when(company: Engine, strict: Callable[..., Open]) -> None:
    error = refused(company, CompleteTask(task_id=strict(too_early_until="hours(1)").task, values=SETTLED))

    assert (error.code, error.context["until"]) == ("task.too_early", MORNING + timedelta(hours=1))
    assert say(error.code, "zh", **error.context).startswith("2025-09-26 10:00")
