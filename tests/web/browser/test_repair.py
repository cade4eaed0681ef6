"""A repair that the crew neglects: from the customer's page to the captain, and off the crew's retention."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from engine import audit
from engine.stories.story import Story, load
from tests.web.browser.conftest import Company
from tests.web.browser.walk import Walk, walk_story
from tests.web.stage import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STORY = ROOT / "processes/repair-monthly-settlement/scenarios/neglected-repair.toml"


def test_a_neglected_repair_becomes_the_captains_and_leaves_the_crews_retention(
    on_stage: Callable[[Story], Company],
) -> None:
    story = load(STORY)
    office = on_stage(story)
    looks = {
        "start": _facts_are_filled_in,
        "check_crew": _crew_is_known,
        "inform_captain": _call_is_due,
        "hand_in_list": _costs_are_listed,
    }

    playing = walk_story(Walk(office, looks), story, "K-001")

    _look_at_the_case(office, playing.case)
    _look_at_the_registers(office)
    with office.engine.read() as connection:
        assert audit.verify(connection) == []
    assert office.problems == []


def _facts_are_filled_in(page: Page) -> None:
    for key, value in (
        ("customer", "林婉清"),
        ("phone", "000-1000-0001"),
        ("customer_record", "K-001"),
        ("site", "S-001"),
        ("address", "枫林苑 3 栋 1202"),
    ):
        expect(page.locator(f"[name='f.{key}']")).to_have_value(value)


def _crew_is_known(page: Page) -> None:
    expect(page.locator("[name='f.crew_state'][value='active']")).to_be_checked()
    expect(page.locator("[name='f.crew']")).to_have_value("crew_tie_zhu")
    expect(page.locator("[name='f.warranty_until']")).to_have_value("2027-08-20")


def _call_is_due(page: Page) -> None:
    """T-13: three hours from the second at which the crew's day was over."""
    expect(page.locator(".rf-head-due")).to_contain_text("今天 12:00")


def _costs_are_listed(page: Page) -> None:
    expect(page.locator("[name='f.crews.0.total']")).to_have_value("455.00")


def _look_at_the_case(office: Company, case: str) -> None:
    with office.page_of("lin_xiaomei") as page:
        page.goto(f"/cases/{case}")
        office.examine("closed case", page)
        expect(page.locator(".rf-clock", has_text="T-10")).to_be_visible()
        expect(page.locator(".rf-clock", has_text="T-11")).to_be_visible()
        page.goto(f"/cases/{case}?tab=history")
        office.examine("history", page)
        expect(page.locator("main")).to_contain_text("超时（T-11）")
        expect(page.locator("main")).to_contain_text("办完「核算费用」")
        page.goto(f"/cases/{case}?tab=files")
        office.examine("files", page)


def _look_at_the_registers(office: Company) -> None:
    """The 455.00 yuan stand in September's books, though they were reconciled in October."""
    with office.page_of("qian_lan") as page:
        page.goto("/registers/crews/crew_tie_zhu")
        office.examine("crew", page)
        expect(page.locator(".rf-sums")).to_contain_text("4,545.00")
        moved = page.locator("tr", has_text="维修费用")
        expect(moved).to_contain_text("2025-09")
        expect(moved).to_contain_text("2025-10-09")
        expect(moved).to_contain_text("−455.00")
    with office.page_of("lin_xiaomei") as page:
        page.goto("/customers/K-001")
        office.examine("customer", page)
        expect(page.locator("main")).to_contain_text("BX-2025-0001")
