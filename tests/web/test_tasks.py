"""One task: its form is kept, submitted once, refused at the field; others are told of a lost race."""

import io
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from lxml import html

from engine import clock
from engine.commands.claim_task import ClaimTask
from engine.commands.start_process import StartProcess
from engine.db.models import user_task
from engine.queries import instance
from tests.web import stage
from tests.web.conftest import Office

HTMX = {"HX-Request": "true"}
KIND = {
    "f.severity": "ordinary",
    "f.type": "engineering",
    "f.rd_list": "engineering_dept",
    "f.lead_rd": "engineering_dept",
}


@pytest.fixture
def case(office: Office) -> str:
    return stage.start(office.engine, office.people)


@pytest.fixture
def task(office: Office, case: str) -> str:
    return stage.open_task(office.engine, case)


def hidden(page: str) -> dict[str, str]:
    """What the form of a page sends by itself."""
    form = html.fromstring(page).get_element_by_id("task-form")
    return {one.get("name"): one.get("value") or "" for one in form.xpath("./input[@type='hidden']")}


def row(office: Office, task: str):
    with office.engine.read() as connection:
        return connection.execute(sa.select(user_task).where(user_task.c.id == task)).one()


def submit(client, task: str):
    sent = hidden(client.get(f"/tasks/{task}").text)
    return client.post(f"/tasks/{task}/complete", data=sent | KIND)


def test_the_page_says_until_when_by_which_clock_and_what_the_case_is(office: Office, task: str):
    page = office.visit("chen_siyu").get(f"/tasks/{task}").text

    assert "还剩 3 小时" in page and "今天 17:20 到期" in page and "3 小时，连续计时" in page
    assert "淋浴区六块地砖空鼓" in page
    assert "000****0001" in page and "000-1000-0001" not in page


def test_submitting_goes_on_to_the_next_task(office: Office, case: str, task: str):
    answer = submit(office.visit("chen_siyu"), task)

    following = stage.open_task(office.engine, case, "transfer_complaint")
    assert (answer.status_code, answer.location) == (303, f"/tasks/{following}?done=1")
    assert row(office, task).completed_at == stage.NOW


