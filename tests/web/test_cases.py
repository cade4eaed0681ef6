"""案件: who sees a case, what its page says, and what may be done about it."""

import io
import re
from datetime import timedelta

import pytest
from lxml import html

from engine import clock, worker
from engine.commands.comment import Comment
from engine.db.models import submission
from engine.queries import timeline
from engine.queries.instance import visible
from tests.web import stage
from tests.web.conftest import Office

SIGNED = stage.NOW - timedelta(hours=30)  # reported, transferred, signed; the call is overdue since six hours
KIND = {"severity": "ordinary", "type": "engineering", "lead_rd": "engineering_dept", "needs_opinion": False}


def signed_case(office: Office, **values: object) -> str:
    """A complaint whose department has signed, and whose customer was not called back in time."""
    people = office.people
    case = stage.start(office.engine, people, SIGNED, **values)
    for element, who, more in (
        ("classify_complaint", "chen_siyu", {"rd_list": ["engineering_dept"], **KIND}),
        ("transfer_complaint", "chen_siyu", {"copies_sent": True, "customer_told": True}),
        ("sign_receipt", "gao_lifeng", {"signature": True}),
    ):
        stage.do(office.engine, people[who], case, element, SIGNED + timedelta(minutes=10), **more)
    worker.run_until(office.engine, stage.NOW)
    return case


@pytest.fixture
def case(office: Office) -> str:
    return signed_case(office)


def page(office: Office, case: str, who: str = "lin_xiaomei", **query: str) -> str:
    answer = office.visit(who).get(f"/cases/{case}", query_string=query)
    assert answer.status_code == 200
    return answer.text


def state(office: Office, case: str) -> str:
    with office.engine.read() as connection:
        return str(visible(connection, office.people["lin_xiaomei"], case)["status"])


def test_the_page_says_first_who_has_it_and_that_it_is_late(office: Office, case: str) -> None:
    text = page(office, case)

    assert "工程部应在今天 08:30 前办完「回电核实」，已超 5 小时 50 分，还没有人签收。" in text
    assert text.index("工程部应在") < text.index("data-diagram-url")
    assert "办完后进入「确认成立」。" in text


def test_the_history_tells_who_did_what_and_who_was_told_of_a_breach(office: Office, case: str) -> None:
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page(office, case, tab="history")))

    assert "陈思雨 登记了本案" in text
    assert "高立峰 办完「主管签收（工程部）」" in text
    assert "「回电核实」超时（T-02） 已通知客服经理、工程部负责人" in text


def test_the_deadlines_are_kept_and_missed(office: Office, case: str) -> None:
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page(office, case)))

    assert "提前 2 小时 50 分 三小时内转交签收 T-01" in text
    assert "已超 5 小时 50 分 回电核实 T-02" in text


def test_the_diagram_that_opens_is_the_one_in_which_work_is_waited_for(office: Office, case: str) -> None:
    text = page(office, case)
    xml = office.visit("lin_xiaomei").get(f"/cases/{case}/diagrams/complaint-resolution")

    assert f'data-diagram-url="/cases/{case}/diagrams/complaint-resolution"' in text
    assert '"verify_with_customer": {"pill": "\\u5df2\\u8d85' in text
    assert (xml.mimetype, b"<bpmn:process" in xml.data) == ("application/xml", True)


@pytest.mark.parametrize("path", ["", "?tab=forms", "/diagrams/complaint-handling"])
def test_who_takes_no_part_finds_nothing(office: Office, case: str, path: str) -> None:
    assert office.visit("tang_yi").get(f"/cases/{case}{path}").status_code == 404
    assert office.visit("tang_yi").get(f"/cases/{'0' * 32}{path}").status_code == 404


@pytest.mark.parametrize(
    "deed", ["comment", "suspend", "resume", "cancel", "progress", "reschedule", "numbers", "files"]
)
def test_who_takes_no_part_does_nothing(office: Office, case: str, deed: str) -> None:
    sent = {"text": "x", "reason": "x", "message": "progress_note", "seq": "1", "field": "phone", "timer": "0" * 32}
    answer = office.visit("tang_yi").post(f"/cases/{case}/{deed}", data=sent | {"due_at": "2026-11-20T10:00"})

    assert answer.status_code in (403, 404)
    assert state(office, case) == "running"


def test_a_diagram_that_the_case_has_not_is_not_found(office: Office, case: str) -> None:
    assert office.visit("lin_xiaomei").get(f"/cases/{case}/diagrams/penalty-slip-x").status_code == 404


