"""跑剧本 in the editor: what passed, what did not and why, and on the diagram what was walked."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.actor import PROCESS_OWNER
from engine.settings import Settings
from engine.stories import company
from tests.engine.stories.few import PROCEDURE, two_stories
from tests.web import look
from tests.web.browser.conftest import AXE, STANDARD
from tests.web.conftest import opened

PLAYED_MS = 300_000  # two stories in a process of their own, on a machine that does other things too


@pytest.fixture
def editor(furnished: Path, tmp_path: Path, page: Page) -> Iterator[Page]:
    """An owner in the editor of a procedure with two stories."""
    shutil.copy(furnished, tmp_path / "renoflow.db")
    settings = Settings(var=tmp_path, data=two_stories(tmp_path / "data"))
    for office in opened(settings, lambda engine: company.actors(engine)):
        server = look.serve(office.engine)
        root = f"http://127.0.0.1:{server.port}"
        owner = next(login for login, actor in office.people.items() if PROCESS_OWNER in actor.roles)
        assert office.visit(owner).post(f"/studio/{PROCEDURE}/open").status_code == 302
        page.goto(f"{root}/login")
        number = office.people[owner].key.removeprefix("person:")
        page.locator(f"button[name=person][value='{number}']").click()
        page.goto(f"{root}/studio/{PROCEDURE}/")
        page.locator("[data-studio][data-ready=editor]").wait_for()
        yield page
        server.shutdown()
        server.server_close()


def complaints(page: Page) -> list[Any]:
    found: list[Any] = []
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def drawn(flow: Locator) -> tuple[str, str]:
    """The colour of a flow's line, and its dashes."""
    look_of = "path => [getComputedStyle(path).stroke, getComputedStyle(path).strokeDasharray]"
    colour, dashes = flow.locator(".djs-visual path").first.evaluate(look_of)
    return str(colour), str(dashes)


def test_the_stories_are_played_and_drawn_until_the_diagram_changes(editor: Page):
    problems = complaints(editor)

    editor.get_by_role("button", name="跑剧本").click()

    stories = editor.locator("[data-stories]")
    expect(stories).to_have_attribute("data-state", "done", timeout=PLAYED_MS)
    expect(stories.get_by_role("status")).to_contain_text("通过 1 个")
    rows = stories.locator("[data-story]")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("打开着的步骤应为「告知本人」，实际为「确认过失」")
    walked, not_walked = (editor.locator(f".djs-connection[data-element-id={key}]") for key in FLOWS)
    assert "rf-walked" in (walked.get_attribute("class") or "")
    assert "rf-unwalked" in (not_walked.get_attribute("class") or "")
    assert drawn(walked) == (GREEN, "none") and drawn(not_walked)[1] == DASHED
    assert not problems

    editor.evaluate(RENAME)

    expect(stories).to_contain_text("图改过了")
    expect(editor.locator(".rf-walked, .rf-unwalked")).to_have_count(0)
    stories.get_by_role("button", name="关闭").click()
    expect(stories).to_be_hidden()


def test_the_section_is_accessible(editor: Page):
    editor.get_by_role("button", name="跑剧本").click()
    stories = editor.locator("[data-stories]")
    expect(stories).to_have_attribute("data-state", "done", timeout=PLAYED_MS)

    editor.evaluate(AXE.read_text(encoding="utf-8"))

    found = editor.evaluate(
        "tags => axe.run('[data-stories]', {runOnly: tags}).then(result => result.violations)", STANDARD
    )
    assert not [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]


GREEN, DASHED = "rgb(28, 122, 62)", "6px, 5px"
FLOWS = ("propose_penalty_to_find_authority", "inform_employee_to_has_objection")
RENAME = """() => {
  const modeler = document.querySelector("[data-studio-canvas]").modeler;
  const step = modeler.get("elementRegistry").get("confirm_penalty");
  modeler.get("modeling").updateProperties(step, { name: "批准过失" });
}"""
