"""The whole round: an owner shortens a deadline and adds an approval, a second owner agrees after reading what changes,
a new case follows, the old one keeps its rule, and the auditor sees which case followed which, and a changed byte."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from lxml import etree
from playwright.sync_api import Page, ViewportSize, expect

from engine.actor import AUDITOR, PROCESS_OWNER
from engine.clock import OFFICE
from engine.commands.put_person import PutPerson
from engine.db import append_only
from engine.db.models import breach, command, instance
from engine.stories import company, facts
from engine.stories.story import Story, load
from tests.web.browser.conftest import WIDTHS, Company
from tests.web.browser.walk import Walk
from tests.web.stage import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STORY = ROOT / "processes/repair-handling/scenarios/handed-over.toml"
AUTHOR, APPROVER = "lin_xiaomei", "gao_lifeng"
CALLED, OUTER = "repair-service", "repair-handling"
APPROVAL = "approve_repair"
BY = "chen_siyu"


@pytest.fixture
def viewport() -> ViewportSize:
    """Diagrams are drawn at a desk."""
    return WIDTHS["desk"]


def test_an_owner_changes_a_deadline_and_the_auditor_proves_which_case_followed_which(
    on_stage: Callable[[Story], Company],
):
    story = load(STORY)
    office = on_stage(story)
    _make_owners(office)
    walk = Walk(office)
    morning = story.start.at
    old = _begin(walk, story, morning)
    for deed in story.deeds[:2]:
        walk.work(old, deed.do, BY, deed.at, deed.form)

    office.turn_to(morning.replace(hour=9, minute=1))
    _shorten_the_deadline(office)
    _publish(office, CALLED, "客户嫌回电慢，三小时改两小时", "由 3 小时改为 2 小时")
    _add_an_approval(office)
    _publish(office, OUTER, "换队之前，主管先看一眼", "新增步骤「审批报修」")

    new = _begin(walk, story, morning.replace(hour=9, minute=2))
    check, hand_over = story.deeds[:2]
    walk.work(new, check.do, BY, morning.replace(hour=9, minute=3), check.form)
    walk.work(new, APPROVAL, BY, morning.replace(hour=9, minute=4), {"opinion": "可以修。"})
    told = {**hand_over.form, "told_at": "2025-09-22T09:05"}
    walk.work(new, hand_over.do, BY, morning.replace(hour=9, minute=5), told)
    assert [_due(office, case) for case in (old, new)] == [
        morning.replace(hour=12, minute=0),
        morning.replace(hour=11, minute=5),
    ]

    office.turn_to(morning.replace(hour=11, minute=5) + timedelta(seconds=1))
    assert (_breaches(office, old), _breaches(office, new)) == ([], ["T-10"])

    _replay(office, old, new)
    _export(office, old, new)
    _change_a_byte(office, new)
    assert office.problems == []


def _make_owners(office: Company) -> None:
    for login in (AUTHOR, APPROVER):
        command = PutPerson(person_id=int(office.person_id(login)), roles=(PROCESS_OWNER,))
        office.engine.execute(command, company.OPERATOR)


def _begin(walk: Walk, story: Story, at: datetime) -> str:
    with walk.page_of(BY, at) as page:
        page.goto(f"/start/{OUTER}")
        return walk.begin(page, "start", story.start.form)


def _edit(page: Page, procedure: str, title: str) -> None:
    """From the list of procedures into the editor."""
    page.goto("/studio/")
    page.locator(f"form[action='/studio/{procedure}/open'] button").first.click()
    page.locator("[data-ready=editor]").wait_for()
    expect(page.locator("h1")).to_have_text(title)


def _saved(page: Page, deed: Callable[[], Any]) -> None:
    with page.expect_response(lambda answer: answer.url.endswith("/file") and answer.request.method == "POST") as sent:
        deed()
    assert sent.value.status == 200, sent.value.text()


def _choose(page: Page, element: str) -> None:
    page.locator(f"[data-element-id={element}] .djs-hit").first.click()
    expect(page.locator("[data-panel] [data-key=id]")).to_have_value(element)


def _shorten_the_deadline(office: Company) -> None:
    with office.page_of(AUTHOR) as page:
        _edit(page, CALLED, "维修服务")
        office.examine("editor", page)
        _choose(page, "call_customer_back")
        _saved(page, lambda: page.locator("[data-key=deadline-t10-parameter]").select_option(""))

        def two_hours() -> None:
            page.locator("[data-key=deadline-t10-amount]").fill("2")
            page.keyboard.press("Tab")

        _saved(page, two_hours)


def _publish(office: Company, procedure: str, reason: str, change: str) -> None:
    """The author submits what the comparison shows, and can't approve it; another owner reads it and does."""
    with office.page_of(AUTHOR) as page:
        page.goto(f"/studio/{procedure}/")
        page.locator(".rf-studio-deeds a.btn-primary").click()
        expect(page.locator(".rf-compare-list").first).to_contain_text(change)
        page.locator("#decide-reason").fill(reason)
        page.locator(f"form[action='/studio/{procedure}/submit'] .btn-primary").click()
        page.goto(f"/studio/{procedure}/compare")
        expect(page.locator(".rf-decide")).to_contain_text(reason)
        expect(page.locator(f"form[action='/studio/{procedure}/approve']")).to_have_count(0)
    with office.page_of(APPROVER) as page:
        page.goto(f"/studio/{procedure}/compare")
        office.examine(f"comparison of {procedure}", page)
        expect(page.locator(".rf-compare-list").first).to_contain_text(change)
        expect(page.locator(".rf-compare-effect")).to_contain_text("件")
        page.locator(f"form[action='/studio/{procedure}/approve'] .btn-primary").click()
        page.wait_for_load_state()
        page.goto(f"/studio/{procedure}/versions")
        expect(page.locator("main")).to_contain_text(reason)


