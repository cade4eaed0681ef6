"""What the small scripts do, each on a page made for it."""

import pytest
from playwright.sync_api import Page, expect

from tests.web.frontend.conftest import ORIGIN

ROWS = """
<ul id="list">
  <li data-row="1"><input type="checkbox" aria-label="选"><a data-open href="#one">回访客户</a></li>
  <li data-row="2"><input type="checkbox" aria-label="选"><a data-open href="#two">转交部门</a>
      <button data-claim>签收</button></li>
</ul>
<input data-key-search aria-label="搜索"><a data-go="c" href="#cases">案件</a>
<dialog data-key-help>键盘</dialog>
"""


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0.5, "不到 1 分钟"),
        (35.5, "还剩 35 分"),
        (125.5, "还剩 2 小时 5 分"),
        (120.5, "还剩 2 小时"),
        (60 * 27 + 0.5, "还剩 1 天 3 小时"),
        (-0.5, "刚刚超时"),
        (-130.5, "已超 2 小时 10 分"),
    ],
)
def test_the_time_left_is_counted_from_the_servers_clock(site, page: Page, minutes, words):
    now = "2026-11-19T14:20:00+08:00"
    page.clock.install(time="2026-11-19T03:00:00Z")  # the desk's clock is hours off
    page.clock.pause_at("2026-11-19T03:00:01Z")

    due = f"new Date(Date.parse('{now}') + {minutes * 60_000}).toISOString()"
    site.open(f'<p data-due-state><span data-due="{page.evaluate(due)}">–</span></p>', attributes=f'data-now="{now}"')
    page.clock.run_for(15_000)

    expect(page.locator("[data-due]")).to_have_text(words)
    expect(page.locator("[data-due-state]")).to_have_attribute("data-due-state", "late" if minutes < 0 else "")


def test_a_fold_stays_as_it_was_left(site, page: Page):
    fold = '<details data-remember="facts"><summary>客户</summary>何静怡</details>'
    site.open(fold)
    page.get_by_text("客户").click()
    expect(page.get_by_text("何静怡")).to_be_visible()

    site.open(fold)

    expect(page.get_by_text("何静怡")).to_be_visible()
    assert {cookie["name"]: cookie["value"] for cookie in page.context.cookies()} == {"remember-facts": "1"}


def test_letters_move_open_and_search(site, page: Page):
    site.open(ROWS)

    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator('[data-row="2"]')).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator('[data-row="2"] input')).to_be_checked()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{ORIGIN}/#one")
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page).to_have_url(f"{ORIGIN}/#cases")
    page.keyboard.press("/")
    expect(page.locator("[data-key-search]")).to_be_focused()


def test_letters_rest_in_fields_and_when_switched_off(site, page: Page):
    site.open(ROWS)
    page.locator("[data-key-search]").press("?")
    expect(page.locator("dialog")).to_be_hidden()
    page.evaluate("document.cookie = 'remember-keys=0'")

    page.locator("body").press("?")

    expect(page.locator("dialog")).to_be_hidden()


def test_control_enter_submits_the_task(site, page: Page):
    site.answers["/submit"] = "<h1>已提交</h1>"
    site.open('<form data-task action="/submit"><textarea aria-label="说明"></textarea></form>')

    page.get_by_label("说明").press("Control+Enter")

    expect(page.get_by_role("heading")).to_have_text("已提交")


def test_a_list_is_not_changed_under_the_hand_but_says_what_is_new(site, page: Page):
    page.clock.install()
    old = '<li data-row="1"><input type="checkbox" aria-label="选">回访客户</li>'
    site.answers["/list"] = old + '<li data-row="2">转交部门</li>'
    site.open(
        f'<p data-newer hidden><a href="#">有 <b data-newer-count></b> 项新的</a></p>'
        f'<ul id="list" data-poll hx-get="/list" hx-trigger="every 15s, refresh">{old}</ul>'
    )
    page.get_by_label("选").check()

    page.clock.run_for(16_000)

    expect(page.get_by_text("有 1 项新的")).to_be_visible()
    expect(page.locator("[data-row]")).to_have_count(1)
    page.get_by_text("有 1 项新的").click()
    expect(page.locator("[data-row]")).to_have_count(2)
    expect(page.locator("[data-newer]")).to_be_hidden()


def test_a_request_carries_the_token_and_a_refused_form_is_shown(site, page: Page):
    tokens = []
    site.open(
        '<form hx-post="/complete" hx-target="this" hx-swap="outerHTML"><button>提交</button></form>',
        head='<meta name="csrf-token" content="abc">',
    )
    page.route(
        "**/complete",
        lambda route: (
            tokens.append(route.request.headers["x-csrftoken"]),
            route.fulfill(status=422, content_type="text/html; charset=utf-8", body="<p role=alert>改早一些</p>"),
        ),
    )

    page.get_by_role("button").click()

    expect(page.get_by_role("alert")).to_have_text("改早一些")
    assert tokens == ["abc"]


def test_a_long_field_counts_what_is_typed(site, page: Page):
    site.open('<textarea id="reason" aria-label="原因"></textarea><span data-rf-count="reason">0 / 200 字</span>')

    page.get_by_label("原因").fill("客户不在家")

    expect(page.locator("[data-rf-count]")).to_have_text("5 / 200 字")


def test_a_list_asks_no_more_once_the_session_has_ended(site, page: Page):
    page.clock.install()
    asked = []
    page.route("**/list", lambda route: (asked.append(1), route.fulfill(status=401)))
    site.open(
        '<div data-notice="没有连上" data-ended="登录已失效" data-login="/login" data-login-words="重新登录"></div>'
        '<ul id="list" data-poll hx-get="/list" hx-trigger="every 15s, refresh"></ul>'
    )

    page.clock.run_for(16_000)
    expect(page.get_by_text("登录已失效")).to_be_visible()
    expect(page.get_by_role("link", name="重新登录")).to_have_attribute("href", "/login")
    page.clock.run_for(60_000)

    assert len(asked) == 1


def test_no_draft_follows_a_form_that_was_sent(site, page: Page):
    page.clock.install()
    drafts = []
    page.route("**/draft", lambda route: (drafts.append(1), route.fulfill(body="")))
    page.route("**/submit", lambda route: route.fulfill(status=204))  # the page stays
    site.open(
        '<form data-task action="/submit" method="post" hx-post="/draft" hx-trigger="input delay:3s">'
        '<textarea aria-label="说明" name="note"></textarea><button>提交</button></form>'
    )
    page.get_by_label("说明").fill("已联系客户")

    page.get_by_role("button").click()
    page.clock.run_for(10_000)

    assert drafts == []
