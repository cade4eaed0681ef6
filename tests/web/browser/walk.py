"""Go through a procedure in the browser: a deed of a story is a form that somebody opens, answers and sends."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from playwright.sync_api import Page

from engine.stories import facts
from engine.stories.driver import Playing
from engine.stories.story import Deed, Story
from tests.web.browser.conftest import Company
from tests.web.browser.filling import fill

Look = Callable[[Page], None]


@dataclass
class Walk:
    """A walk through the company's pages; `looks`: element → what is looked at on its page before it is answered."""

    office: Company
    looks: Mapping[str, Look] = field(default_factory=dict)

    @contextmanager
    def page_of(self, login: str, at: datetime) -> Iterator[Page]:
        """Somebody's inbox at a moment."""
        self.office.turn_to(at)
        with self.office.page_of(login) as page:
            yield page

    def begin(self, page: Page, element: str, values: Mapping[str, Any]) -> str:
        """Answer the start form that is open; the id of the case."""
        self._send(page, element, values)
        self.office.examine("case", page)
        return page.url.partition("?")[0].rpartition("/")[2]

    def work(
        self, case: str, element: str, by: str, at: datetime, values: Mapping[str, Any], item: str | None = None
    ) -> None:
        """Open the task from the inbox, answer its form and send it."""
        self.office.turn_to(at)
        task = self._task(case, element, by, item)
        with self.office.page_of(by) as page:
            row = page.locator(f"#task-{task} a[data-open]")
            if row.count() == 0:
                page.goto("/?tab=group")
            row.click()
            page.wait_for_url(f"**/tasks/{task}*")
            self._send(page, element, values)
        self.office.turn_to(at)  # operations that follow at once

    def _task(self, case: str, element: str, by: str, item: str | None) -> str:
        """The open task; of several the one that the person may take."""
        wanted = self._value(item)
        with self.office.engine.read() as connection:
            open_tasks = facts.open_tasks(connection, case)
        found = [
            one for one in open_tasks if one.element == element and wanted in (None, one.item, _person_of(one.item))
        ]
        assert found, f"{element} {item} is not open; open: {[facts.label(one) for one in open_tasks]}"
        principals = self.office.people[by].principals
        return str(min(found, key=lambda one: principals.isdisjoint([one.assignee, *one.candidates])).id)

    def _send(self, page: Page, element: str, values: Mapping[str, Any]) -> None:
        if look := self.looks.get(element):
            look(page)
        fill(page, self._value(dict(values)))
        self.office.examine(element, page)
        with page.expect_navigation():
            page.locator(".rf-form-foot .btn-primary").click()
        refused = page.locator("#error-summary")
        assert "done=1" in page.url, f"{element}: {refused.inner_text() if refused.count() else page.content()[:2000]}"

    def _value(self, given: Any) -> Any:
        """The values of a deed; "@login" stands for that person's row."""
        if isinstance(given, str) and given.startswith("@"):
            return self.office.person_id(given[1:])
        if isinstance(given, dict):
            return {key: self._value(one) for key, one in given.items()}
        return [self._value(one) for one in given] if isinstance(given, list) else given


def _person_of(item: Any) -> Any:
    return item.get("person") if isinstance(item, dict) else None


def walk_story(walk: Walk, story: Story, customer: str) -> Playing:
    """Play a story through the pages, from the customer's page on; what it expects after each step is compared."""
    playing = Playing(story, walk.office.engine, walk.office.people)
    start = story.start
    with walk.page_of(str(start.by), start.at) as page:
        page.goto(f"/customers/{customer}")
        walk.office.examine("customer before", page)
        page.locator("summary", has_text="发起流程").click()
        page.locator(f".rf-menu a[href^='/start/{story.procedure}?']").click()
        page.wait_for_url(f"**/start/{story.procedure}?*")
        playing.case = walk.begin(page, "start", start.form)
    for deed in story.deeds:
        _step(walk, playing, deed)
    facts.check_integrity(playing)
    return playing


def _step(walk: Walk, playing: Playing, deed: Deed) -> None:
    with walk.office.engine.read() as connection:
        before = facts.notices(connection)
    if deed.do == "wait":
        walk.office.turn_to(deed.at)
    else:
        walk.work(playing.case_of(deed), deed.do, str(deed.by), deed.at, deed.form, deed.item)
    facts.check(playing, deed, before)
