"""The diagram of a case in the browser: marked, fitted, with the bpmn.io mark in sight."""

from pathlib import Path

from playwright.sync_api import Page, expect

DIAGRAM = Path(__file__).with_name("case.bpmn").read_text()
BODY = """
<div data-diagram-url="/diagram.xml" data-diagram-state="case-state" data-icons="/dist/icons.svg"></div>
<script type="application/json" id="case-state">{"elements": {
  "register": {"state": "done"}, "verify": {"state": "late", "pill": "已超 35 分"}, "gone": {"state": "act"}}}</script>
<ul><li data-step="register">登记</li><li data-step="verify">核实</li></ul>
"""


def shown(site, page: Page) -> None:
    site.answers["/diagram.xml"] = DIAGRAM
    site.open(BODY, scripts=("app", "case"))
    expect(page.locator("[data-diagram-ready=shown]")).to_be_visible()


def test_a_diagram_shows_what_is_done_and_what_is_late(site, page: Page):
    shown(site, page)

    expect(page.locator(".djs-element.done[data-element-id=register]")).to_be_visible()
    expect(page.locator(".djs-element.late[data-element-id=verify]")).to_be_visible()
    expect(page.locator(".rf-pill-late")).to_have_text("已超 35 分")
    expect(page.locator(".bjs-powered-by")).to_be_in_viewport()
    assert site.problems == []


def test_a_diagram_fits_its_place(site, page: Page):
    shown(site, page)

    place = page.locator("[data-diagram-url]").bounding_box()
    for shape in page.locator(".djs-shape").all():
        box = shape.bounding_box()
        assert place["x"] <= box["x"] and box["x"] + box["width"] <= place["x"] + place["width"]
        assert place["y"] <= box["y"] and box["y"] + box["height"] <= place["y"] + place["height"]


def test_a_step_chosen_in_the_diagram_filters_the_events(site, page: Page):
    shown(site, page)

    page.locator(".djs-element[data-element-id=verify]").click()

    expect(page.get_by_text("登记", exact=True).last).to_be_hidden()
    expect(page.locator("[data-step=verify]")).to_be_visible()
