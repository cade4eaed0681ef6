"""`renoflow init`, `migrate` and `serve` on real installations."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from engine import clock
from engine.cli import main
from engine.db.models import breach, calendar_year, deployment, group_, person
from engine.db.session import Store
from engine.executor import Engine
from engine.passwords import matches
from engine.settings import Settings
from tests.factories import DIAGRAMS, deploy, start

PASSWORD = "correct horse battery"
LONGEST_WAIT = timedelta(seconds=60)
COMPANY = """
[groups.customer_service_dept]
name = "客服监察部"
kind = "department"
head = "lin_xiaomei"

[groups.service_specialist]
name = "客服专员"
name_en = "Customer service specialists"
department = "customer_service_dept"

[groups.service_manager]
name = "客服经理"
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with one procedure, its forms and a company."""
    root = tmp_path / "data"
    shutil.copytree(DIAGRAMS / "one-task", root / "processes" / "one-task")
    shutil.move(root / "processes" / "one-task" / "forms", root / "forms")
    (root / "processes" / "company.toml").write_text(COMPANY, encoding="utf-8")
    return root


@pytest.fixture
def environ(empty_database_url: str, tmp_path: Path, data: Path) -> dict[str, str]:
    """The settings of an installation that is not made yet."""
    return {
        "RENOFLOW_DATABASE_URL": empty_database_url,
        "RENOFLOW_VAR": str(tmp_path / "var"),
        "RENOFLOW_DATA": str(data),
    }


def init(environ: dict[str, str], *arguments: str, typed: str = PASSWORD + "\n") -> Result:
    return CliRunner(env=environ).invoke(main, ["init", *arguments], input=typed)


def rows(environ: dict[str, str], *columns: sa.Column[object]) -> list[tuple[object, ...]]:
    store = Store(environ["RENOFLOW_DATABASE_URL"])
    with store.read() as connection:
        found = [tuple(row) for row in connection.execute(sa.select(*columns).order_by(columns[0]))]
    store.close()
    return found


def test_init_makes_an_administrator_groups_calendar_and_procedures(environ: dict[str, str]) -> None:
    result = init(environ, "--username", "admin", "--password-stdin")

    assert (result.exit_code, result.stdout) == (0, "")
    ((name, stored, roles),) = rows(environ, person.c.username, person.c.password_hash, person.c.roles)
    assert (name, roles) == ("admin", ["administrator"]) and matches(str(stored), PASSWORD)
    assert rows(environ, group_.c.key, group_.c.kind, group_.c.head) == [
        ("customer_service_dept", "department", None),
        ("service_manager", "group", None),
        ("service_specialist", "group", None),
    ]
    assert rows(environ, deployment.c.procedure) == [("one-task",)]
    assert (2026,) in rows(environ, calendar_year.c.year)


def test_init_asks_for_what_it_was_not_told(environ: dict[str, str]) -> None:
    result = init(environ, typed=f"admin\n王主任\n{PASSWORD}\n{PASSWORD}\n")

    assert result.exit_code == 0
    assert rows(environ, person.c.username, person.c.name) == [("admin", "王主任")]
    assert PASSWORD not in result.output


def test_a_second_init_changes_nothing(environ: dict[str, str]) -> None:
    init(environ, "--username", "admin", "--password-stdin")

    result = init(environ, "--username", "other", "--password-stdin")

    assert result.exit_code == 1
    assert rows(environ, person.c.username) == [("admin",)]


def test_a_short_password_is_wrong_use_and_init_can_be_repeated(environ: dict[str, str]) -> None:
    assert init(environ, "--username", "admin", "--password-stdin", typed="short\n").exit_code == 2
    assert init(environ, "--username", "admin", "--password-stdin").exit_code == 0


def test_a_procedure_that_is_refused_does_not_keep_the_others_out(environ: dict[str, str], data: Path) -> None:
    broken = data / "processes" / "broken"
    broken.mkdir()
    (broken / "broken.bpmn").write_text("<no/>")

    result = init(environ, "--username", "admin", "--password-stdin")

    assert result.exit_code == 1
    assert "broken" in result.stderr
    assert rows(environ, deployment.c.procedure) == [("one-task",)]


def test_migrate_makes_the_tables_and_may_be_repeated(environ: dict[str, str]) -> None:
    for _ in range(2):
        assert CliRunner(env=environ).invoke(main, ["migrate"]).exit_code == 0

    store = Store(environ["RENOFLOW_DATABASE_URL"])
    with store.read() as connection:
        assert "command" in sa.inspect(connection).get_table_names()
        if store.dialect == "postgresql":
            assert "procrastinate_jobs" in sa.inspect(connection).get_table_names(schema="procrastinate")
    store.close()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait for another process, at most LONGEST_WAIT."""
    end = time.monotonic() + LONGEST_WAIT.total_seconds()
    while not holds():
        assert time.monotonic() < end, f"not in time: {what}"
        time.sleep(0.05)


def answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
    except urllib.error.HTTPError as error:
        error.close()
    except OSError:
        return False
    return True


def launch(settings: Settings, port: int) -> subprocess.Popen[bytes]:
    environ = os.environ | {"RENOFLOW_DATABASE_URL": settings.database_url, "RENOFLOW_VAR": str(settings.var)}
    run = [sys.executable, "-c", "from engine.cli import main; main()", "serve", "--port", str(port)]
    return subprocess.Popen(run, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.fixture
def served(settings: Settings, engine: Engine) -> Iterator[int]:
    """The port of a server on this test's installation, in which a deadline has passed."""
    with clock.hold(clock.now() - timedelta(hours=4)):
        deploy(engine)
        start(engine)
    port = free_port()
    server = launch(settings, port)
    try:
        until(lambda: answers(port) or server.poll() is not None, "the server")
        assert server.poll() is None, server.communicate()
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=LONGEST_WAIT.total_seconds())


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_on_sqlite_the_server_performs_jobs_and_is_the_only_one(
    settings: Settings, engine: Engine, served: int
) -> None:
    def breached() -> bool:
        with engine.read() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(breach)) == 1

    until(breached, "the breach")
    second = launch(settings, free_port())
    out, err = second.communicate(timeout=LONGEST_WAIT.total_seconds())
    assert (second.returncode, out) == (1, b"")
    assert "已有另一个进程" in err.decode()


@pytest.mark.slow
@pytest.mark.parametrize("database_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_on_postgresql_two_servers_serve(settings: Settings, served: int) -> None:
    port = free_port()
    second = launch(settings, port)
    try:
        until(lambda: answers(port) or second.poll() is not None, "the second server")
        assert second.poll() is None
    finally:
        second.send_signal(signal.SIGTERM)
        second.communicate(timeout=LONGEST_WAIT.total_seconds())


def test_a_server_on_an_empty_database_says_what_to_do(environ: dict[str, str]) -> None:
    result = CliRunner(env=environ).invoke(main, ["serve"])

    assert result.exit_code == 1
    assert "renoflow migrate" in result.stderr
