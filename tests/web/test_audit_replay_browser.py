"""案件回放 in the browser: where the tokens stand after each step, at the desk and on the phone."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from engine import clock
from engine.commands.resume_instance import ResumeInstance
from engine.commands.suspend_instance import SuspendInstance
from tests.web import look, stage
from tests.web.browser.conftest import AXE, STANDARD
from tests.web.conftest import Office
from tests.web.test_audit_replay import auditor
from tests.web.test_cases import signed_case

TOKENS = {  # step → diagram, where its tokens stand
    1: ("complaint-handling", {"intake"}),
    2: ("complaint-intake", {"transfer_complaint"}),
    4: ("complaint-intake", {"sign_receipt"}),
    6: ("complaint-resolution", {"verify_with_customer"}),
}
FIRST_PICTURE_S = 1.5
CORNERS = """() => [...document.querySelectorAll("[data-canvas]:not([hidden]) [data-token]")].map((token) => {
  const middle = (box) => [box.x + box.width / 2, box.y + box.height / 2];
  const canvas = token.closest("[data-canvas]");
  const shape = canvas.querySelector(`.djs-shape[data-element-id="${token.dataset.token}"] .djs-visual > rect`);
  const [box, [x, y]] = [shape.getBoundingClientRect(), middle(token.querySelector("circle").getBoundingClientRect())];
  return Math.max(Math.abs(x - box.x), Math.abs(y - box.y)) / box.width;
})"""


@pytest.fixture
def address(office: Office, page: Page) -> Iterator[str]:
    """Where the office is served; the auditor is logged in."""
    server = look.serve(office.engine)
    root = f"http://127.0.0.1:{server.port}"
    page.goto(f"{root}/login")
    who = office.people[auditor(office)].key.removeprefix("person:")
    page.locator(f"button[name=person][value='{who}']").click()
    yield root
    server.shutdown()
    server.server_close()


def opened(page: Page, address: str, case: str, step: int = 1) -> list[Any]:
    """Open a replay, on a phone its diagram too; what the browser complains of."""
    problems: list[Any] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{address}/audit/replay/{case}?step={step}")
    if page.viewport_size == look.PHONE:
        page.locator("[data-replay-do=diagram]").click()
    drawn(page, step)
    return problems


def drawn(page: Page, step: int) -> None:
    expect(page.locator(f"[data-replay-canvas='{step}']")).to_be_visible()


def standing(page: Page) -> set[str]:
    return {
        token.get_attribute("data-token") or ""
        for token in page.locator("[data-canvas]:not([hidden]) [data-token]").all()
    }


@pytest.mark.parametrize("view", [look.DESK, look.PHONE], ids=["desk", "phone"])
def test_the_tokens_stand_at_their_steps(office: Office, page: Page, address: str, view: Any) -> None:
    page.set_viewport_size(view)
    problems = opened(page, address, signed_case(office))

    for step, (diagram, elements) in TOKENS.items():
        page.locator(f"[data-replay-step='{step}']").click()
        drawn(page, step)
        assert page.locator("[data-canvas]:visible").get_attribute("data-canvas") == diagram
        assert standing(page) == elements
        assert max(page.evaluate(CORNERS)) < 0.05  # at the corner of its shape
        assert page.url.endswith(f"?step={step}")

    expect(page.locator(".djs-element.late[data-element-id=verify_with_customer]")).to_be_visible()
    expect(page.locator(".bjs-powered-by:visible")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert problems == []


def test_what_is_done_bears_a_tick_which_the_legend_explains(office: Office, page: Page, address: str) -> None:
    opened(page, address, signed_case(office), step=4)

    done = page.locator("[data-canvas]:not([hidden]) .djs-shape.done .djs-visual > rect").count()
    ticks = page.locator("[data-canvas]:not([hidden]) [data-tick]")
    assert 0 < ticks.count() <= done
    expect(page.locator("[data-replay-legend] li")).to_have_count(7)
    page.locator("[data-replay-step='1']").click()
    drawn(page, 1)
    expect(page.locator("[data-canvas]:not([hidden]) [data-tick]")).to_have_count(0)


def test_the_keys_of_the_player_stand_in_the_help_and_the_proof_is_one_click_away(
    office: Office, page: Page, address: str
) -> None:
    case = signed_case(office)
    opened(page, address, case)

    page.keyboard.press("?")
    expect(page.locator("dialog[data-key-help]")).to_contain_text("播放、暂停回放")
    page.keyboard.press("Escape")
    page.locator(".rf-replay-proof .btn").click()

    expect(page).to_have_url(f"{address}/audit/proof/{case}")
    expect(page.locator("main")).to_contain_text("记录完整，没有被改过")


def test_a_token_travels_along_the_flows_of_its_step(office: Office, page: Page, address: str) -> None:
    opened(page, address, signed_case(office), step=3)
    page.evaluate(
        """() => { window.seen = new Set();
        const look = (token) => seen.add(token.getAttribute("transform"));
        new MutationObserver(() => document.querySelectorAll(".rf-token").forEach(look)).observe(
        document.querySelector("[data-replay-canvas]"), {attributeFilter: ["transform"], subtree: true})}"""
    )

    page.keyboard.press("ArrowRight")
    drawn(page, 4)

    assert page.evaluate("seen.size") > 3
    passed = page.locator("[data-canvas]:visible .djs-connection.pass")
    expect(passed).to_have_count(2)
    expect(passed.first.locator(".djs-visual > path")).to_have_css("stroke-width", "3px")


def test_with_reduced_motion_the_tokens_jump(office: Office, page: Page, address: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    opened(page, address, signed_case(office), step=3)
    page.evaluate(
        """() => { window.moves = 0;
        const count = (all) => { moves += all.filter((one) => one.target.matches(".rf-token")).length; };
        new MutationObserver(count).observe(
        document.querySelector("[data-replay-canvas]"), {attributeFilter: ["transform"], subtree: true})}"""
    )

    page.keyboard.press("ArrowRight")
    drawn(page, 4)

    assert page.evaluate("moves") <= 1
    assert standing(page) == {"sign_receipt"}


def test_keys_step_jump_to_the_breach_play_and_change_the_speed(office: Office, page: Page, address: str) -> None:
    opened(page, address, signed_case(office))

    page.keyboard.press("ArrowRight")
    drawn(page, 2)
    page.keyboard.press("b")
    drawn(page, 6)
    expect(page.locator("[aria-current=step]")).to_contain_text("「回电核实」超时")
    page.keyboard.press("ArrowLeft")
    drawn(page, 5)
    for _ in range(3):
        page.keyboard.press("]")
    expect(page.locator("[data-replay-speed]")).to_have_text("8×")
    page.keyboard.press("[")
    expect(page.locator("[data-replay-speed]")).to_have_text("4×")
    page.keyboard.press("Space")
    drawn(page, 6)
    expect(page.locator("[data-replay-do=play]")).to_have_attribute("aria-label", "播放")


def test_the_data_of_a_moment_shows_what_changed_and_on_wish_all(office: Office, page: Page, address: str) -> None:
    opened(page, address, signed_case(office), step=2)
    rows = page.locator("[data-replay-rows] tr")
    changed = rows.count()

    page.locator("[data-replay-all=yes]").click()

    assert rows.count() > changed
    expect(rows.filter(has_text="投诉界定 · 投诉类型")).to_contain_text("工程投诉")
    expect(page.locator("[data-replay-clocks]")).to_contain_text("还剩 2 小时 50 分")


@pytest.mark.parametrize("view", [look.DESK, look.PHONE], ids=["desk", "phone"])
def test_the_replay_is_for_everybody(office: Office, browser: Any, view: Any) -> None:
    case = signed_case(office)
    server = look.serve(office.engine)
    root = f"http://127.0.0.1:{server.port}"
    context = browser.new_context(viewport=view, bypass_csp=True, base_url=root, locale="zh-CN")
    cookie = office.visit(auditor(office)).get_cookie("renoflow_session")
    assert cookie is not None
    context.add_cookies([{"name": "renoflow_session", "value": str(cookie.value), "url": root}])
    page = context.new_page()
    opened(page, root, case, step=2)

    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("tags => axe.run({runOnly: tags}).then(result => result.violations)", STANDARD)

    context.close()
    server.shutdown()
    server.server_close()
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []


@pytest.mark.slow
def test_a_case_with_500_events_is_soon_drawn(office: Office, page: Page, address: str) -> None:
    case = signed_case(office)
    manager = office.people["lin_xiaomei"]
    for minute in range(247):
        with clock.hold(stage.NOW + timedelta(minutes=minute)):
            office.engine.execute(SuspendInstance(case_id=case, reason="客户出差"), manager)
            office.engine.execute(ResumeInstance(case_id=case), manager)

    begun = time.perf_counter()
    opened(page, address, case, step=500)
    took = time.perf_counter() - begun

    print(f"\nfirst picture of 500 events: {took:.2f} s (target {FIRST_PICTURE_S} s)")
    expect(page.locator("[data-replay-step]")).to_have_count(500)
    assert took < 3 * FIRST_PICTURE_S
