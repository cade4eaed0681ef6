"""The page of a case in the browser: its diagram is drawn and marked under the content security policy."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web import look
from tests.web.conftest import Office
from tests.web.test_cases import signed_case


@pytest.fixture
def address(office: Office, page: Page) -> Iterator[str]:
    """Where the office is served; the manager is logged in."""
    server = look.serve(office.engine)
    root = f"http://127.0.0.1:{server.port}"
    page.goto(f"{root}/login")
    page.locator(f"button[name=person][value='{office.people['lin_xiaomei'].key.removeprefix('person:')}']").click()
    yield root
    server.shutdown()
    server.server_close()


def opened(office: Office, page: Page, address: str) -> list[Any]:
    """Open a case whose call is overdue; what the browser complains of."""
    problems: list[Any] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{address}/cases/{signed_case(office)}")
    expect(page.locator("[data-diagram-ready=shown]")).to_be_visible()
    return problems


def test_the_diagram_shows_where_the_case_stands(office: Office, page: Page, address: str) -> None:
    problems = opened(office, page, address)

    expect(page.locator(".djs-element.late[data-element-id=verify_with_customer]")).to_be_visible()
    expect(page.locator(".rf-pill-late")).to_have_text("已超 5 小时 50 分")
    expect(page.locator(".bjs-powered-by")).to_be_visible()
    assert problems == []

    page.get_by_role("link", name="投诉受理", exact=True).click()
    expect(page.locator(".djs-element.done[data-element-id=sign_receipt]")).to_be_visible()
    assert problems == []


def test_a_step_chosen_in_the_diagram_narrows_the_history(office: Office, page: Page, address: str) -> None:
    opened(office, page, address)
    events = page.locator(".rf-card-events li:visible")
    before = events.count()

    page.locator(".djs-element[data-element-id=verify_with_customer] .djs-hit").click()

    expect(events).to_have_count(1)
    page.get_by_role("button", name="看全部步骤").click()
    expect(events).to_have_count(before)


def test_on_a_phone_the_diagram_has_a_page_of_its_own(office: Office, page: Page, address: str) -> None:
    case = signed_case(office)
    page.set_viewport_size({"width": 390, "height": 844})

    page.goto(f"{address}/cases/{case}")
    expect(page.locator("[data-diagram-url]")).to_be_hidden()
    page.get_by_role("link", name="看流程图").click()

    expect(page.locator("[data-diagram-ready=shown]")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
