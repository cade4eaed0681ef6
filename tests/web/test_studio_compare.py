"""The comparison: what changes in sentences and on the diagram, whom it concerns, and where it is decided."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import lxml.html
import pytest
from playwright.sync_api import Page, expect

from engine import clock
from engine.actor import PROCESS_OWNER
from engine.commands.deploy_procedure import DeployProcedure
from engine.commands.open_draft import OpenDraft
from engine.commands.save_draft_file import SaveDraftFile
from engine.stories import company
from engine.studio import drafts
from engine.workflow.drawing import draw
from tests.web import look, stage
from tests.web.browser.conftest import AXE, STANDARD
from tests.web.conftest import Office

ROOM = "/studio/complaint-round/compare"
DIAGRAM = "complaint-round.bpmn"
APPROVAL = (
    '<bpmn:userTask id="approve_solution" name="审批方案"><bpmn:extensionElements><spiffworkflow:properties>'
    '<spiffworkflow:property name="candidate" value="group(input.lead_rd)"/><spiffworkflow:property name="form" '
    'value="complaint-round/file_solution"/></spiffworkflow:properties></bpmn:extensionElements></bpmn:userTask>'
)

ON = '<bpmn:sequenceFlow id="approve_solution_on" sourceRef="approve_solution" targetRef="report_feedback"/>'


def owners(office: Office) -> list[str]:
    return [login for login, actor in office.people.items() if PROCESS_OWNER in actor.roles]


def save(office: Office, path: str, *pairs: tuple[str, str], procedure: str = "complaint-round") -> None:
    """Change a file of the draft, which is opened where there is none."""
    actor = office.people[owners(office)[0]]
    office.engine.execute(OpenDraft(procedure=procedure), actor)
    with office.engine.read() as connection:
        file = drafts.file(connection, drafts.require(connection, procedure).id, path)
    assert file is not None
    text = bytes(file.content).decode()
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    content = draw(text.encode()) if path.endswith(".bpmn") else text.encode()
    office.engine.execute(
        SaveDraftFile(procedure=procedure, path=path, content=content, revision=int(file.revision)), actor
    )


def changed(office: Office) -> None:
    """A draft with an approval behind the solution, eight working hours for it, and a field that is asked otherwise."""
    save(
        office,
        DIAGRAM,
        ("hours(parameter(&quot;solution_hours&quot;), after=input.anchor)", "working_hours(8, after=input.anchor)"),
        ('<bpmn:userTask id="file_solution"', APPROVAL + '<bpmn:userTask id="file_solution"'),
        (
            'sourceRef="file_solution" targetRef="report_feedback"',
            'sourceRef="file_solution" targetRef="approve_solution"',
        ),
        ('<bpmn:sequenceFlow id="t03_to', ON + '<bpmn:sequenceFlow id="t03_to'),
        ("<bpmn:flowNodeRef>t03<", "<bpmn:flowNodeRef>approve_solution</bpmn:flowNodeRef><bpmn:flowNodeRef>t03<"),
    )


def text(office: Office, address: str, login: str | None = None, status: int = 200) -> str:
    answer = office.visit(login or owners(office)[0]).get(address)
    assert answer.status_code == status
    return " ".join(str(lxml.html.fromstring(answer.text).text_content()).split())


def test_the_draft_is_compared_with_what_is_in_force_in_sentences(office: Office):
    changed(office)

    shown = text(office, ROOM)

    assert "3 处改动" in shown and "新增 1" in shown and "修改 1" in shown and "删除 1" in shown
    assert "步骤「制定方案」的时限由 24 小时改为 8 工作小时" in shown
    assert "「制定方案」之后新增步骤「审批方案」，由「投诉界定」所填「牵头部门」办理，之后到「报客服备案」" in shown
    assert "不再从「制定方案」直接到「报客服备案」" in shown
    assert "提请审批" in shown and "提请人不能审批自己的改动" in shown


def test_sentences_of_forms_and_figures_stand_in_groups_of_their_own(office: Office):
    save(office, "procedure.toml", ("value = 24", "value = 8"))
    save(office, "forms/complaint-round/visit_or_explain.json", ('"label": "', '"label": "新'))

    shown = text(office, ROOM)

    assert "流程图 1 修改 步骤「制定方案」的时限由 24 小时改为 8 小时" in shown
    assert "参数和设置 1 修改 参数「报解决方案」由 24 小时改为 8 小时" in shown
    assert "表单" in shown and "改名为「新" in shown


def test_the_page_says_which_running_cases_stay_as_they_are(office: Office):
    stage.start(office.engine, office.people)
    save(office, "procedure.toml", ("value = 24", "value = 8"))

    assert "正在办理的 1 件「客户投诉处理」里有它，仍按原来的办完" in text(office, ROOM)
    assert "1 件用第 1 版" in _of_the_case(office)


def _of_the_case(office: Office) -> str:
    save(office, "procedure.toml", ("value = 2,", "value = 3,"), procedure="complaint-handling")
    return text(office, "/studio/complaint-handling/compare")


def test_two_versions_can_be_compared_in_both_directions(office: Office):
    files = dict(next(one for one in stage.deployments() if DIAGRAM in one))
    files["procedure.toml"] = files["procedure.toml"].replace(b"value = 24", b"value = 8")
    office.engine.execute(DeployProcedure(files=files), company.OPERATOR)

    assert "由 24 小时改为 8 小时" in text(office, ROOM), "without a draft, the last two versions"
    assert "由 8 小时改为 24 小时" in text(office, f"{ROOM}?from=2&to=1")
    assert "两边说的一样" in text(office, f"{ROOM}?from=1&to=1")
    assert "提请审批" not in text(office, ROOM)


@pytest.mark.parametrize("address", [f"{ROOM}?to=9", f"{ROOM}?from=x", f"{ROOM}?to=draft", "/studio/no-such/compare"])
def test_what_is_not_there_is_not_found(office: Office, address: str):
    text(office, address, status=404)


def test_the_comparison_is_for_owners(office: Office):
    text(office, ROOM, login="chen_siyu", status=403)


# In the browser


@pytest.fixture
def compared(office: Office, page: Page) -> Iterator[Page]:
    """An owner before the comparison of a draft."""
    with clock.hold(stage.NOW - timedelta(minutes=5)):
        changed(office)
    server = look.serve(office.engine)
    root = f"http://127.0.0.1:{server.port}"
    page.goto(f"{root}/login")
    number = office.people[owners(office)[0]].key.removeprefix("person:")
    page.locator(f"button[name=person][value='{number}']").click()
    page.goto(root + ROOM)
    page.locator("[data-compare=shown]").wait_for()
    yield page
    server.shutdown()
    server.server_close()


def shape(page: Page, element: str, mark: str) -> Any:
    return page.locator(f"[data-compare-canvas=after] .djs-element.{mark}[data-element-id={element}]")


@pytest.mark.parametrize("view", [look.DESK, look.PHONE], ids=["desk", "phone"])
def test_shapes_are_marked_with_pills_and_a_sentence_brings_its_shape(compared: Page, view: Any):
    compared.set_viewport_size(view)

    for element, mark in (
        ("approve_solution", "add"),
        ("approve_solution_on", "add"),
        ("file_solution", "chg"),
        ("t03", "chg"),
    ):
        expect(shape(compared, element, mark)).to_have_count(1)
    expect(compared.locator(".rf-pill-add")).to_have_text("新增")
    expect(compared.locator(".rf-pill-chg")).to_have_text("24 小时 → 8 工作小时")
    expect(compared.locator(".rf-pill-rem")).to_have_text("删除")
    expect(compared.locator("[data-ghost]")).to_have_count(1)
    expect(compared.locator("[data-compare-old]")).to_be_hidden()

    button = compared.get_by_role("button", name="新增步骤「审批方案」")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    canvas = compared.locator("[data-compare-canvas=after]").bounding_box()
    found = shape(compared, "approve_solution", "add").bounding_box()
    assert canvas and found
    for start, length in (("x", "width"), ("y", "height")):
        assert abs(found[start] + found[length] / 2 - canvas[start] - canvas[length] / 2) < 30
    assert compared.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_was_removed_is_shown_where_it_stood(compared: Page):
    compared.goto(compared.url + "?from=draft&to=1")
    compared.locator("[data-compare=shown]").wait_for()

    expect(compared.locator("[data-compare-old]")).to_be_visible()
    gone = compared.locator("[data-compare-canvas=before] .djs-element.rem[data-element-id=approve_solution]")
    expect(gone).to_have_count(1)
    expect(compared.locator("[data-compare-canvas=before] .rf-pill-rem")).to_have_text("删除")


def test_the_comparison_is_for_everybody(compared: Page):
    compared.evaluate(AXE.read_text("utf-8"))
    found = compared.evaluate("rules => axe.run(document, {runOnly: rules})", STANDARD)["violations"]

    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []
