"""The editors of forms, tables and papers at work: what is changed is kept, and problems stand where they are."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.browser.conftest import AXE, STANDARD
from tests.web.browser.studio_room import content, entered
from tests.web.conftest import Office

PROCEDURE = "complaint-intake"
FORM = f"forms/{PROCEDURE}/classify_complaint.json"
SAVED = re.compile("saved")
RED = re.compile(r"rgb\(176, 42, 28\)")


@pytest.fixture
def room(office: Office, page: Page) -> Iterator[str]:
    with entered(office, page, PROCEDURE) as studio:
        yield f"{studio}/{PROCEDURE}"


def ready(page: Page, address: str) -> list[str]:
    """Open an editor; what the browser complains of."""
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(address)
    expect(page.locator("[data-ready]")).to_be_attached()
    return problems


def saved(page: Page) -> None:
    """Save at once, and wait until it is done."""
    with page.expect_response(lambda answer: answer.url.endswith("/file") and answer.request.method == "POST"):
        page.keyboard.press("Control+s")
    expect(page.locator("[data-saving]")).to_have_attribute("data-saving-state", SAVED)


def test_a_changed_label_is_kept_and_the_rest_of_the_form_too(office: Office, page: Page, room: str) -> None:
    before = json.loads(content(office, PROCEDURE, FORM))
    problems = ready(page, f"{room}/forms/classify_complaint")

    page.locator(".fjs-element[data-id=c1]").click(position={"x": 4, "y": 4})
    page.get_by_label("名称", exact=True).fill("严重到什么程度")
    saved(page)

    after = json.loads(content(office, PROCEDURE, FORM))
    assert after["components"][0].pop("label") == "严重到什么程度"
    assert after["components"][0] == {k: v for k, v in before["components"][0].items() if k != "label"}
    assert {**after, "components": after["components"][1:]} == {**before, "components": before["components"][1:]}
    assert problems == []


def test_a_new_field_has_its_problems_until_they_are_mended(office: Office, page: Page, room: str) -> None:
    ready(page, f"{room}/forms/classify_complaint")
    page.locator(".fjs-palette-field[data-field-type=radio]").focus()
    page.keyboard.press("Enter")
    saved(page)
    problem = page.locator("li.rf-problem-error .rf-problem-target").first
    expect(problem).to_contain_text("英文")

    problem.click()  # it leads to its field
    key = page.get_by_label("标识", exact=True).last
    expect(page.locator("[data-form-panel] h2")).to_have_text("单选")
    page.get_by_label("英文名称", exact=True).fill("Heard")
    for row, name in enumerate(("显示的文字", "标识", "英文")):
        page.locator(".rf-fields-choice input").nth(row).fill(("听说", "heard", "heard")[row])
        assert page.locator(".rf-fields-choice input").nth(row).get_attribute("aria-label") == name
    key.fill("heard_of")
    saved(page)

    expect(page.locator("li.rf-problem-error")).to_have_count(0)
    new = json.loads(content(office, PROCEDURE, FORM))["components"][-1]
    assert new == {
        "type": "radio",
        "id": new["id"],
        "key": "heard_of",
        "label": "单选",
        "values": [{"label": "听说", "value": "heard", "label_en": "heard"}],
        "properties": {"label_en": "Heard"},
    }


def test_a_rule_and_its_message_are_kept_and_undone(office: Office, page: Page, room: str) -> None:
    before = content(office, PROCEDURE, FORM)
    ready(page, f"{room}/forms/classify_complaint")

    page.get_by_label("必须成立").first.fill("severity != None")
    saved(page)
    rule = json.loads(content(office, PROCEDURE, FORM))["rules"][0]
    page.locator("[data-form-do=undo]").click()
    saved(page)

    assert rule == json.loads(before)["rules"][0] | {"check": "severity != None"}
    assert content(office, PROCEDURE, FORM) == before


def test_the_preview_shows_what_was_just_changed_at_both_widths(page: Page, room: str) -> None:
    ready(page, f"{room}/forms/classify_complaint")
    page.locator(".fjs-element[data-id=c1]").click(position={"x": 4, "y": 4})
    page.get_by_label("名称", exact=True).fill("严重到什么程度")

    page.locator("[data-form-preview]").click()

    for frame in page.locator("iframe").all():
        expect(frame.content_frame.get_by_text("严重到什么程度")).to_be_visible()
    widths = [frame.bounding_box() or {} for frame in page.locator("iframe").all()]
    assert widths[0]["width"] > 600 > 400 > widths[1]["width"]


def test_a_cell_that_does_not_parse_is_marked_until_it_is_mended(office: Office, page: Page, room: str) -> None:
    problems = ready(page, f"{room}/decisions/complaint_path")
    cell = page.locator("td.input-cell").nth(1)
    cell.click()
    page.keyboard.type(">= ")
    saved(page)

    expect(page.locator("li.rf-problem-error")).to_contain_text("第 1 行")
    expect(cell).to_have_css("box-shadow", RED)
    expect(page.locator("td.input-cell").nth(0)).not_to_have_css("box-shadow", RED)

    cell.click()
    page.keyboard.press("Control+a")
    page.keyboard.type('"repair"')
    saved(page)
    expect(page.locator("li.rf-problem-error")).to_have_count(0)
    expect(cell).not_to_have_css("box-shadow", RED)
    assert '<text>"repair"</text>' in content(office, PROCEDURE, "complaint_path.dmn").replace("&#34;", '"')
    assert problems == []


def test_only_the_hit_policies_that_the_engine_knows_can_be_chosen(page: Page, room: str) -> None:
    ready(page, f"{room}/decisions/complaint_path")

    page.locator(".hit-policy-edit-policy-select").click()

    assert page.locator(".dms-input-select-option, .options .option").all_inner_texts() == [
        "只命中一行",
        "取第一行",
        "全部收集",
    ]


def test_a_paper_is_set_while_it_is_written_and_its_fault_stands_at_its_line(page: Page, room: str) -> None:
    ready(page, f"{room}/documents/problem-sheet")
    expect(page.locator("[data-paper-pages] img").first).to_be_visible()
    text = page.locator("[data-paper-text]")
    good = text.input_value()

    text.fill("= 单子\n\n#nothing")
    saved(page)
    expect(page.locator("[data-paper-state]")).to_contain_text("第 3 行")
    expect(page.locator("[data-paper-lines] b")).to_have_text("3")

    text.fill(good)
    saved(page)
    expect(page.locator("[data-paper-state]")).to_have_text("用一个虚构的案件排版")
    expect(page.locator("[data-paper-lines] b")).to_have_count(0)


@pytest.mark.parametrize("where", ["forms", "forms/classify_complaint", "parameters", "documents/problem-sheet"])
def test_what_is_ours_can_be_used_by_everyone(page: Page, room: str, where: str) -> None:
    page.goto(f"{room}/{where}")
    page.wait_for_load_state("networkidle")
    page.evaluate(AXE.read_text(encoding="utf-8"))

    options: dict[str, Any] = {"runOnly": STANDARD}
    found = page.evaluate(
        "(options) => axe.run({exclude: [['[data-form-canvas]']]}, options).then((one) => one.violations)", options
    )

    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
