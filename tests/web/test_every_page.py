"""Every page as people meet it in the browser: WCAG 2.2 AA by axe, no sideways scrolling, no message on the console."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.web import look, stage
from tests.web.conftest import Office

AXE = Path(__file__).parents[2] / "web/frontend/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
REFUSED = "the server responded with a status of 404"  # the page of what is not there is looked at too
WAYS: dict[str, dict[str, Any]] = {
    "phone": {"viewport": look.PHONE},
    "dark desk": {"viewport": look.DESK, "color_scheme": "dark"},
}

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("way", WAYS)
def test_every_page_is_for_everybody(office: Office, browser: Browser, way: str):
    addresses = look.addresses(office.engine, office.people, stage.fill(office.engine, office.people))
    server = look.serve(office.engine)
    said: list[str] = []

    for login in {login for login, _ in addresses.values()}:
        address = f"http://127.0.0.1:{server.port}"
        context = browser.new_context(**WAYS[way], base_url=address, locale="zh-CN", bypass_csp=True)
        context.add_cookies([{"name": "renoflow_session", "value": _token(office, login), "url": address}])
        page = context.new_page()
        page.on("console", lambda message, said=said: said.append(f"console: {message.text}"))
        for name, (who, path) in addresses.items():
            if who == login:
                page.goto(path)
                said += [f"{name}: {problem}" for problem in _problems(page)]
        context.close()
    server.shutdown()

    assert [problem for problem in said if REFUSED not in problem] == []


def _problems(page: Page) -> Iterator[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for one in page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]:
        yield f"{one['id']} {[node['target'] for node in one['nodes'][:3]]}"
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        yield "too wide"


def _token(office: Office, login: str) -> str:
    """The cookie of somebody who has logged in."""
    cookie = office.visit(look.login_of(office.people, login)).get_cookie("renoflow_session")
    assert cookie is not None
    return str(cookie.value)
