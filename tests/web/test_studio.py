"""The studio's list, versions and decisions: from a draft to a version that somebody else approved."""

from datetime import timedelta

import lxml.html
from flask.testing import FlaskClient

from engine import clock
from engine.actor import PROCESS_OWNER
from engine.commands.save_draft_file import SaveDraftFile
from engine.studio import drafts
from tests.web import stage
from tests.web.conftest import Office

ROOM = "/studio/complaint-classification"
DIAGRAM = "complaint-classification.bpmn"
TITLE = "投诉界定标准"


def visit(office: Office, who: int = 0) -> FlaskClient:
    return office.visit([login for login, actor in office.people.items() if PROCESS_OWNER in actor.roles][who])


def administrator(office: Office) -> FlaskClient:
    return office.visit(next(login for login, actor in office.people.items() if "administrator" in actor.roles))


def change(office: Office, who: int = 0, old: str = "界定严重程度", new: str = "界定投诉程度") -> None:
    """Open the draft in the browser, and save another name of its step."""
    client = visit(office, who)
    assert client.post(f"{ROOM}/open").status_code == 302
    with office.engine.read() as connection:
        draft = drafts.require(connection, "complaint-classification")
        file = drafts.file(connection, draft.id, DIAGRAM)
    assert file is not None
    content = bytes(file.content).decode().replace(old, new).encode()
    actor = [one for one in office.people.values() if PROCESS_OWNER in one.roles][who]
    saved = SaveDraftFile(
        procedure="complaint-classification", path=DIAGRAM, content=content, revision=int(file.revision)
    )
    office.engine.execute(saved, actor)


def submit(client: FlaskClient, **typed: str) -> int:
    return client.post(f"{ROOM}/submit", data={"reason": "叫法更准确。"} | typed).status_code


def digest(office: Office) -> str:
    with office.engine.read() as connection:
        found = drafts.require(connection, "complaint-classification").digest
    return bytes(found).hex()


