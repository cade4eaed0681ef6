"""Tests in the browser: the system's Chromium, and what happens where it is missing.

A test that asks for `page` is a browser test. Without Chromium or a Chinese font they are skipped, loudly and with the
line that installs both; with RENOFLOW_REQUIRE_BROWSER set (CI) they fail instead.
"""

import os
import shutil
import subprocess
from functools import cache

import pytest
from playwright.sync_api import Page

INSTALL = "apt-get install -y chromium fontconfig fonts-noto-cjk"
LONGEST_WAIT_MS = 8000


@cache
def chromium() -> str | None:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@cache
def missing() -> str:
    """Say what the browser tests lack; empty where they can run."""
    if chromium() is None:
        return f"no Chromium; run: {INSTALL}"
    fonts = shutil.which("fc-list") and subprocess.run(["fc-list", ":lang=zh"], capture_output=True).stdout
    return "" if fonts else f"no Chinese font; run: {INSTALL}"


def pytest_runtest_setup(item: pytest.Item) -> None:
    if "browser" in getattr(item, "fixturenames", ()) and (lack := missing()):
        (pytest.fail if os.environ.get("RENOFLOW_REQUIRE_BROWSER") else pytest.skip)(lack)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if INSTALL in str(report.longrepr)]
    if skipped:
        terminalreporter.section(f"{len(skipped)} BROWSER TESTS WERE SKIPPED", red=True, bold=True)
        terminalreporter.line(f"{missing()}")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Start the system's browser; without a sandbox, since CI runs as root."""
    return {**browser_type_launch_args, "executable_path": chromium(), "args": ["--no-sandbox", "--disable-gpu"]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    """The office: Chinese, Shanghai, the desktop of the screens."""
    office = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": {"width": 1280, "height": 800}}
    return {**browser_context_args, **office}


@pytest.fixture
def page(page: Page) -> Page:
    """A page that gives up soon: a missing text shows in seconds, not in half a minute."""
    page.set_default_timeout(LONGEST_WAIT_MS)
    return page
