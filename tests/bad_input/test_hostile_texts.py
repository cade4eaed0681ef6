"""Texts that want to be something else: script, template, formula, another direction."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from engine.commands.comment import Comment
from engine.commands.complete_task import CompleteTask
from engine.commands.put_person import PutPerson
from engine.commands.save_draft import SaveDraft
from engine.db.models import submission as submission_table
from engine.errors import EngineError
from engine.executor import Engine
from tests.bad_input.browsing import Browser, submission
from tests.bad_input.conftest import Open
from tests.bad_input.untouched import nothing_changes
from tests.factories import ADMIN, SPECIALIST

Visit = Callable[..., Browser]
HOSTILE = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "{{7*7}}",
    "{% raw %}{{ config }}",
    "${7*7}#{7*7}%(name)s{0}{code!r}",
    "=cmd|' /C calc'!A0",
    "</textarea><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "javascript:alert(1)",
    "周敏 👩🏽‍🔧 𠮷野家",
    "'; DROP TABLE person; --",
    "%s%n\\x00\\u0000",
]  # fmt: skip
ACTIVE = ("<script>alert", "<img src=x", "49</", "' onmouseover='", "onerror=alert(1)>")


def harmless(page: str) -> bool:
    return not any(sign in page for sign in ACTIVE)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_kept_as_it_is_and_shown_as_text(
    company: Engine, opened: Open, visit: Visit, text: str
) -> None:
    browser = visit(1)
    started = browser.post("/start/one-task", {"f.caller": text, "f.severity": "major"})
    case = started.location.split("/")[2].split("?")[0]
    browser.post(f"/cases/{opened.case}/comment", {"text": text})
    browser.post(f"/tasks/{opened.task}/draft", submission(company, opened.task, words=text))
    company.execute(PutPerson(person_id=2, name=text), ADMIN)

    with company.read() as connection:
        kept = [str(values) for values in connection.scalars(sa.select(submission_table.c["values"]))]
    assert started.status_code == 303 and sum(text in one or repr(text) in one for one in kept) >= 2
    paths = ["/", f"/tasks/{opened.task}", "/cases", "/registers/people", "/notices", f"/cases?q={text[:5]}"]
    paths += [f"/cases/{one}?tab={tab}" for one in (case, opened.case) for tab in ("overview", "history", "forms")]
    paths += [f"/cases/{opened.case}?tab=comments"]
    for path in paths:
        answer = browser.get(path)
        assert answer.status_code == 200 and harmless(answer.text), path
    for path in ("/people", "/people/2", "/people/groups/warehouse"):
        assert harmless(visit(9).get(path).text), path


@pytest.mark.parametrize("text", ["a\0b", "a\x1bb", "a\x85b", "\ud800"], ids=["NUL", "escape", "C1", "half"])
def test_what_can_not_be_stored_is_refused_with_its_field(company: Engine, opened: Open, text: str) -> None:
    deeds = [
        (Comment(case_id=opened.case, text=text), "text"),
        (SaveDraft(task_id=opened.task, values={"words": text}), "values.words"),
        (SaveDraft(task_id=opened.task, values={text: "?"}), "values"),
        (PutPerson(person_id=2, name=text), "name"),
    ]
    for command, field in deeds:
        with nothing_changes(company), pytest.raises(EngineError) as refused:
            company.execute(command, ADMIN if command.kind == "put_person" else SPECIALIST)
        assert (refused.value.code, refused.value.context) == ("command.invalid", {"field": field})


def test_a_page_says_so_too_and_keeps_what_was_typed(company: Engine, opened: Open, visit: Visit) -> None:
    browser = visit(1)

    with nothing_changes(company):
        assert browser.post(f"/cases/{opened.case}/comment", {"text": "a\0b"}).status_code == 400
        assert browser.post("/start/one-task", {"f.caller": "a\0b", "f.severity": "major"}).status_code == 422


@pytest.mark.parametrize("text", ["\u200b", "\u202e\u2066", "\ufeff \u00ad", "\u2060\n"], ids=ascii)
def test_what_shows_nothing_is_no_answer(company: Engine, opened: Open, visit: Visit, text: str) -> None:
    browser = visit(1)

    with nothing_changes(company):
        answer = browser.post("/start/one-task", {"f.caller": text, "f.severity": "major"})
        assert answer.status_code == 422 and "这一项必填" in answer.text
        assert browser.post(f"/cases/{opened.case}/comment", {"text": text}).status_code == 400


def test_a_number_copied_with_its_direction_marks_is_a_number(company: Engine, strict: Callable[..., Open]) -> None:
    task = strict().task

    company.execute(
        CompleteTask(task_id=task, values={"result": "settled", "contact": "\u202d138 0013 8000\u202c"}), SPECIALIST
    )

    with company.read() as connection:
        rows = sa.select(submission_table.c["values"]).where(submission_table.c.element == "answer")
        assert connection.scalars(rows).one()["contact"] == "138 0013 8000"
