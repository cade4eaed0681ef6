"""Notices that leave the house: to a real mail server and a real webhook, which may be closed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
import sqlalchemy as sa

from engine import clock, jobs, worker
from engine.commands.retry_job import RetryJob
from engine.db.models import job
from engine.executor import Engine
from tests.bad_input.conftest import MORNING
from tests.bad_input.listeners import Hook, PostOffice, listening
from tests.factories import ADMIN, deploy, start

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # by a plugin of Apprise
LATE = MORNING + timedelta(hours=3, microseconds=1)  # the case's deadline has passed


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A mail server."""
    office = PostOffice()
    with listening(office):
        yield office


@pytest.fixture
def hook() -> Iterator[Hook]:
    """A webhook."""
    hook = Hook()
    with listening(hook):
        yield hook


@pytest.fixture
def telling(company: Engine, office: PostOffice, hook: Hook) -> Engine:
    """The company, which sends notices to both; a case has been started, its reminder is out of the way."""
    company.settings = replace(company.settings, notify_urls=f"{office.url} {hook.url}", job_tries=3)
    deploy(company)
    start(company)
    with company.store.write() as connection:
        connection.execute(job.delete().where(job.c.kind == "reminder"))
        connection.commit()
    return company


def waiting(engine: Engine) -> list[sa.Row[tuple[str, str, str, int, datetime]]]:
    with engine.read() as connection:
        columns = (job.c.id, job.c.kind, job.c.status, job.c.tries, job.c.due_at)
        return list(connection.execute(sa.select(*columns).order_by(job.c.id)).all())


def said(letter: EmailMessage) -> str:
    body = letter.get_body()
    assert body is not None
    return str(body.get_content()).strip()


def test_a_notice_arrives_by_mail_and_by_webhook(telling: Engine, office: PostOffice, hook: Hook) -> None:
    with clock.hold(LATE):
        worker.run_due(telling)

    assert len(office.letters) == len(hook.caught) == 1  # though both the specialists and the manager are told
    letter = office.letters[0]
    assert (letter["From"], letter["To"]) == ("renoflow@example.com", "lin@example.com")
    assert "时限 T-01 已于 2025-09-26 12:00 到期" in letter["Subject"]
    assert {one["title"] for one in hook.caught} == {letter["Subject"]}
    assert {one["message"] for one in hook.caught} == set(map(said, office.letters))
    assert "消息编号" in said(letter)
    assert waiting(telling) == []


def test_a_closed_office_makes_a_notice_wait_longer_each_time_and_then_a_person_tries_again(
    telling: Engine, office: PostOffice, hook: Hook
) -> None:
    office.closed = True
    now, waits = LATE, []
    with clock.hold(now):
        worker.run_due(telling)
    while (found := waiting(telling)[0]).status == "ready":
        waits.append(found.due_at - now)
        now = found.due_at
        with clock.hold(now):
            worker.run_due(telling)

    assert waits == [jobs.wait_after(1), jobs.wait_after(2)]
    assert [(one.kind, one.status, one.tries) for one in waiting(telling)] == [("notify", "incident", 3)]
    assert office.letters == []
    assert len(hook.caught) == 3 and len({one["message"] for one in hook.caught}) == 1

    office.closed = False
    with clock.hold(now + timedelta(days=1)):
        for one in waiting(telling):
            telling.execute(RetryJob(job_id=one.id), ADMIN)
        worker.run_due(telling)

    assert set(map(said, office.letters)) == {one["message"] for one in hook.caught}
    assert waiting(telling) == []


def test_an_address_that_can_not_be_read_is_an_incident_and_nobody_is_told(telling: Engine, hook: Hook) -> None:
    telling.settings = replace(telling.settings, notify_urls=f"{hook.url} nosuch://x", job_tries=1)

    with clock.hold(LATE):
        worker.run_due(telling)

    assert [(one.kind, one.status) for one in waiting(telling)] == [("notify", "incident")]
    assert hook.caught == []