def test_no_part_of_the_page_shows_a_whole_number_until_it_is_asked_for(office: Office) -> None:
    case = signed_case(office, phone="13900006058")
    client = office.visit("lin_xiaomei")
    for tab in ("overview", "history", "forms", "files", "comments"):
        assert "13900006058" not in client.get(f"/cases/{case}?tab={tab}").text
    assert "139****6058" in client.get(f"/cases/{case}?tab=forms").text

    shown = client.post(f"/cases/{case}/numbers", data={"seq": "1", "field": "phone"})

    assert "13900006058" in shown.text
    with office.engine.read() as connection:
        newest = timeline.timeline(connection, visible(connection, office.people["lin_xiaomei"], case))[0]
    assert (newest.kind, newest.actor, dict(newest.body)) == (
        "show_number",
        office.people["lin_xiaomei"].key,
        {"of": 1, "field": "phone"},
    )
    assert "林晓梅 <b>查看了电话号码</b>" in page(office, case, tab="history")


def test_what_people_wrote_can_not_become_markup(office: Office) -> None:
    case = signed_case(office, customer="<img src=x onerror=alert(1)>", reason="</script><script>alert(2)</script>")
    command = Comment(case_id=case, text="<script>alert(3)</script>")
    office.engine.execute(command, office.people["lin_xiaomei"])

    for tab in ("overview", "history", "forms", "comments"):
        text = page(office, case, tab=tab)
        assert not re.search(r"<script>alert|<img src=x", text)
    assert "&lt;script&gt;alert(3)" in page(office, case, tab="comments")
    assert "<img src=x" not in office.visit("lin_xiaomei").get("/cases").text


def test_the_manager_may_suspend_and_resume_with_a_reason(office: Office, case: str) -> None:
    client = office.visit("lin_xiaomei")

    client.post(f"/cases/{case}/suspend", data={"reason": "客户出国"})

    text = page(office, case)
    assert "林晓梅挂起了本案，已挂起 不到 1 分钟，计时停止。 原因：客户出国" in text
    assert f'action="/cases/{case}/resume"' in text
    assert f'action="/cases/{case}/suspend"' not in text
    client.post(f"/cases/{case}/resume", data={"reason": "客户回来了"})
    assert state(office, case) == "running"


def test_a_cancelled_case_says_by_whom_and_why(office: Office, case: str) -> None:
    answer = office.visit("lin_xiaomei").post(f"/cases/{case}/cancel", data={"reason": "客户撤诉"})

    assert answer.status_code == 303
    text = page(office, case, "gao_lifeng")
    assert "林晓梅 今天 14:20 取消了本案。 原因：客户撤诉" in text
    assert "/cancel" not in text


def test_what_a_person_may_not_do_is_absent(office: Office, case: str) -> None:
    staff, auditor = page(office, case, "gao_lifeng"), page(office, case, "an_cha", tab="comments")

    assert "/suspend" not in staff and "/cancel" not in staff
    assert f'action="/cases/{case}/comment"' in page(office, case, "gao_lifeng", tab="comments")
    assert '<form class="rf-say"' not in auditor
    assert office.visit("gao_lifeng").post(f"/cases/{case}/suspend", data={"reason": "x"}).status_code == 403


def test_progress_is_reported_where_the_case_waits_for_it(office: Office, case: str) -> None:
    assert f'action="/cases/{case}/progress"' in page(office, case, "he_zhiyuan")

    data = {"message": "progress_note", "text": "已约客户明早上门。"}
    office.visit("he_zhiyuan").post(f"/cases/{case}/progress", data=data)

    text = page(office, case, tab="history")
    assert "何志远 <b>报告「进展已报」</b>" in text
    assert "已约客户明早上门。" in text


def test_an_appointment_is_moved_with_a_reason(office: Office) -> None:
    case = signed_case(office)
    people, engine = office.people, office.engine
    call = {"call_time": "2026-11-19T14:00", "facts": "属实", "valid": "yes"}
    stage.do(engine, people["he_zhiyuan"], case, "verify_with_customer", stage.NOW, **call)
    stage.do(engine, people["chen_siyu"], case, "confirm_validity", stage.NOW, valid="yes", reason="照片一致")
    plan = {"cannot_solve": False, "solution": "重贴", "visit": "yes", "compensation": "no"}
    stage.do(engine, people["he_zhiyuan"], case, "file_solution", stage.NOW, visit_at="2026-11-20T10:00", **plan)
    (timer,) = re.findall(r'name="timer" value="([0-9a-f]{32})"', page(office, case))

    data = {"timer": timer, "due_at": "下周一", "reason": "客户周五不在家"}
    refused = html.fromstring(office.visit("lin_xiaomei").post(f"/cases/{case}/reschedule", data=data).text)
    assert refused.xpath("//*[@aria-invalid='true']/@name") == ["due_at"]
    assert refused.get_element_by_id("move-1-reason").text == "客户周五不在家"

    data["due_at"] = "2026-11-23T15:00"
    office.visit("lin_xiaomei").post(f"/cases/{case}/reschedule", data=data)

    assert "改约到 11月23日 周一 15:00" in page(office, case, tab="history")
    assert "客户周五不在家" in page(office, case, tab="history")


