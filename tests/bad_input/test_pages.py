"""Pages under wrong input: forms, ids, cursors, addresses."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from engine.commands.complete_task import CompleteTask
from engine.commands.transfer_task import TransferTask
from engine.executor import Engine
from tests.bad_input.browsing import Browser, submission
from tests.bad_input.conftest import LEFT, Open
from tests.bad_input.untouched import contents, nothing_changes
from tests.factories import COLLEAGUE, MANAGER

Visit = Callable[..., Browser]
SETTLED = {"result": "settled"}


def test_a_wrong_form_comes_back_with_each_error_at_its_field_and_what_was_typed(
    company: Engine, strict: Callable[..., Open], visit: Visit
) -> None:
    task = strict().task
    browser, before = visit(1), contents(company)

    fields = {"result": "?", "visits": "两次", "words": "客户说<b>没事</b>", "done_at": "2025-09-26T09:01"}
    answer = browser.post(f"/tasks/{task}/complete", submission(company, task, **fields))

    assert answer.status_code == 422
    for field in ("result", "visits", "done_at"):
        assert f'id="f-{field}-error"' in answer.text
    assert "填已经发生的时间" in answer.text
    assert "客户说&lt;b&gt;没事&lt;/b&gt;" in answer.text and "两次" in answer.text
    after = contents(company)
    assert {name for name in after if after[name] != before[name]} == {"draft"}


def test_duplicate_and_unknown_inputs_are_named(company: Engine, opened: Open, visit: Visit) -> None:
    fields = {"result": ["settled", "open"], "colour": "red"}

    answer = visit(1).post(f"/tasks/{opened.task}/complete", submission(company, opened.task, **fields))

    assert answer.status_code == 422
    assert "收到了几个值" in answer.text and "没有「colour」这一项" in answer.text


def test_two_clicks_on_submit_are_one_completion(company: Engine, opened: Open, visit: Visit) -> None:
    browser, sent = visit(1), submission(company, opened.task, **SETTLED)

    first = browser.post(f"/tasks/{opened.task}/complete", sent)
    with nothing_changes(company):
        second = browser.post(f"/tasks/{opened.task}/complete", sent)

    assert (first.status_code, first.location) == (second.status_code, second.location) == (303, "/?done=1")


def test_two_clicks_on_start_are_one_case(company: Engine, opened: Open, visit: Visit) -> None:
    browser = visit(1)
    sent = {"f.caller": "林婉清", "f.severity": "major", "request_id": "ab" * 16}

    first = browser.post("/start/one-task", sent)
    with nothing_changes(company):
        second = browser.post("/start/one-task", sent)
        other = browser.post("/start/one-task", sent | {"f.caller": "别人"})

    assert first.status_code == second.status_code == 303 and first.location == second.location
    assert other.status_code == 409 and "刷新" in other.text


def test_the_slower_of_two_is_told_who_was_faster_and_when(company: Engine, opened: Open, visit: Visit) -> None:
    browser = visit(1)
    company.execute(CompleteTask(task_id=opened.task, values=SETTLED), COLLEAGUE)

    with nothing_changes(company):
        answer = browser.post(f"/tasks/{opened.task}/complete", submission(company, opened.task, result="open"))

    assert answer.status_code == 409
    assert "丁楠" in answer.text and "09:00" in answer.text


def test_a_stale_page_keeps_what_was_typed(company: Engine, opened: Open, visit: Visit) -> None:
    browser, sent = visit(1), submission(company, opened.task, words="写了很久")
    company.execute(TransferTask(task_id=opened.task, to="person:1"), MANAGER)

    with nothing_changes(company):
        answer = browser.post(f"/tasks/{opened.task}/complete", sent)

    assert answer.status_code == 409 and "写了很久" in answer.text


@pytest.mark.parametrize("revision", ["", "x", "-1", "²", "1e3", "9" * 40, "1\0"])
def test_a_page_without_its_revision_is_refused(company: Engine, opened: Open, visit: Visit, revision: str) -> None:
    browser = visit(1)
    sent = submission(company, opened.task, **SETTLED) | {"revision": revision}

    with nothing_changes(company):
        assert browser.post(f"/tasks/{opened.task}/complete", sent).status_code in (400, 409)


@pytest.mark.parametrize(("to", "status"), [(f"person:{LEFT}", 422), ("", 422), ("group:x", 422), ("person:²", 422)])
def test_a_task_goes_to_nobody_who_is_not_there(
    company: Engine, opened: Open, visit: Visit, to: str, status: int
) -> None:
    browser = visit(3)

    with nothing_changes(company):
        answer = browser.post(f"/tasks/{opened.task}/transfer", {"to": to, "reason": "代办"})

    assert answer.status_code == status and "另选一位" in answer.text


def test_another_departments_case_is_not_there_by_any_address(company: Engine, opened: Open, visit: Visit) -> None:
    company.execute(CompleteTask(task_id=opened.task, values=SETTLED), COLLEAGUE)
    browser = visit(4)
    case, task = f"/cases/{opened.case}", f"/tasks/{opened.task}"
    reads = [case, task, f"{case}/files/{'ab' * 32}", f"{case}/diagrams/one-task", f"{case}?tab=diagram"]
    writes = [f"{case}/comment", f"{case}/files", f"{case}/suspend", f"{case}/cancel", f"{task}/complete"]
    writes += [f"{task}/claim", f"{task}/draft", f"{task}/comment", f"{task}/files", f"{task}/transfer"]

    with nothing_changes(company):
        for path in reads:
            answer = browser.get(path)
            assert answer.status_code == 404 and "林婉清" not in answer.text, path
        for path in writes:
            sent: dict[str, Any] = {"text": "?", "reason": "?", "to": "person:4", "revision": "1"}
            sent["file"] = (BytesIO(b"text"), "a.txt")
            answer = browser.post(path, sent, content_type="multipart/form-data")
            assert answer.status_code in (403, 404), path
            assert "丁楠" not in answer.text, path
    assert not (company.settings.var / "files").exists()


CURSORS = ["-1", "99999999999999999999", "x", "~", "2025-01-01~" + "00" * 16, "2025-01-01T00:00:00+00:00~zz"]
CURSORS += ["0001-01-01T00:00:00+14:00~" + "00" * 16, "9999-12-31T23:59:59-14:00~" + "00" * 16, "%00", "' OR 1=1"]
CURSORS += ["2025-01-01T00:00:00+00:00~00", "2025-01-01T00:00:00+00:00~" + "0" * 4000]


def test_a_place_in_a_list_that_is_none_is_refused_or_empty(opened: Open, visit: Visit) -> None:
    browser = visit(9)
    lists = ("/?after=", "/cases?after=", "/registers/customers?after=", "/notices?before=", "/calendar?year=")

    paths = [path + cursor for path in lists for cursor in CURSORS]

    assert [path[:80] for path in paths if browser.get(path).status_code not in (200, 400)] == []


LEADS_NOWHERE = [
    "/people/99999999999999999999999",
    "/people/0",
    "/people/groups/%00",
    "/customers/%00",
    "/registers/customers/..%2f..",
    "/tasks/" + "f" * 33,
    "/tasks/" + "F" * 32,
    "/cases/" + "f" * 32 + "/files/..%2f..%2fetc",
    "/cases/" + "f" * 32 + "/diagrams/..%2f..",
    "/start/..%2f..%2fetc%2fpasswd",
    "/start/%00",
    "/static/..%2f..%2fpyproject.toml",
    "/" + "x" * 20000,
    "/?tab=" + "x" * 20000,
    "/cases?q=%00",
    "/cases?q=%ff%fe",
    "/cases?procedure=%00&status=%00",
    "/notices?before=2025-01-01",
    "/calendar?year=²",
    "/calendar?year=0",
]


def test_an_address_that_leads_nowhere_is_said_so(opened: Open, visit: Visit) -> None:
    browser = visit(9)

    assert [path[:60] for path in LEADS_NOWHERE if browser.get(path).status_code not in (200, 400, 404)] == []


def test_what_is_searched_is_taken_by_the_letter(opened: Open, visit: Visit) -> None:
    browser = visit(1)

    def finds(text: str) -> bool:
        return opened.case in browser.get("/cases", query_string={"q": text}).text

    assert finds("林婉")
    assert [text for text in ("%", "_", "%%%", "\\", "'", "林%清", "_婉清") if finds(text)] == []


SLIPS: list[tuple[str, dict[str, str]]] = [
    ("/people/99999999999999999999", {"name": "?"}),
    ("/people", {"username": "p1", "name": "重名"}),
    ("/people", {"username": "new", "name": ""}),
    ("/people", {"username": "new", "name": "x" * 5000}),
    ("/people", {"username": "new", "name": "新人", "password": "short"}),
    ("/people", {"username": "new", "name": "新人", "roles": "root"}),
    ("/people/groups", {"key": "warehouse2", "name": "仓库", "head": "²"}),
    ("/people/groups", {"key": "warehouse2", "name": "仓库", "head": "99999999999999999999"}),
    ("/people/groups", {"key": "", "name": "仓库"}),
    ("/people/groups", {"key": "../x", "name": "仓库"}),
    ("/people/groups", {"key": "x", "name": "仓库", "kind": "gang"}),
    ("/calendar", {"day": "2025-02-30", "kind": "holiday"}),
    ("/calendar", {"day": "2025-10-01", "kind": "party"}),
    ("/calendar", {"day": "0001-01-01", "kind": "holiday"}),
    ("/incidents/" + "f" * 32 + "/retry", {}),
    ("/incidents/" + "f" * 32 + "/resolve", {"reason": "?"}),
]


def test_an_administrators_slip_changes_nothing(company: Engine, opened: Open, visit: Visit) -> None:
    browser = visit(9)

    with nothing_changes(company):
        statuses = {f"{path} {data}": browser.post(path, data).status_code for path, data in SLIPS}
        assert {slip: status for slip, status in statuses.items() if status not in (400, 404, 422)} == {}
