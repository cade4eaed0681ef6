"""A process owner in the studio: the office served, drafts open, and what of a page is not in Chinese."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page

from engine import clock
from engine.commands.open_draft import OpenDraft
from tests.web import look, stage
from tests.web.conftest import Office
from tests.web.test_studio_api import owners

# All that may stand in Latin letters on a Chinese page of the studio.
ALLOWED = (
    r"Renoflow|PDF|BPMN\.iO|Powered by bpmn\.io",  # names and marks
    r"\b[a-z][a-z0-9]*(?:[_.-][a-z0-9]+)+\b",  # ids of steps, fields, tables, papers: snake_case, step.field
    r"\.pdf|image/\*|Ctrl\+[A-Z]",  # kinds of files, keys
    r"True|\? in|\"[a-z]+\"|yes|no|hours_to_call",  # values and comparisons as they are typed
    r"\([MT]-[0-9]+\)|[A-Z]-?[0-9]+(?:[–-][A-Z]?-?[0-9]+)?",  # clauses, forms and deadlines of the manual
)
# Where owners' own words and ids stand: what they typed, drew and named, and the lint's sentences that quote them.
THEIRS = (
    "code, .rf-fields-code, .rf-problems-list, .rf-paper-lines, td, .rf-me, .rf-mark, .djs-container .djs-label, kbd"
)
LOOK = """(theirs) => {
  const found = new Set();
  const seen = (element) => element.checkVisibility({visibilityProperty: true}) && element.getClientRects().length > 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (parent.closest("script, style, template, noscript") || parent.closest(theirs)) continue;
    const shown = parent.closest("option, optgroup") ? parent.closest("select") : parent;
    if (shown && seen(shown)) found.add(node.textContent.trim());
  }
  for (const name of ["title", "placeholder", "aria-label", "alt", "label"]) {
    for (const element of document.querySelectorAll(`body [${name}]`)) {
      if (!element.closest(theirs) && seen(element)) found.add(element.getAttribute(name).trim());
    }
  }
  return [...found].filter((text) => /[A-Za-z]/.test(text));
}"""


def not_chinese(page: Page) -> list[str]:
    """Every visible text of the page with Latin letters that are none of ALLOWED."""
    texts: list[str] = page.evaluate(LOOK, THEIRS)
    return sorted(text for text in texts if re.search("[A-Za-z]", re.sub("|".join(ALLOWED), "", text)))


@contextmanager
def entered(office: Office, page: Page, *procedures: str) -> Iterator[str]:
    """The address of the studio, with an owner logged in and drafts of these procedures open."""
    login = owners(office)[0]
    with clock.hold(stage.NOW):
        for procedure in procedures:
            office.engine.execute(OpenDraft(procedure=procedure), office.people[login])
    server = look.serve(office.engine)
    page.set_default_timeout(8000)
    page.set_viewport_size(look.DESK)  # type: ignore[arg-type]
    page.goto(f"http://127.0.0.1:{server.port}/login")
    page.locator(f"button[name=person][value='{office.people[login].key.removeprefix('person:')}']").click()
    try:
        yield f"http://127.0.0.1:{server.port}/studio"
    finally:
        server.shutdown()
        server.server_close()


def content(office: Office, procedure: str, path: str) -> str:
    """A file of a draft as it is kept now."""
    client: Any = office.visit(owners(office)[0])
    return str(client.get(f"/studio/{procedure}/file", query_string={"path": path}).get_json()["content"])