def text(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    whole = lxml.html.fromstring(answer.get_data(as_text=True)).text_content()
    return " ".join(str(whole).split())


def test_the_list_says_what_is_in_force_what_is_changed_and_what_waits_for_me(office: Office):
    stage.start(office.engine, office.people)
    before = text(visit(office), "/studio/")
    assert TITLE in before and "第 1 版" in before and "1 件在办" in before
    assert "等我审批" not in before

    change(office)
    assert "草稿 林晓梅，今天 14:20" in text(visit(office, 1), "/studio/")
    assert submit(visit(office)) == 303

    waiting = text(visit(office, 1), "/studio/")
    assert "等我审批 1" in waiting and "叫法更准确。" in waiting
    mine = text(visit(office), "/studio/")
    assert "等待审批" in mine and "等我审批" not in mine


def test_an_owner_publishes_what_the_other_one_submitted(office_of_both: Office):
    office = office_of_both
    change(office)
    submit(visit(office))

    answer = visit(office, 1).post(f"{ROOM}/approve", data={"digest": digest(office)})

    assert (answer.status_code, answer.location) == (303, "/studio/?done=published")
    told = text(visit(office), f"{ROOM}/versions")
    assert "第 2 版 现行" in told and "叫法更准确。" in told and "林晓梅 提请，王建国 批准" in told
    caller = text(visit(office), "/studio/complaint-handling/versions")
    assert f"它调用的「{TITLE}」发布了新版本。" in caller
    assert f"「{TITLE}」第 2 版已生效。" in text(visit(office), "/notices")


def test_nobody_is_offered_to_approve_their_own_and_it_is_refused(office: Office):
    change(office)
    submit(visit(office))

    answer = visit(office).post(f"{ROOM}/approve", data={"digest": digest(office)})

    assert answer.status_code == 403
    assert "自己提请的修改要由另一位流程负责人审批。" in answer.get_data(as_text=True)
    assert "第 2 版" not in text(visit(office), f"{ROOM}/versions")


def test_an_administrator_switches_the_four_eyes(office: Office):
    assert visit(office).post("/studio/four-eyes", data={"on": ""}).status_code == 403
    assert "允许审批自己的修改" not in text(visit(office), "/studio/")

    assert administrator(office).post("/studio/four-eyes", data={"on": ""}).status_code == 303

    assert "改为由另一位审批" in text(administrator(office), "/studio/")
    change(office)
    submit(visit(office))
    assert "等我审批 1" in text(visit(office), "/studio/")
    assert visit(office).post(f"{ROOM}/approve").status_code == 303


def test_an_effective_date_in_the_past_is_said_at_its_field_with_what_was_typed(office: Office):
    change(office)

    answer = visit(office).post(f"{ROOM}/submit", data={"reason": "叫法更准确。", "effective_at": "2026-11-19T14:19"})

    page = lxml.html.fromstring(answer.get_data(as_text=True))
    field = page.get_element_by_id("decide-effective")
    assert answer.status_code == 400
    assert (field.get("value"), field.get("aria-invalid")) == ("2026-11-19T14:19", "true")
    assert "生效时间已过" in page.get_element_by_id("decide-effective-error").text_content()
    assert page.get_element_by_id("decide-reason").text_content().strip() == "叫法更准确。"


def test_a_missing_reason_is_asked_for_at_its_field(office: Office):
    change(office)

    answer = visit(office).post(f"{ROOM}/submit", data={"reason": " ", "effective_at": ""})

    page = lxml.html.fromstring(answer.get_data(as_text=True))
    assert answer.status_code == 400
    assert page.get_element_by_id("decide-reason").get("aria-invalid") == "true"
    assert submit(visit(office)) == 303
    refused = visit(office, 1).post(f"{ROOM}/return", data={"reason": ""})
    assert refused.status_code == 400
    assert lxml.html.fromstring(refused.data).get_element_by_id("return-reason").get("aria-invalid") == "true"


def test_what_was_returned_says_why(office: Office):
    change(office)
    submit(visit(office))

    assert visit(office, 1).post(f"{ROOM}/return", data={"reason": "再想想叫法。"}).status_code == 303

    assert "「投诉界定标准」的修改被退回" in text(visit(office), "/notices")
    assert "草稿" in text(visit(office), "/studio/")
    answer = visit(office).post(f"{ROOM}/submit", data={"reason": ""})
    assert "再想想叫法。" in answer.get_data(as_text=True)


def test_what_is_approved_for_later_says_when_it_takes_effect(office: Office):
    change(office)
    submit(visit(office), effective_at="2026-11-23T09:00")

    answer = visit(office, 1).post(f"{ROOM}/approve", data={"digest": digest(office)})

    assert answer.location == "/studio/?done=approved"
    assert "已批准 11月23日 周一 09:00 生效" in text(visit(office), "/studio/")
    assert "11月23日 周一 09:00 生效。" in text(visit(office), "/notices")
    with clock.hold(stage.NOW + timedelta(days=5)):  # nobody performed the job
        assert "没有发布" in text(visit(office), "/studio/")


def test_a_draft_with_problems_can_not_be_submitted_and_says_what_to_change(office: Office):
    change(office, old="decide_severity", new="decide severity")

    answer = visit(office).post(f"{ROOM}/submit", data={"reason": "叫法更准确。"})

    assert answer.status_code == 400
    assert "处必须改，改好才能发布。" in answer.get_data(as_text=True)


def test_an_earlier_version_is_offered_again_and_opens_as_a_draft(office: Office):
    change(office)
    submit(visit(office))
    visit(office, 1).post(f"{ROOM}/approve")
    assert text(visit(office), f"{ROOM}/versions").count("重新发布") == 1

    assert visit(office).post(f"{ROOM}/open", data={"version": "1"}).status_code == 302

    with office.engine.read() as connection:
        draft = drafts.require(connection, "complaint-classification")
        assert "界定严重程度" in drafts.files(connection, draft.id)[DIAGRAM].decode()
    assert "重新发布" not in text(visit(office), f"{ROOM}/versions")
    assert visit(office).post(f"{ROOM}/open", data={"version": "2"}).status_code == 409


def test_a_draft_is_dropped(office: Office):
    change(office)

    assert visit(office, 1).post(f"{ROOM}/drop").location == "/studio/?done=dropped"

    assert "现在没有人在改这个流程。" in text(visit(office), f"{ROOM}/versions")


def test_a_new_procedure_begins_as_a_draft_and_a_wrong_name_is_said_at_its_field(office: Office):
    typed = {"title": "工地回访", "procedure": "site-visit", "group": "service_specialist"}
    for wrong, said in (
        ({"procedure": "Site Visit"}, "小写字母、数字和连字符"),
        ({"procedure": "complaint-handling"}, "这个标识已经有流程在用。"),
        ({"title": ""}, "名称不超过 60 个字。"),
        ({"group": ""}, "选一个小组。"),
    ):
        answer = visit(office).post("/studio/", data=typed | wrong)
        assert answer.status_code == 422
        assert said in answer.get_data(as_text=True)

    assert visit(office).post("/studio/", data=typed).status_code == 303

    assert "工地回访site-visit 还没有发布过" in text(visit(office), "/studio/")
    assert "还没有发布过。" in text(visit(office), "/studio/site-visit/versions")
    assert text(visit(office), "/studio/nothing/versions", 404)
