"""Every screen of the studio's editors speaks Chinese; what stands in Latin letters is named in studio_room.ALLOWED."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from engine.service_tasks import registry
from engine.workflow.lint.folder import files_of
from tests.web import stage
from tests.web.browser.studio_room import entered, not_chinese
from tests.web.conftest import Office

PROCEDURE = "complaint-intake"
QUOTED, WORD = re.compile(r'"([^"<>]*)"'), re.compile("[A-Za-z_][A-Za-z0-9_]*")


@pytest.fixture
def room(office: Office, page: Page) -> Iterator[str]:
    with entered(office, page, PROCEDURE) as studio:
        yield f"{studio}/{PROCEDURE}"


@pytest.mark.parametrize("where", ["forms", "decisions", "documents", "parameters"])
def test_the_lists_and_the_parameters(page: Page, room: str, where: str) -> None:
    page.goto(f"{room}/{where}")

    for summary in page.locator("summary:visible").all():
        summary.click()

    assert not_chinese(page) == []


def test_the_form_editor_with_a_field_of_every_kind(page: Page, room: str) -> None:
    page.goto(f"{room}/forms")
    page.locator("summary").first.click()
    page.fill("#add-name", "all_kinds")
    page.fill("#add-title", "各种字段")
    page.locator(".rf-panel button").first.click()
    canvas = page.locator("[data-form-canvas][data-ready]")
    expect(canvas).to_be_visible()
    found = set(not_chinese(page))

    kinds = page.locator(".fjs-palette-field")
    expect(kinds).to_have_count(11)
    for number in range(11):
        kinds.nth(number).focus()
        page.keyboard.press("Enter")
        found |= set(not_chinese(page))
        fields = page.locator(".fjs-form-container .fjs-element[data-field-type]:not([data-field-type=default])")
        expect(fields).to_have_count(number + 1)
        fields.nth(number).click(position={"x": 4, "y": 4})
        found |= set(not_chinese(page))

    assert found == set()
    expect(page.locator(".fjs-powered-by")).to_have_count(1)


def test_the_preview_of_a_form(page: Page, room: str) -> None:
    page.goto(f"{room}/forms/classify_complaint/preview")

    assert not_chinese(page) == []


def test_the_decision_table_with_its_menus(page: Page, room: str) -> None:
    page.goto(f"{room}/decisions/complaint_path")
    expect(page.locator("[data-decision-canvas][data-ready]")).to_be_visible()
    found = set(not_chinese(page))

    for place in ("td.input-cell", "td.output-cell", "th.input-cell", "th.output-cell"):
        page.locator(place).first.click(button="right")
        found |= set(not_chinese(page))
        page.keyboard.press("Escape")
    for place in ("th.input-cell", "th.output-cell"):
        page.locator(place).first.dblclick()
        found |= set(not_chinese(page))
        page.keyboard.press("Escape")
    page.locator(".hit-policy-edit-policy-select").click()
    found |= set(not_chinese(page))

    assert found == set()
    expect(page.locator(".powered-by, .bjs-powered-by, .dmn-js-parent svg").first).to_be_visible()


def test_the_paper_s_editor(page: Page, room: str) -> None:
    page.goto(f"{room}/documents/problem-sheet")
    expect(page.locator("[data-paper-pages] img").first).to_be_visible()

    assert not_chinese(page) == []


def test_the_diagram_s_editor_with_everything_selected_in_turn(office: Office, page: Page, room: str) -> None:
    page.goto(f"{room}/")
    expect(page.locator(".djs-element[data-element-id=classify_complaint]")).to_be_visible()
    found = set(not_chinese(page))

    page.locator("[data-do=fit]").click()
    middles = page.locator(".djs-shape[data-element-id] > .djs-visual").evaluate_all(
        """all => all.map((one) => one.getBoundingClientRect())
        .map((box) => [box.x + box.width / 2, box.y + box.height / 2])"""
    )
    for x, y in middles:
        page.mouse.click(x, y)
        found |= set(not_chinese(page))

    # inputs, results and answers have no name but their id: what stands between quotes here and in what is called
    registry.load()
    files = files_of(stage.ROOT / "processes" / PROCEDURE, stage.ROOT / "forms", calls=True).values()
    ids = {word for file in files for quoted in QUOTED.findall(file.decode()) for word in WORD.findall(quoted)}
    ids |= {name for one in registry.OPERATIONS.values() for name in one.results or ()}
    assert len(middles) > 20
    assert {text for text in found if set(WORD.findall(text)) - ids} == set()
