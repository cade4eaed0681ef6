"""待办: what is due when, in its group, with the words that say why it is mine."""

from datetime import timedelta

import pytest
from lxml import html

from engine import worker
from engine.commands.claim_task import ClaimTask
from tests.web import stage
from tests.web.conftest import Office

HTMX = {"HX-Request": "true"}


def rows(page: str) -> dict[str, list[str]]:
    """Group → the texts of its rows."""
    found = {}
    for section in html.fromstring(page).xpath("//section[h2[contains(@class, 'rf-group')]]"):
        name = section.find("h2").text.strip()
        found[name] = [" ".join(row.text_content().split()) for row in section.iter("li")]
    return found


def tabs(page: str) -> list[str]:
    tree = html.fromstring(page)
    return [" ".join(link.text_content().split()) for link in tree.xpath("//nav[@id='inbox-tabs']/a")]


@pytest.fixture
def afternoon(office: Office) -> Office:
    stage.fill(office.engine, office.people)
    return office


def test_tasks_stand_in_the_group_of_their_deadline(afternoon: Office):
    page = afternoon.visit("chen_siyu").get("/").text

    found = rows(page)
    assert {name: len(texts) for name, texts in found.items()} == {"已超时": 2, "今日到期": 4, "以后": 1}
    assert found["已超时"][0].startswith("已超 17 小时 昨天 21:20 到期 转交部门")
    assert "指派给我" in found["已超时"][0]
    assert "本组待签收你在「客服专员」" in found["已超时"][1]
    assert tabs(page) == ["我的 3", "本组 4", "已超时 2", "今日到期 4"]


@pytest.mark.parametrize(
    ("query", "groups"),
    [
        ("?tab=mine&group=0", {"已超时": 1, "今日到期": 2}),
        ("?tab=group", {"已超时": 1, "今日到期": 2, "以后": 1}),
        ("?tab=late", {"已超时": 2}),
        ("?tab=today", {"今日到期": 4}),
        ("?tab=nonsense", {"已超时": 2, "今日到期": 4, "以后": 1}),
    ],
)
def test_a_tab_shows_its_part(afternoon: Office, query, groups):
    page = afternoon.visit("chen_siyu").get("/" + query).text

    assert {name: len(texts) for name, texts in rows(page).items()} == groups


def test_the_switch_for_the_group_is_remembered(afternoon: Office):
    client = afternoon.visit("chen_siyu")

    client.get("/?tab=mine&group=0")

    assert sum(map(len, rows(client.get("/").text).values())) == 3


def test_a_suspended_task_waits_for_later(afternoon: Office):
    assert any("已挂起" in text for text in rows(afternoon.visit("he_zhiyuan").get("/").text)["以后"])


def test_claiming_from_the_list_gives_the_row_and_the_counts_back(office: Office):
    task = stage.open_task(office.engine, stage.start(office.engine, office.people))

    answer = office.visit("chen_siyu").post(f"/tasks/{task}/claim", headers=HTMX)

    assert "指派给我" in answer.text and "签收" not in html.fromstring(answer.text).xpath("string(//li)")
    assert tabs(answer.text)[:2] == ["我的 1", "本组 0"]
    assert "已签收，你现在有 1 项。" in answer.text


def test_claiming_without_a_script_opens_the_task(office: Office):
    task = stage.open_task(office.engine, stage.start(office.engine, office.people))

    assert office.visit("chen_siyu").post(f"/tasks/{task}/claim").location == f"/tasks/{task}"


def test_who_claims_second_is_told_who_was_first(office: Office):
    task = stage.open_task(office.engine, stage.start(office.engine, office.people))
    office.engine.execute(ClaimTask(task_id=task), office.people["ding_nan"])

    plain = office.visit("chen_siyu").post(f"/tasks/{task}/claim")
    part = office.visit("chen_siyu").post(f"/tasks/{task}/claim", headers=HTMX)

    assert (plain.status_code, part.status_code) == (409, 409)
    assert "这一项 今天 14:20 已由丁楠签收。" in plain.text and "已由丁楠签收" in part.text
    assert part.headers["HX-Retarget"] == "#notice"


def test_an_unchanged_list_is_not_sent_again(afternoon: Office):
    client = afternoon.visit("chen_siyu")
    tag = client.get("/", headers=HTMX).headers["ETag"]

    same = client.get("/", headers={**HTMX, "If-None-Match": tag})
    stage.start(afternoon.engine, afternoon.people)
    changed = client.get("/", headers={**HTMX, "If-None-Match": tag})

    assert (same.status_code, same.text) == (304, "")
    assert changed.status_code == 200


def test_a_long_list_goes_on_behind_its_last_row(office: Office):
    for number in range(32):
        stage.start(office.engine, office.people, stage.NOW - timedelta(minutes=number))
    client = office.visit("chen_siyu")

    first = client.get("/?tab=group").text
    further = html.fromstring(first).xpath("//p[@class='rf-more']/a/@href")[0]
    second = client.get(further).text

    seen = [html.fromstring(page).xpath("//li/@data-row") for page in (first, second)]
    assert (len(seen[0]), len(seen[1]), len({*seen[0], *seen[1]})) == (30, 2, 32)


def test_an_empty_list_names_the_nearest_thing_to_do(office: Office):
    stage.start(office.engine, office.people, stage.NOW - timedelta(minutes=30))

    page = office.visit("chen_siyu").get("/?tab=late").text

    assert "没有超时的事" in page
    assert "离你最近的一项是「投诉界定」" in page and "还剩 2 小时 30 分" in page


def test_nothing_at_all_is_said_kindly(office: Office):
    assert "没有你要办的事" in office.visit("tang_yi").get("/").text


def test_auditors_see_no_button_that_they_may_not_press(office: Office):
    auditor = next(login for login, one in office.people.items() if "auditor" in one.roles)

    page = office.visit(auditor).get("/").text

    assert "发起流程" not in page


def test_the_same_holds_on_both_stores(office_of_both: Office):
    stage.start(office_of_both.engine, office_of_both.people, stage.NOW - timedelta(hours=4))
    worker.run_until(office_of_both.engine, stage.NOW)
    client = office_of_both.visit("chen_siyu")

    assert tabs(client.get("/").text) == ["我的 0", "本组 1", "已超时 1", "今日到期 0"]
    assert client.get("/?tab=today").status_code == client.get("/notices").status_code == 200
    assert client.get("/registers/contracts?q=C-0").status_code == 200