def _add_an_approval(office: Company) -> None:
    """Drop a step upon a flow; the lint says what it lacks; give it a name and a form; lay the diagram out anew."""
    with office.page_of(AUTHOR) as page:
        _edit(page, OUTER, "报修解决")
        _drop_upon(page, "check_crew_to_in_warranty")
        _saved(page, lambda: page.locator("[data-do=tidy]").click())
        lacking = page.locator("[data-problem][data-element=step_1]", has_text="必须改")
        expect(lacking).to_have_count(2)  # a name and a form
        lacking.first.get_by_role("button", name="看这里").click()
        expect(page.locator("[data-panel] [data-key=id]")).to_have_value("step_1")
        for key, value in (("name", "审批报修"), ("id", APPROVAL)):
            page.locator(f"[data-panel] [data-key={key}]").fill(value)
            _saved(page, lambda: page.keyboard.press("Tab"))
        page.goto(f"/studio/{OUTER}/compare")
        expect(page.locator(".rf-decide")).to_contain_text("必须改，改好才能发布")
        expect(page.locator(f"form[action='/studio/{OUTER}/submit']")).to_have_count(0)
        _add_its_form(page)


def _drop_upon(page: Page, flow: str) -> None:
    """Drag a new step from the palette onto a flow."""
    page.locator("[data-do=fit]").click()
    page.locator('.djs-palette [data-action="create.user-task"]').click()
    box = page.locator(f"[data-element-id={flow}] .djs-hit").first.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x - 30, y)
    page.mouse.move(x, y, steps=4)
    _saved(page, lambda: page.mouse.click(x, y))
    page.keyboard.press("Escape")


def _add_its_form(page: Page) -> None:
    page.goto(f"/studio/{OUTER}/forms")
    page.locator("summary", has_text="新表单").click()
    page.locator("#add-name").fill(APPROVAL)
    page.locator("#add-title").fill("审批报修")
    page.locator("form .btn-primary", has_text="新表单").click()
    expect(page.locator("[data-ready]")).to_be_attached()
    page.locator(".fjs-palette-field[data-field-type=textarea]").focus()
    _saved(page, lambda: page.keyboard.press("Enter"))
    page.get_by_label("英文标题", exact=True).fill("Approve the repair")
    _saved(page, lambda: page.keyboard.press("Tab"))
    page.locator("li.rf-problem-error .rf-problem-target", has_text="英文标签").click()
    page.get_by_label("英文名称", exact=True).fill("Opinion")
    page.get_by_label("标识", exact=True).last.fill("opinion")
    _saved(page, lambda: page.keyboard.press("Control+s"))
    expect(page.locator("li.rf-problem-error")).to_have_count(0)


def _due(office: Company, case: str) -> datetime:
    with office.engine.read() as connection:
        (task,) = [one for one in facts.open_tasks(connection, case) if one.element == "call_customer_back"]
    return task.due_at.astimezone(OFFICE)


def _breaches(office: Company, case: str) -> list[str]:
    with office.engine.read() as connection:
        return list(connection.scalars(sa.select(breach.c.deadline).where(breach.c.case_id == case)))


def _auditor(office: Company) -> str:
    return next(login for login, one in office.people.items() if AUDITOR in one.roles)


def _replay(office: Company, old: str, new: str) -> None:
    """Each case plays on the diagram of its own version, with the deadline that it had."""
    with office.page_of(_auditor(office)) as page:
        for case, version, approved in ((old, 1, 0), (new, 3, 1)):
            page.goto(f"/audit/replay/{case}")
            page.locator("[data-replay-canvas]").first.wait_for()
            expect(page.locator("main")).to_contain_text(f"第 {version} 版")
            expect(page.locator("[data-replay-step]", has_text="审批报修")).to_have_count(approved)
        expect(page.locator("[data-replay-step]", has_text="T-10")).not_to_have_count(0)
        office.examine("replay", page)


def _export(office: Company, old: str, new: str) -> None:
    with office.page_of(_auditor(office)) as page:
        page.goto("/audit/export")
        with page.expect_download() as taken:
            page.locator("main form .btn-primary").click()
    log = etree.parse(str(taken.value.path()))
    traces = log.findall("{*}trace")
    named = [
        {one.get("value") for one in trace.iterfind("{*}event/{*}string") if one.get("key") == "concept:name"}
        for trace in traces
    ]
    assert [("审批报修" in names) for names in named] == [False, True]


def _change_a_byte(office: Company, case: str) -> None:
    """Somebody who owns the database makes the approval say that another person gave it."""
    with office.engine.store.write() as connection:
        for drop in append_only.drop_statements(office.engine.store.dialect):
            connection.exec_driver_sql(drop)
        row = sa.select(command.c.seq).where(command.c.stream == case, command.c.kind == "complete_task")
        seq = connection.scalars(row.order_by(command.c.seq)).all()[1]
        changed = command.update().where(command.c.stream == case, command.c.seq == seq)
        connection.execute(changed.values(actor=office.people[AUTHOR].key))
        connection.commit()
        key = connection.scalar(sa.select(instance.c.business_key).where(instance.c.id == case))
    with office.page_of(_auditor(office)) as page:
        page.goto("/audit/proof")
        page.locator("[name=number]").fill(str(key))
        page.locator("form[role=search] .btn").click()
        expect(page.get_by_role("alert")).to_contain_text("与当时的记录不一致")
        expect(page.locator("main")).to_contain_text(f"第 {seq} 条")
        office.examine("proof that fails", page)