def test_a_second_click_gets_the_same_answer(office: Office, task: str):
    client = office.visit("chen_siyu")
    sent = hidden(client.get(f"/tasks/{task}").text) | KIND

    answers = [client.post(f"/tasks/{task}/complete", data=sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location


def test_an_error_stands_at_its_field_and_what_was_typed_stays(office: Office, task: str):
    client = office.visit("chen_siyu")
    sent = hidden(client.get(f"/tasks/{task}").text)

    answer = client.post(f"/tasks/{task}/complete", data=sent | {"f.severity": "ordinary"})

    page = html.fromstring(answer.text)
    assert answer.status_code == 422
    assert page.xpath("//*[@id='error-summary']//a[@href='#f-type']")
    assert page.get_element_by_id("f-type").get("aria-invalid") == "true"
    assert page.xpath("//input[@name='f.severity'][@value='ordinary']/@checked")
    assert row(office, task).completed_at is None


def test_who_submits_second_learns_who_was_first(office: Office, task: str):
    client = office.visit("chen_siyu")
    sent = hidden(client.get(f"/tasks/{task}").text) | KIND
    submit(office.visit("ding_nan"), task)

    answer = client.post(f"/tasks/{task}/complete", data=sent)

    assert answer.status_code == 409
    assert "这一项 今天 14:20 已由丁楠办完。" in answer.text


def test_a_changed_task_is_shown_again_with_what_was_typed(office: Office, case: str, task: str):
    client = office.visit("chen_siyu")
    sent = hidden(client.get(f"/tasks/{task}").text) | KIND
    office.engine.execute(ClaimTask(task_id=task), office.people["chen_siyu"])

    answer = client.post(f"/tasks/{task}/complete", data=sent)

    assert answer.status_code == 409
    assert "你打开以后这一项有变动" in answer.text
    assert html.fromstring(answer.text).xpath("//input[@name='f.severity'][@value='ordinary']/@checked")
    again = hidden(answer.text) | KIND
    assert client.post(f"/tasks/{task}/complete", data=again).status_code == 303


def test_a_draft_comes_back_and_shows_what_is_asked_because_of_it(office: Office, task: str):
    client = office.visit("chen_siyu")
    sent = hidden(client.get(f"/tasks/{task}").text) | KIND | {"f.severity": "medium"}

    answer = client.post(f"/tasks/{task}/draft", data=sent, headers=HTMX)

    assert "草稿已保存 今天 14:20" in answer.text
    asked = html.fromstring(answer.text).xpath("//*[@hx-swap-oob='true'][starts-with(@id, 'f-')]//textarea")
    assert len(asked) == 1
    page = html.fromstring(client.get(f"/tasks/{task}").text)
    assert page.xpath("//input[@name='f.severity'][@value='medium']/@checked")
    assert client.post(f"/tasks/{task}/draft", data=sent).location == f"/tasks/{task}"


def test_a_field_that_is_asked_because_of_an_answer_begins_with_what_is_known(office: Office):
    facts = {"person": office.people["tie_zhu"].key[7:], "rule": "P-25", "facts": "和客户争吵。", "fine": 500}
    start = StartProcess(procedure="penalty-slip", values=facts)
    case = office.engine.execute(start, office.people["chen_siyu"]).stream
    task = stage.open_task(office.engine, case, "confirm_penalty")
    client = office.visit("lin_xiaomei")
    sent = hidden(client.get(f"/tasks/{task}").text) | {"f.decision": "confirmed"}

    asked = html.fromstring(client.post(f"/tasks/{task}/draft", data=sent, headers=HTMX).text)
    opened_again = html.fromstring(client.get(f"/tasks/{task}").text)
    emptied = sent | {"f.rule": "P-25", "f.fine": ""}
    client.post(f"/tasks/{task}/draft", data=emptied | {"shown": "decision rule fine"}, headers=HTMX)
    left_empty = html.fromstring(client.get(f"/tasks/{task}").text)

    for page in (asked, opened_again):
        assert page.xpath("//select[@name='f.rule']/option[@selected]/@value") == ["P-25"]
        assert page.xpath("//input[@name='f.fine']/@value") == ["500"]
    assert left_empty.xpath("//input[@name='f.fine']/@value") == [""]


def test_a_file_of_the_draft_is_there_when_the_form_is_sent(office: Office):
    case = _verified_by_phone(office)
    task = stage.open_task(office.engine, case, "verify_with_customer")
    client = office.visit("he_zhiyuan")
    sent = hidden(client.get(f"/tasks/{task}").text)
    picture = (io.BytesIO(b"\xff\xd8\xff" + b"tiles"), "北墙.jpg")
    field = re.search(r'type="file" id="[^"]+" name="(f\.[a-z_]+)"', client.get(f"/tasks/{task}").text)[1]

    drafted = client.post(f"/tasks/{task}/draft", data=sent | {field: picture}, headers=HTMX)
    digest = html.fromstring(drafted.text).xpath(f"//input[@name='{field}'][@type='checkbox']/@value")[0]
    values = {"f.call_time": "2026-11-19T14:00", "f.facts": "六块空鼓。", "f.valid": "yes", field: digest}
    done = client.post(f"/tasks/{task}/complete", data=sent | values)

    assert done.status_code == 303
    with client.get(f"/cases/{case}/files/{digest}") as file:
        assert file.data == b"\xff\xd8\xfftiles"
        assert file.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in file.headers["Content-Security-Policy"]
    assert office.visit("tang_yi").get(f"/cases/{case}/files/{digest}").status_code == 404


def _verified_by_phone(office: Office) -> str:
    at = stage.NOW - timedelta(hours=2)
    case = stage.start(office.engine, office.people, at)
    stage.go(office.engine, office.people, case, "signed", at)
    return case


def test_handing_over_takes_the_task_off_the_list(office: Office, task: str):
    client = office.visit("chen_siyu")
    client.post(f"/tasks/{task}/claim")
    colleague = office.people["zhao_min"].key

    answer = client.post(f"/tasks/{task}/transfer", data={"to": colleague, "reason": "我下午外出"})

    assert answer.status_code == 303
    assert row(office, task).assignee == colleague
    assert "赵敏在办" in client.get(f"/tasks/{task}").text


def test_putting_back_offers_the_task_to_the_group_again(office: Office, task: str):
    client = office.visit("chen_siyu")
    client.post(f"/tasks/{task}/claim")

    assert client.post(f"/tasks/{task}/release").status_code == 303
    assert row(office, task).assignee is None


def test_a_comment_and_a_file_stand_on_the_page(office: Office, task: str):
    client = office.visit("chen_siyu")

    client.post(f"/tasks/{task}/comment", data={"text": "客户下午四点以后有空"})
    client.post(f"/tasks/{task}/files", data={"file": (io.BytesIO(b"%PDF-1.7"), "确认单.pdf")})

    page = client.get(f"/tasks/{task}").text
    assert "客户下午四点以后有空" in page and "确认单.pdf" in page


@pytest.mark.parametrize(("content", "name"), [(b"MZ", "setup.exe"), (b"<html>", "photo.jpg"), (b"", "nothing")])
def test_a_file_of_the_wrong_kind_is_refused(office: Office, task: str, content: bytes, name: str):
    answer = office.visit("chen_siyu").post(f"/tasks/{task}/files", data={"file": (io.BytesIO(content), name)})

    assert answer.status_code == 422
    kept = office.engine.settings.var / "files"
    assert not kept.exists() or [path for path in kept.rglob("*") if path.is_file()] == []


def test_a_file_that_is_too_large_is_refused(office: Office, task: str):
    office.app.config["MAX_CONTENT_LENGTH"] = 2000
    file = (io.BytesIO(b"%PDF-" + b"x" * 4000), "plan.pdf")

    answer = office.visit("chen_siyu").post(f"/tasks/{task}/files", data={"file": file})

    assert answer.status_code == 413
    assert "20 MB" in answer.text


def test_progress_is_reported_where_the_case_waits_for_it(office: Office):
    case = _verified_by_phone(office)
    verify = {"call_time": "2026-11-19T14:00", "facts": "属实。", "valid": "yes"}
    stage.do(office.engine, office.people["he_zhiyuan"], case, "verify_with_customer", stage.NOW, **verify)
    task = stage.open_task(office.engine, case)
    client = office.visit("chen_siyu")
    assert "报告进展" in client.get(f"/tasks/{task}").text

    answer = client.post(f"/tasks/{task}/progress", data={"message": "progress_note", "text": "师傅明天到场"})

    assert answer.status_code == 303
    assert "师傅明天到场" in client.get(f"/tasks/{task}").text


def test_only_who_directs_moves_a_deadline(office: Office, case: str, task: str):
    boss = next(login for login, one in office.people.items() if "administrator" in one.roles)
    with office.engine.read() as connection:
        page = instance.case_page(connection, office.people[boss], case, stage.NOW)
    data = {"timer": page.deadlines[0].timer_id, "due_at": "2026-11-20T10:00", "reason": "客户改约"}
    client = office.visit("chen_siyu")

    assert client.post(f"/tasks/{task}/reschedule", data=data).status_code == 403
    assert office.visit(boss).post(f"/tasks/{task}/reschedule", data=data).status_code == 303
    assert "明天 10:00 到期" in client.get(f"/tasks/{task}").text


def test_a_done_task_says_who_did_it(office: Office, task: str):
    submit(office.visit("chen_siyu"), task)

    with clock.hold(stage.NOW + timedelta(hours=1)):
        page = office.visit("zhao_min").get(f"/tasks/{task}").text

    assert "这一项 今天 14:20 已由陈思雨办完。" in page
    assert "task-form" not in page


def test_the_way_of_a_task_holds_on_both_stores(office_of_both: Office):
    office = office_of_both
    case = stage.start(office.engine, office.people)
    task = stage.open_task(office.engine, case)
    client = office.visit("chen_siyu")

    assert client.post(f"/tasks/{task}/claim").status_code == 303
    assert client.post(f"/tasks/{task}/comment", data={"text": "好"}).status_code == 303
    assert submit(client, task).status_code == 303
    assert row(office, task).assignee == office.people["chen_siyu"].key


def test_a_hand_over_to_nobody_keeps_what_was_typed(office: Office):
    case = _verified_by_phone(office)
    task = stage.open_task(office.engine, case, "verify_with_customer")

    answer = office.visit("he_zhiyuan").post(f"/tasks/{task}/transfer", data={"to": "", "reason": "我明天休假"})

    page = html.fromstring(answer.text)
    assert answer.status_code == 422
    assert page.xpath("//*[@aria-invalid='true']/@name") == ["to"]
    assert "选一位同事" in page.get_element_by_id("transfer-to-error").text_content()
    assert page.get_element_by_id("transfer-reason").text == "我明天休假"


def test_a_number_among_the_facts_is_shown_on_request_and_on_record(office: Office):
    case = _verified_by_phone(office)
    task = stage.open_task(office.engine, case, "verify_with_customer")
    client = office.visit("he_zhiyuan")
    page = html.fromstring(client.get(f"/tasks/{task}").text)
    (form,) = page.xpath(f"//form[@action='/tasks/{task}/numbers#facts']")
    assert stage.COMPLAINT["phone"] not in page.text_content()

    answer = client.post(f"/tasks/{task}/numbers", data=dict(form.form_values()))

    assert "000-1000-0001" in answer.text
    assert "查看了电话号码" in client.get(f"/cases/{case}?tab=history").text
    assert client.post(f"/tasks/{task}/numbers", data={"seq": "x"}).status_code == 400
    stranger = office.visit("tang_yi").post(f"/tasks/{task}/numbers", data={"seq": "1", "field": "phone"})
    assert (stranger.status_code, "000-1000-0001" in stranger.text) == (403, False)
