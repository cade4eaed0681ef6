"""One complaint from the first call to the wage deductions, through the pages, by those who have each step."""

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from engine import audit
from engine.db import append_only
from engine.db.models import breach, command, instance
from engine.executor import Engine
from tests.web.browser.conftest import Company
from tests.web.browser.story import ESCALATED, HANDLING, START
from tests.web.browser.walk import Walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_complaint_goes_from_the_first_call_to_the_wage_deductions(at_work: Company) -> None:
    walk = Walk(at_work)
    with walk.page_of(START.by, START.moment) as page:
        at_work.examine("inbox", page)
        page.goto("/start")
        at_work.examine("start", page)
        page.locator("a.rf-tile[href='/start/complaint-handling']").click()
        page.wait_for_url("**/start/complaint-handling")
        case = walk.begin(page, "register_complaint", START.values)
    for deed in (*HANDLING, *ESCALATED):
        walk.work(case, deed.do, deed.by, deed.moment, deed.values, deed.item)

    assert _breaches(at_work.engine, case) == ["T-01"]
    _look_at_the_end(at_work, case)
    _record_is_whole(at_work.engine, case)
    for table in ("command", "instance", "submission"):
        _change_is_found(at_work.engine, case, table)
    assert at_work.problems == []


def _breaches(engine: Engine, case: str) -> list[str]:
    with engine.read() as connection:
        return list(connection.scalars(sa.select(breach.c.deadline).where(breach.c.case_id == case)))


def _look_at_the_end(office: Company, case: str) -> None:
    with office.page_of("lin_xiaomei") as page:
        page.goto(f"/cases/{case}")
        office.examine("closed case", page)
        expect(page.locator(".rf-sentence-first")).to_contain_text("以「重大客诉办结」结束")
        expect(page.locator(".rf-clock", has_text="T-01")).to_contain_text("晚 40 分办完")
        page.goto(f"/cases/{case}?tab=history")
        expect(page.locator("main")).to_contain_text("「三小时内转交签收」超时（T-01）")
        office.examine("history", page)
        page.goto(f"/cases/{case}?tab=forms")
        office.examine("forms", page)
        for step, amount in (
            ("支出凭证", "6,000.00"),
            ("工资扣回（铁柱）", "2,400.00"),
            ("工资扣回（唐一）", "600.00"),
        ):
            card = page.locator("section.card").filter(has=page.locator(".card-header", has_text=step))
            expect(card).to_contain_text(amount)


def _record_is_whole(engine: Engine, case: str) -> None:
    with engine.read() as connection:
        seen, flaws = audit.examine(connection, case)
        assert (flaws, audit.verify(connection)) == ([], [])
        assert seen == connection.scalar(sa.select(sa.func.max(command.c.seq)).where(command.c.stream == case))


def _change_is_found(engine: Engine, case: str, table: str) -> None:
    """Change one byte behind the triggers' back; the check names the case and the row. Nothing of it stays."""
    column, where, wanted = {
        "command": ("body", "stream = :case AND seq = 3", ("log.changed_command", 3)),
        "submission": ('"values"', "stream = :case AND seq = 1", ("log.changed_submission", 1)),
        "instance": ("state", "lower(hex(id)) = :case", ("log.changed_state", None)),
    }[table]
    with engine.store.write() as connection:
        for statement in append_only.drop_statements("sqlite"):
            connection.exec_driver_sql(statement)
        kind, raw = connection.execute(
            sa.text(f"SELECT typeof({column}), CAST({column} AS BLOB) FROM {table} WHERE {where}"), {"case": case}
        ).one()
        place = len(raw) // 2
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        connection.execute(
            sa.text(f"UPDATE {table} SET {column} = CAST(:raw AS {kind}) WHERE {where}"), {"raw": changed, "case": case}
        )
        key, last = connection.execute(
            sa.select(instance.c.business_key, instance.c.seq).where(instance.c.id == case)
        ).one()
        found = {(one.code, one.case, one.stream, one.seq) for one in audit.verify(connection)}
        connection.rollback()
    code, seq = wanted
    assert (code, key, case, seq or last) in found
