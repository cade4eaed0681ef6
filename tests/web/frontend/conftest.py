"""Pages made for one behaviour, on an address of their own, under the content security policy of the real ones."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

ORIGIN = "http://renoflow.test"
DIST = Path(__file__).parents[3] / "web/static/dist"
POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'"
KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".xml": "application/xml"}


class Site:
    """Answers by path: a string is a page, and what is not given comes from web/static/dist."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.answers: dict[str, str] = {}
        self.asked: list[str] = []
        self.problems: list[str] = []
        page.route(f"{ORIGIN}/**", self._answer)
        page.on("console", lambda message: self.problems.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.problems.append(str(error)))

    def open(self, body: str, *, head: str = "", attributes: str = "", scripts: tuple[str, ...] = ("app",)) -> None:
        styles = scripts if len(scripts) > 1 else ()  # a behaviour needs none
        tags = "".join(f'<link rel=stylesheet href="/dist/{name}.css">' for name in styles)
        tags += "".join(f'<script defer src="/dist/{name}.js"></script>' for name in scripts)
        self.answers["/"] = (
            f'<!doctype html><html lang="zh-CN" {attributes}><head><meta charset="utf-8"><title>t</title>{head}{tags}'
            f"</head><body>{body}</body></html>"
        )
        self.page.goto(f"{ORIGIN}/")

    def _answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN).partition("?")[0]
        self.asked.append(path)
        suffix = Path(path).suffix
        headers = {"Content-Type": KINDS.get(suffix, "text/html; charset=utf-8"), "Content-Security-Policy": POLICY}
        if path in self.answers:
            route.fulfill(body=self.answers[path], headers=headers)
        elif (DIST / Path(path).name).is_file() and path.startswith("/dist/"):
            route.fulfill(body=(DIST / Path(path).name).read_bytes(), headers=headers)
        else:
            route.fulfill(status=404 if path != "/favicon.ico" else 204, headers=headers)


@pytest.fixture
def site(page: Page) -> Site:
    return Site(page)
