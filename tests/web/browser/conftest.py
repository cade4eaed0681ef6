"""The company behind real HTTP, on a clock that the test turns, and its people in browsers of their own."""

import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wsgi import ClosingIterator

from engine import clock, installation, worker
from engine.actor import Actor
from engine.bootstrap import build_engine
from engine.commands.deploy_procedure import DeployProcedure
from engine.executor import Engine
from engine.settings import Settings
from engine.stories import company
from engine.stories.cast import cast
from engine.stories.story import Story
from engine.workflow.lint.folder import called_folders, files_of
from tests.browser import LONGEST_WAIT_MS
from tests.web import stage
from web import create_app

AXE = Path(__file__).parents[3] / "web/frontend/node_modules/axe-core/axe.min.js"
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CUT_OFF = ("htmx:sendAbort", "htmx:afterRequest", "htmx:sendError")
WIDTHS: dict[str, ViewportSize] = {"desk": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}


class TurnedApp:
    """The application on a clock that stands at `now` until the test moves it."""

    def __init__(self, app: Callable[..., Any], now: datetime) -> None:
        self.app, self.now = app, now

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        with clock.hold(self.now), closing(ClosingIterator(self.app(environ, start_response))) as answer:
            return list(answer)


class Quiet(WSGIRequestHandler):
    """Says nothing of requests."""

    def log_request(self, *about: Any) -> None:
        pass


class Company:
    """The company at work: its engine, its pages' address, and the people's browsers by login."""

    def __init__(
        self,
        engine: Engine,
        new_context: Callable[..., BrowserContext],
        viewport: ViewportSize,
        now: datetime = stage.NOW,
    ) -> None:
        self.engine = engine
        self.people: dict[str, Actor] = company.actors(engine)
        self.problems: list[str] = []
        self._app = TurnedApp(create_app(engine=engine), now)
        self._server = make_server("127.0.0.1", 0, self._app, threaded=True, request_handler=Quiet)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self._new_context, self._viewport = new_context, viewport
        self._browsers: dict[str, BrowserContext] = {}
        self._examined: set[str] = set()

    def turn_to(self, moment: datetime) -> None:
        """Let time pass; what falls due on the way is performed."""
        worker.run_until(self.engine, moment)
        self._app.now = moment

    def person_id(self, login: str) -> str:
        return self.people[login].key.removeprefix("person:")

    @contextmanager
    def page_of(self, login: str) -> Iterator[Page]:
        """The person's inbox, after logging in where the session has ended; closed when the person turns away."""
        page = self._opened(login)
        page.goto("/")
        if page.url.partition("?")[0].endswith("/login"):
            self.examine("login", page)
            self._log_in(page, login)
        yield page
        page.close()

    def _opened(self, login: str) -> Page:
        if login not in self._browsers:
            self._browsers[login] = self._new_context(base_url=f"http://127.0.0.1:{self._server.port}")
        page = self._browsers[login].new_page()
        page.set_viewport_size(self._viewport)
        page.set_default_timeout(LONGEST_WAIT_MS)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.problems.append(f"{page.url}: {error}"))
        return page

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not _is_cut_off(message):
            self.problems.append(f"{message.location.get('url')}: {message.text}")

    def _log_in(self, page: Page, login: str) -> None:
        """With a password where the person has one, else by the list of the demo."""
        if login == "chen_siyu":
            page.locator("#username").fill(login)
            page.locator("#password").fill(stage.PASSWORD)
            page.locator("form:has(#password) button").click()
        else:
            page.locator(f'button[name=person][value="{self.person_id(login)}"]').click()
        page.locator("#list").wait_for()

    def examine(self, name: str, page: Page) -> None:
        """Let axe look at a page, once a name; nothing may be wider than the screen either."""
        if name in self._examined:
            return
        self._examined.add(name)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("tags => axe.run({runOnly: tags}).then(result => result.violations)", STANDARD)
        for one in found:
            nodes = "; ".join(f"{node['target']} {node['any'] and node['any'][0]['message']}" for node in one["nodes"])
            self.problems.append(f"{name}: {one['id']}: {nodes}")
        if (beyond := page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
            self.problems.append(f"{name}: {beyond} px wider than the screen")

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _is_cut_off(message: ConsoleMessage) -> bool:
    """A draft that was on its way while the form was sent: the page gives it up."""
    return any(known in message.text for known in CUT_OFF)


@pytest.fixture(params=WIDTHS)
def viewport(request: pytest.FixtureRequest) -> ViewportSize:
    """Once a desk's screen, once a phone's."""
    return WIDTHS[request.param]


@pytest.fixture
def at_work(
    browser: Browser,
    new_context: Callable[..., BrowserContext],
    viewport: ViewportSize,
    furnished: Path,
    tmp_path: Path,
) -> Iterator[Company]:
    """The company without a case, on a database of this test's own."""
    shutil.copy(furnished, tmp_path / "renoflow.db")
    engine = build_engine(Settings(var=tmp_path))
    yield from _opened(Company(engine, new_context, viewport))


@pytest.fixture
def on_stage(
    browser: Browser, new_context: Callable[..., BrowserContext], viewport: ViewportSize, tmp_path: Path
) -> Iterator[Callable[[Story], Company]]:
    """Open the company an hour before a story begins, with the procedures that the story needs."""
    opened = []

    def open_for(story: Story) -> Company:
        settings, morning = Settings(var=tmp_path), story.start.at - timedelta(hours=1)
        installation.bring_up(settings)
        engine = build_engine(settings)
        with clock.hold(morning):
            company.found(engine, company.read(stage.ROOT / "processes" / "company.toml"))
            for folder in sorted(cast(story), key=lambda one: len(called_folders(one))):
                engine.execute(DeployProcedure(files=files_of(folder, stage.ROOT / "forms")), company.OPERATOR)
            stage.open_to_all(engine, company.actors(engine))
        opened.append(_opened(Company(engine, new_context, viewport, morning)))
        return next(opened[0])

    yield open_for
    for one in opened:
        next(one, None)


def _opened(company: Company) -> Iterator[Company]:
    yield company
    company.close()
    company.engine.store.close()
