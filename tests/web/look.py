"""Take pictures of the pages at both widths: `python -m tests.web.look FOLDER [name …]`; looked at before a commit."""

import sys
import tempfile
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from engine import clock, installation
from engine.actor import Actor
from engine.bootstrap import build_engine
from engine.commands.open_draft import OpenDraft
from engine.commands.save_draft_file import SaveDraftFile
from engine.executor import Engine
from engine.settings import Settings
from tests.browser import chromium
from tests.web import stage
from web import create_app

DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
DRAWN = "complaint-round"  # the procedure that somebody edits


class HeldApp:
    """The application on a clock that stands still: every request is made at stage.NOW."""

    def __init__(self, app: Callable[..., Any]) -> None:
        self.app = app

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        with clock.hold(stage.NOW):
            answer: Any = self.app(environ, start_response)
            try:
                return list(answer)
            finally:
                answer.close()  # of a file


class Quiet(WSGIRequestHandler):
    """Says nothing of requests."""

    def log_request(self, *about: Any) -> None:
        pass


def serve(engine: Engine) -> Any:
    """Serve on a free port, in a thread; .port says which, .shutdown() ends it."""
    app = HeldApp(create_app(engine=engine))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def addresses(engine: Engine, people: dict[str, Any], cases: list[str]) -> dict[str, tuple[str, str]]:
    """Picture → (who looks, address)."""
    verify = next(task for case in cases if (task := stage.open_task(engine, case, "verify_with_customer")) != "None")
    transfer = next(task for case in cases if (task := stage.open_task(engine, case, "transfer_complaint")) != "None")
    return {
        "inbox": ("chen_siyu", "/"),
        "group": ("chen_siyu", "/?tab=group"),
        "empty": ("tang_yi", "/?tab=late"),
        "task": ("chen_siyu", f"/tasks/{transfer}"),
        "verify": ("he_zhiyuan", f"/tasks/{verify}"),
        "other": ("chen_siyu", f"/tasks/{verify}"),
        "start": ("chen_siyu", "/start"),
        "form": ("chen_siyu", "/start/complaint-handling"),
        "notices": ("lin_xiaomei", "/notices"),
        "case": ("chen_siyu", f"/cases/{cases[0]}"),
        "cases": ("chen_siyu", "/cases"),
        "customers": ("chen_siyu", "/registers/customers"),
        "sites": ("chen_siyu", "/registers/sites"),
        "contracts": ("chen_siyu", "/registers/contracts"),
        "staff": ("chen_siyu", "/registers/people"),
        "departments": ("chen_siyu", "/registers/departments"),
        "customer": ("lin_xiaomei", "/customers/K-001"),
        "crews": ("qian_lan", "/registers/crews"),
        "crew": ("qian_lan", "/registers/crews/crew_tie_zhu"),
        "site": ("qian_lan", "/registers/sites/S-001"),
        "ledger": ("qian_lan", "/registers/ledger"),
        "import": ("admin", "/registers/customers/import"),
        "me": ("chen_siyu", "/me"),
        "calendar": ("admin", "/calendar"),
        "manual": ("chen_siyu", "/manual/"),
        "explained": ("chen_siyu", "/manual/complaint-intake"),
        "people": ("admin", "/people"),
        "person": ("admin", "/people/2"),
        "studio": ("admin", "/studio/"),
        "studio-versions": ("admin", "/studio/complaint-handling/versions"),
        "studio-diagram": ("admin", f"/studio/{DRAWN}/"),
        "studio-forms": ("admin", f"/studio/{DRAWN}/forms/file_solution"),
        "studio-parameters": ("admin", f"/studio/{DRAWN}/parameters"),
        "studio-compare": ("admin", f"/studio/{DRAWN}/compare"),
        "audit-cases": ("auditor", "/audit/cases"),
        "audit-export": ("auditor", "/audit/export"),
        "replay": ("auditor", f"/audit/replay/{cases[7]}?step=4"),
        "proof": ("auditor", "/audit/proof"),
        "audit-access": ("auditor", "/audit/access"),
        "audit-me": ("auditor", "/me"),
        "missing": ("chen_siyu", "/tasks/" + "0" * 32),
    }


def login_of(people: dict[str, Any], who: str) -> str:
    """The login of somebody, "admin" for whoever administers, "auditor" for an auditor."""
    role = {"admin": "administrator", "auditor": "auditor"}.get(who)
    return next((login for login, actor in people.items() if role in actor.roles), who)


def take(browser: Browser, address: str, path: str, who: int | None, target: Path, view: Any, **more: Any) -> None:
    """Log in as a person of the demo, open an address, take its picture."""
    context = browser.new_context(viewport=view, locale="zh-CN", timezone_id="Asia/Shanghai", **more)
    page = context.new_page()
    page.on("console", lambda message: print(target.name, message.text) if message.type == "error" else None)
    page.goto(address + "/login")
    if who is not None:
        page.locator(f"button[name=person][value='{who}']").click()
        page.goto(address + path)
    page.wait_for_load_state("networkidle")
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wide > 0:
        print(f"{target.name} is {wide} px too wide")
    page.screenshot(path=target)
    context.close()


def draw(engine: Engine, owner: Actor) -> None:
    """A draft of DRAWN with a shorter deadline."""
    with clock.hold(stage.NOW):
        engine.execute(OpenDraft(procedure=DRAWN), owner)
        path = f"{DRAWN}.bpmn"
        content = (stage.ROOT / "processes" / DRAWN / path).read_text(encoding="utf-8")
        content = content.replace("hours(parameter(&quot;solution_hours&quot;)", "working_hours(8")
        engine.execute(SaveDraftFile(procedure=DRAWN, path=path, content=content.encode(), revision=1), owner)


def main(folder: Path, names: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as var:
        settings = Settings(var=Path(var))
        installation.bring_up(settings)
        engine = build_engine(settings)
        people = stage.furnish(engine)
        cases = stage.fill(engine, people)
        stage.open_to_all(engine, people)
        draw(engine, people[login_of(people, "admin")])
        server = serve(engine)
        address = f"http://127.0.0.1:{server.port}"
        found = {name: (login_of(people, who), path) for name, (who, path) in addresses(engine, people, cases).items()}
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
            for name, (who, path) in {"login": ("", ""), **found}.items():
                if names and name not in names:
                    continue
                number = int(people[login_of(people, who)].key.removeprefix("person:")) if who else None
                take(browser, address, path, number, folder / f"{name}.png", DESK)
                take(browser, address, path, number, folder / f"{name}-phone.png", PHONE)
                if name in ("inbox", "task"):
                    take(browser, address, path, number, folder / f"{name}-dark.png", DESK, color_scheme="dark")
            browser.close()
        server.shutdown()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
