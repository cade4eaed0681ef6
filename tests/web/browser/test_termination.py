"""A contract whose crew is liable for its end: from the customer's page to the refund that is paid on a Thursday."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from engine import audit
from engine.stories.story import Story, load
from tests.web.browser.conftest import Company
from tests.web.browser.walk import Walk, walk_story
from tests.web.stage import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STORY = ROOT / "processes/contract-termination/scenarios/crew-liable.toml"
PAPERS = ("合同终止单", "退单损失费通知单", "退单补偿通知")


def test_a_termination_goes_from_the_customers_page_to_the_paid_refund(
    on_stage: Callable[[Story], Company],
) -> None:
    story = load(STORY)
    office = on_stage(story)
    looks = {
        "start": _facts_are_filled_in,
        "define_liability": _fees_are_worked_out,
        "collect_by_finance": _reason_is_at_hand,
        "pay_refund": _slot_is_said,
    }

    playing = walk_story(Walk(office, looks), story, "K-007")

    _look_at_the_case(office, playing.case)
    _look_at_the_customer(office)
    with office.engine.read() as connection:
        assert audit.verify(connection) == []
    assert office.problems == []


def _facts_are_filled_in(page: Page) -> None:
    expect(page.locator("[name='f.contract']")).to_have_value("C-007")


def _fees_are_worked_out(page: Page) -> None:
    page.locator("label", has_text="施工队").click()
    for key, amount in (("base", "125000.00"), ("loss_fee", "12500.00"), ("compensation", "2500.00")):
        expect(page.locator(f"[name='f.{key}']")).to_have_value(amount)


def _reason_is_at_hand(page: Page) -> None:
    expect(page.locator("#facts section").first).to_contain_text("客户工作调动")


def _slot_is_said(page: Page) -> None:
    expect(page.locator("[name='f.amount']")).to_be_hidden()
    expect(page.locator(".rf-head-due")).to_contain_text("今天 18:00")


def _look_at_the_case(office: Company, case: str) -> None:
    """Finance looks at the closed case and takes its three papers home."""
    with office.page_of("qian_lan") as page:
        page.goto(f"/cases/{case}")
        office.examine("closed case", page)
        expect(page.locator(".rf-sentence-first")).to_contain_text("以「解除已退款」结束")
        page.goto(f"/cases/{case}?tab=forms")
        office.examine("forms", page)
        page.goto(f"/cases/{case}?tab=history")
        office.examine("history", page)
        page.goto(f"/cases/{case}?tab=files")
        office.examine("files", page)
        for paper in PAPERS:
            link = page.get_by_role("link", name=re.compile(f"^{paper} "))
            with page.expect_download() as download:
                link.click()
            with open(download.value.path(), "rb") as file:
                assert file.read(5) == b"%PDF-", paper


def _look_at_the_customer(office: Company) -> None:
    with office.page_of("qian_lan") as page:
        page.goto("/customers/K-007")
        office.examine("customer", page)
        timeline = page.locator("main")
        expect(timeline).to_contain_text("解除施工合同")
        expect(timeline).to_contain_text("35,800.00 元")
        expect(page.locator(".rf-aside section.card", has_text="C-007")).to_contain_text("125,000.00")
        expect(page.locator(".rf-aside section.card", has_text="C-007")).to_contain_text("已解除")
        page.goto("/registers/crews/crew_mu_gong")
        office.examine("crew", page)
        expect(page.locator("main")).to_contain_text("−14,000.00")
