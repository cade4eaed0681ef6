"""案件回放: what the page says of each step, and who may open it."""

import re

from lxml import html

from engine.db import append_only
from tests.web.conftest import Office
from tests.web.test_cases import signed_case


def page(office: Office, case: str, who: str | None = None, **query: str) -> str:
    answer = office.visit(who or auditor(office)).get(f"/audit/replay/{case}", query_string=query)
    assert answer.status_code == 200
    return answer.text


def auditor(office: Office) -> str:
    return next(login for login, one in office.people.items() if "auditor" in one.roles)


def said(text: str) -> str:
    tree = html.fromstring(text)
    for script in tree.iter("script"):
        script.text = ""
    return re.sub(r"\s+", " ", " ".join(tree.find(".//main").itertext())).strip()


def test_the_list_tells_every_step_and_leads_to_it_without_a_script(office: Office) -> None:
    text = page(office, signed_case(office))

    links = html.fromstring(text).xpath("//ol[@data-replay-events]//a")
    assert [re.sub(r"^.*step=", "", link.get("href")) for link in links] == ["1", "2", "3", "4", "5", "6"]
    assert "陈思雨 登记了本案" in said(text)
    assert "「回电核实」超时（T-02）" in said(text)


def test_a_step_says_what_it_changed_and_how_much_time_was_left_then(office: Office) -> None:
    text = said(page(office, signed_case(office), step="2"))

    assert "第 2 步 / 6" in text
    assert "投诉界定 · 投诉类型 未填 工程投诉" in text
    assert "还剩 2 小时 50 分 三小时内转交签收 T-01" in text


def test_a_number_to_call_stays_masked(office: Office) -> None:
    text = page(office, signed_case(office))

    assert "000****0001" in text
    assert "000-1000-0001" not in text


def test_a_record_that_goes_another_way_is_said_and_not_drawn(office: Office) -> None:
    case = signed_case(office)
    with office.engine.store.write() as connection:
        for drop in append_only.drop_statements(office.engine.store.dialect):
            connection.exec_driver_sql(drop)
        connection.exec_driver_sql(f"UPDATE command SET actor = 'person:3' WHERE seq = 4 AND stream = '{case}'")
        connection.exec_driver_sql(f"UPDATE command SET state_digest = x'00' WHERE seq = 5 AND stream = '{case}'")
        connection.commit()

    text = page(office, case)

    assert "从第 5 步起，记录与重算对不上" in text
    assert "replay.js" not in text and "data-replay-canvas" not in text


def test_auditors_find_the_replay_on_the_page_of_the_case_and_staff_do_not(office: Office) -> None:
    case = signed_case(office)

    assert f'href="/audit/replay/{case}"' in office.visit(auditor(office)).get(f"/cases/{case}").text
    assert "/audit/replay/" not in office.visit("lin_xiaomei").get(f"/cases/{case}").text
    assert office.visit("lin_xiaomei").get(f"/audit/replay/{case}").status_code == 403


def test_the_page_draws_under_the_policy_of_canvases(office: Office) -> None:
    answer = office.visit(auditor(office)).get(f"/audit/replay/{signed_case(office)}")

    assert "style-src 'self' 'unsafe-inline'" in answer.headers["Content-Security-Policy"]
    assert "script-src" not in answer.headers["Content-Security-Policy"]  # default-src 'self' holds for scripts
