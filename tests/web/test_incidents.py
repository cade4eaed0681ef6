"""作业与异常: what was given up, tried again or settled by hand; for administrators alone."""

from datetime import timedelta

import pytest
from lxml import html

from engine import clock, worker
from engine.actor import SYSTEM
from engine.commands.correlate_message import CorrelateMessage
from engine.db.models import job
from tests.web import stage
from tests.web.conftest import Office

TIMER, NOTICE = "a" * 32, "b" * 32


@pytest.fixture
def stuck(office: Office) -> Office:
    """A timer of a case and a mail that were given up."""
    case = stage.start(office.engine, office.people, stage.NOW)
    about = {"tries": 8, "due_at": stage.NOW, "status": "incident"}
    rows = [
        {"id": TIMER, "stream": case, "kind": "timer", "args": {"element": "t01"}, "error": "step.failed: t01"},
        {
            "id": NOTICE,
            "stream": "messages",
            "kind": "notify",
            "args": {"to": "x"},
            "error": "operation.failed: 550 <b>",
        },
    ]
    with office.engine.store.write() as connection:
        connection.execute(job.insert(), [row | about for row in rows])
        connection.commit()
    return office


def status(office: Office, key: str) -> str | None:
    with office.engine.read() as connection:
        found = connection.execute(job.select().where(job.c.id == key)).one_or_none()
    return found.status if found else None


def test_an_incident_says_what_failed_and_what_to_do(stuck: Office) -> None:
    text = stuck.visit("guan_li").get("/incidents").text

    assert "定时「受理时限」" in text
    assert "自动操作没有成功，可以重试。" in text
    assert "550 &lt;b&gt;" in text
    assert f"/incidents/{NOTICE}/resolve" in text
    assert f"/incidents/{TIMER}/resolve" not in text  # a timer belongs to its process


def test_an_incident_is_tried_again(stuck: Office) -> None:
    stuck.visit("guan_li").post(f"/incidents/{NOTICE}/retry")

    assert (status(stuck, NOTICE), status(stuck, TIMER)) == ("ready", "incident")


def test_an_incident_is_settled_only_with_a_reason(stuck: Office) -> None:
    client = stuck.visit("guan_li")
    without = client.post(f"/incidents/{NOTICE}/resolve", data={"reason": ""})
    assert without.status_code == 400
    assert f'id="reason-{NOTICE}-error"' in without.text

    client.post(f"/incidents/{NOTICE}/resolve", data={"reason": "已电话告知"})

    assert status(stuck, NOTICE) is None


@pytest.mark.parametrize("who", ["lin_xiaomei", "chen_siyu", "an_cha"])
def test_incidents_are_for_administrators(stuck: Office, who: str) -> None:
    client = stuck.visit(who)

    assert client.get("/incidents").status_code == 403
    assert client.post(f"/incidents/{NOTICE}/retry").status_code == 403
    assert "作业与异常" not in client.get("/").text


def test_a_message_that_nobody_waits_for_is_listed_with_who_sent_it(office: Office) -> None:
    sender = stage.start(office.engine, office.people, stage.NOW)
    command = CorrelateMessage(name="contact_added", key="TS-2026-9999", sender=sender)
    office.engine.execute(command, SYSTEM)

    text = office.visit("guan_li").get("/incidents").text

    assert "等待接收" in text
    assert "记入前案" in text
    assert f'发自 <a href="/cases/{sender}">' in text


def test_a_message_that_was_not_received_in_time_leads_to_its_sender(office: Office) -> None:
    sender = stage.start(office.engine, office.people, stage.NOW)
    office.engine.execute(CorrelateMessage(name="contact_added", key="TS-2026-9999", sender=sender), SYSTEM)
    later = stage.NOW + timedelta(days=office.engine.settings.message_days + 1)

    with clock.hold(later):
        worker.run_until(office.engine, later)
        lines = html.fromstring(office.visit("guan_li").get("/incidents").text).xpath(
            "//li[contains(., '没有案件接收的消息')]"
        )

    assert len(lines) == 1
    assert lines[0].xpath(f".//a[@href='/cases/{sender}']")