def test_a_file_is_attached_and_comes_back_as_an_attachment(office: Office, case: str) -> None:
    client = office.visit("lin_xiaomei")

    client.post(f"/cases/{case}/files", data={"file": (io.BytesIO(b"%PDF-1.7"), "确认单.pdf")})

    tree = html.fromstring(page(office, case, tab="files"))  # a paper of the procedure is among the files too
    (address,) = tree.xpath("//a[contains(., '确认单.pdf')]/@href")
    with client.get(address) as answer:
        assert answer.data == b"%PDF-1.7"
        assert answer.headers["Content-Disposition"].startswith("attachment")


def test_the_list_is_searched_and_filtered(office: Office, case: str) -> None:
    other = signed_case(office, customer="许曼", reason="柜门关不严")
    client = office.visit("lin_xiaomei")
    client.post(f"/cases/{other}/suspend", data={"reason": "客户出差"})

    assert case in client.get("/cases?q=墙砖").text
    assert other not in client.get("/cases?q=墙砖").text
    assert other in client.get("/cases?status=suspended").text
    assert case not in client.get("/cases?status=suspended").text
    assert "没有找到案件" in client.get("/cases?procedure=penalty-slip").text
    assert case not in office.visit("tang_yi").get("/cases").text


def test_a_long_list_goes_on_behind_its_last_row(office: Office) -> None:
    started = [stage.start(office.engine, office.people, stage.NOW - timedelta(minutes=n)) for n in range(32)]
    client = office.visit("chen_siyu")

    first = client.get("/cases").text
    (further,) = re.findall(r'href="(/cases\?after=[^"]+)"', first)
    second = client.get(further).text

    assert [one in first for one in started] == [True] * 30 + [False] * 2
    assert [one in second for one in started] == [False] * 30 + [True] * 2
    assert client.get("/cases?after=nonsense").status_code == 400


def test_an_erased_form_says_that_it_was_deleted(office: Office, case: str) -> None:
    with office.engine.store.write() as connection:
        connection.execute(submission.update().where(submission.c.stream == case).values(values=None, salt=None))
        connection.commit()

    assert "内容已删除，提交的记录仍在。" in page(office, case, tab="forms")


def test_the_page_can_be_read_in_english(office: Office, case: str) -> None:
    client = office.visit("lin_xiaomei")
    client.set_cookie("language", "en")

    text = client.get(f"/cases/{case}").text
    history = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", client.get(f"/cases/{case}?tab=history").text))

    assert "Engineering must do “Call back to verify” by today 08:30: 5 h 50 min late, nobody has claimed it." in text
    assert "Then: “Confirm that it is founded”." in text
    assert "Complaint handling · version 1" in text
    assert "高立峰 completed “Head signs for it (Engineering)”" in history


def test_lists_and_tasks_can_be_read_in_english(office: Office, case: str) -> None:
    client = office.visit("gao_lifeng")
    client.set_cookie("language", "en")
    task = stage.open_task(office.engine, case)

    inbox, cases, page = (client.get(path).text for path in ("/", "/cases", f"/tasks/{task}"))

    for text in (inbox, cases, page):
        assert "Call back to verify" in text
        assert "Complaint handling" in text
        assert "回电核实" not in text
    assert '<option value="complaint-handling">Complaint handling</option>' in cases
    assert "Then comes “Confirm that it is founded”" in page


def test_the_clock_of_a_running_deadline_goes_on(office: Office, case: str) -> None:
    with clock.hold(stage.NOW + timedelta(hours=1)):
        assert "已超 6 小时 50 分" in page(office, case)


@pytest.mark.parametrize("deed", ["suspend", "cancel"])
def test_a_deed_without_a_reason_is_asked_for_one_at_its_field(office: Office, case: str, deed: str) -> None:
    answer = office.visit("lin_xiaomei").post(f"/cases/{case}/{deed}", data={"reason": " "})

    page = html.fromstring(answer.text)
    assert answer.status_code == 400
    (field,) = page.xpath("//*[@aria-invalid='true']")
    assert (field.get("id"), field.get("aria-describedby")) == (f"{deed}-reason", f"{deed}-reason-error")
    assert "写明原因" in page.get_element_by_id(f"{deed}-reason-error").text_content()
    assert all(box.get("open") is not None for box in field.iterancestors("details"))
    assert state(office, case) == "running"


def test_a_reason_that_is_too_long_stays_as_it_was_typed(office: Office, case: str) -> None:
    answer = office.visit("lin_xiaomei").post(f"/cases/{case}/suspend", data={"reason": "长" * 501})

    (field,) = html.fromstring(answer.text).xpath("//*[@aria-invalid='true']")
    assert (answer.status_code, field.text) == (400, "长" * 501)


def test_an_empty_comment_is_asked_for_at_its_field(office: Office, case: str) -> None:
    answer = office.visit("lin_xiaomei").post(f"/cases/{case}/comment", data={"text": "  "})

    (field,) = html.fromstring(answer.text).xpath("//*[@aria-invalid='true']")
    assert (answer.status_code, field.get("name")) == (400, "text")
