"""A PostgreSQL that is stopped under a running server: said on the page, nothing half-written, back by itself."""

import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import sqlalchemy as sa

from engine import audit
from engine.bench.server import Browser, serving
from engine.commands.claim_task import ClaimTask
from engine.db import migrate, session
from engine.db.models import command
from engine.errors import DatabaseUnavailable
from engine.executor import Engine
from tests import postgres
from tests.bad_input.browsing import submission
from tests.bad_input.conftest import PASSWORD, Open
from tests.bad_input.untouched import contents
from tests.factories import SPECIALIST

pytestmark = pytest.mark.postgres
REQUEST = "5e" * 16


class Machine:
    """A PostgreSQL of this module's own, that may be switched off."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.url = str(server.get_uri(database="postgres"))

    def off(self) -> None:
        """End all connections and stop; what was not committed is lost."""
        self._server.stop()

    def on(self) -> None:
        self._server.ensure_postgres_running()


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    """Switched on."""
    with postgres.running() as server:
        yield Machine(server)


@pytest.fixture
def database_url(machine: Machine) -> Iterator[str]:
    """Its only database, made anew."""
    engine = session.connect(machine.url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    migrate.upgrade(engine)
    engine.dispose()
    yield machine.url


def completions(engine: Engine) -> int:
    with engine.read() as connection:
        rows = sa.select(sa.func.count()).where(command.c.kind == "complete_task")
        assert audit.verify(connection) == []
        return connection.scalar(rows) or 0


@pytest.mark.slow
def test_a_server_says_that_the_database_is_gone_and_goes_on_when_it_is_back(
    company: Engine, opened: Open, machine: Machine
) -> None:
    sent = submission(company, opened.task, result="settled", words="写了很久") | {"request_id": REQUEST}
    path = f"/tasks/{opened.task}/complete"

    with serving(company.settings) as server, closing((browser := Browser(server.port)).connection):
        browser.log_in("p1", PASSWORD)
        before = contents(company)
        company.store.close()

        machine.off()
        try:
            answers = [browser.ask("POST", path, sent), browser.ask("GET", "/"), browser.ask("GET", "/readyz")]
            alive = browser.ask("GET", "/healthz")[0]
        finally:
            machine.on()

        assert [status for status, _, _ in answers] == [503] * 3 and alive == 200
        assert "数据库暂时连不上" in answers[0][1] and "写了很久" in answers[0][1]
        assert re.search(r"E-[0-9A-F]{8}", answers[0][1]) and "psycopg" not in answers[0][1]
        assert contents(company) == before
        assert [browser.ask("POST", path, sent)[0] for _ in range(2)] == [303, 303]
        assert browser.ask("GET", f"/cases/{opened.case}")[0] == 200

    assert completions(company) == 1


def test_a_command_whose_database_stops_before_the_commit_is_not_half_there(
    company: Engine, opened: Open, machine: Machine
) -> None:
    before = contents(company)

    sa.event.listen(company.store.engine, "commit", lambda connection: machine.off(), once=True)
    try:
        with pytest.raises(DatabaseUnavailable):
            company.execute(ClaimTask(task_id=opened.task), SPECIALIST, REQUEST)
    finally:
        machine.on()

    assert contents(company) == before
    answers = [company.execute(ClaimTask(task_id=opened.task), SPECIALIST, REQUEST) for _ in range(2)]
    assert [answer.seq for answer in answers] == [2, 0]
