"""A database that is locked, gone, broken, or of another release: said clearly, and nothing is lost."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from engine.bootstrap import build_engine
from engine.cli import main
from engine.commands.claim_task import ClaimTask
from engine.commands.comment import Comment
from engine.db import session
from engine.errors import DatabaseBusy, DatabaseUnavailable, SchemaTooNew, SchemaTooOld
from engine.executor import Engine
from engine.settings import Settings
from tests.bad_input.browsing import Browser, submission
from tests.bad_input.conftest import Open
from tests.bad_input.untouched import contents, nothing_changes
from tests.factories import SPECIALIST

Visit = Callable[..., Browser]
ONLY_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ONLY_POSTGRESQL = pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)
HOLDER = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
"""


def path_of(engine: Engine) -> Path:
    return Path(str(engine.store.engine.url.database))


@contextmanager
def locked_by_another_process(path: Path) -> Iterator[None]:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdin and holder.stdout
    try:
        assert holder.stdout.readline() == "held\n"
        yield
    finally:
        holder.stdin.close()
        holder.wait()
        holder.stdout.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits ten seconds for a lock here."""
    monkeypatch.setattr(session, "LOCK_WAIT", timedelta(milliseconds=50))


@ONLY_SQLITE
def test_a_database_that_another_process_writes_to_is_busy_for_now(
    impatient: None, company: Engine, opened: Open, visit: Visit
) -> None:
    browser, sent = visit(1), submission(company, opened.task, result="settled", words="写了很久")
    before = contents(company)

    with locked_by_another_process(path_of(company)):
        with pytest.raises(DatabaseBusy):
            company.execute(ClaimTask(task_id=opened.task), SPECIALIST)
        answer = browser.post(f"/tasks/{opened.task}/complete", sent)

    assert answer.status_code == 503 and "系统繁忙" in answer.text and "写了很久" in answer.text
    assert contents(company) == before
    assert browser.post(f"/tasks/{opened.task}/complete", sent).status_code == 303


@ONLY_POSTGRESQL
def test_a_case_that_another_process_holds_is_busy_for_now(impatient: None, company: Engine, opened: Open) -> None:
    patient = build_engine(company.settings)  # made while patience is short
    with psycopg.connect(company.settings.database_url) as other:
        other.execute("SELECT 1 FROM instance FOR UPDATE")
        with nothing_changes(company), pytest.raises(DatabaseBusy):
            patient.execute(ClaimTask(task_id=opened.task), SPECIALIST)
    assert patient.execute(ClaimTask(task_id=opened.task), SPECIALIST).seq == 2
    patient.store.close()


@ONLY_SQLITE
def test_a_database_file_that_is_taken_away_is_missed_at_once_and_welcome_back(
    company: Engine, opened: Open, visit: Visit
) -> None:
    browser, path = visit(1), path_of(company)
    sent = submission(company, opened.task, result="settled", words="写了很久")
    before = contents(company)
    company.store.close()  # so that everything is in the file that is moved
    moved = path.with_suffix(".away")
    os.rename(path, moved)

    with pytest.raises(DatabaseUnavailable):
        company.execute(ClaimTask(task_id=opened.task), SPECIALIST)
    answers = [browser.post(f"/tasks/{opened.task}/complete", sent), browser.get("/"), browser.get("/login")]
    answers.append(browser.get("/readyz"))

    assert [answer.status_code for answer in answers] == [503] * 4
    assert "数据库暂时连不上" in answers[0].text and "写了很久" in answers[0].text
    assert browser.get("/healthz").status_code == 200
    assert not path.exists()
    os.rename(moved, path)
    assert contents(company) == before
    assert browser.post(f"/tasks/{opened.task}/complete", sent).status_code == 303


@ONLY_SQLITE
def test_nothing_is_written_to_a_database_file_that_was_replaced(company: Engine, opened: Open) -> None:
    path = path_of(company)
    company.store.close()
    backup = path.with_suffix(".backup")
    shutil.copy(path, backup)
    company.execute(Comment(case_id=opened.case, text="after the backup"), SPECIALIST)
    os.replace(backup, path)
    for rest in ("-wal", "-shm"):
        Path(f"{path}{rest}").unlink(missing_ok=True)

    done = company.execute(Comment(case_id=opened.case, text="after the restore"), SPECIALIST)

    with sqlite3.connect(path) as fresh:
        assert fresh.execute("SELECT max(seq) FROM command WHERE stream = ?", (opened.case,)).fetchone() == (done.seq,)
    fresh.close()


@ONLY_POSTGRESQL
def test_connections_that_the_server_cuts_off_are_made_anew(company: Engine, opened: Open, visit: Visit) -> None:
    browser = visit(1)

    with nothing_changes(company), pytest.raises(DatabaseUnavailable), company.read() as connection:
        mine = connection.scalar(sa.text("SELECT pg_backend_pid()"))
        with psycopg.connect(company.settings.database_url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", (mine,))
        connection.execute(sa.text("SELECT 1"))

    assert browser.post(f"/tasks/{opened.task}/claim").status_code == 303


@ONLY_POSTGRESQL
def test_a_server_that_is_not_there_is_said_on_the_page_and_nothing_is_lost(
    company: Engine, opened: Open, visit: Visit
) -> None:
    browser, sent = visit(1), submission(company, opened.task, result="settled", words="写了很久")
    there = company.store
    company.store = session.Store("postgresql://u:secret@127.0.0.1:1/x")
    try:
        answers = [browser.post(f"/tasks/{opened.task}/complete", sent), browser.get("/"), browser.get("/login")]
        answers += [browser.get("/readyz"), browser.get("/metrics")]
        assert [answer.status_code for answer in answers] == [503] * 5
        assert "数据库暂时连不上" in answers[0].text and "写了很久" in answers[0].text
        assert not any("secret" in answer.text or "127.0.0.1:1" in answer.text for answer in answers)
    finally:
        company.store.close()
        company.store = there
    assert browser.post(f"/tasks/{opened.task}/complete", sent).status_code == 303


@pytest.mark.parametrize(("revision", "error"), [("0000", SchemaTooNew), (None, SchemaTooOld)])
def test_a_database_of_another_release_is_not_touched(
    company: Engine, settings: Settings, revision: str | None, error: type[Exception]
) -> None:
    with company.store.write() as connection:
        connection.execute(sa.text("DELETE FROM alembic_version"))
        if revision is not None:
            connection.execute(sa.text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision})
        connection.commit()
    environ = {"RENOFLOW_DATABASE_URL": settings.database_url, "RENOFLOW_VAR": str(settings.var)}

    with nothing_changes(company), pytest.raises(error):
        build_engine(settings)
    with nothing_changes(company):
        for arguments in (["serve"], ["worker"], ["audit", "verify"]):
            result = CliRunner(env=environ).invoke(main, arguments)
            assert result.exit_code in (1, 2) and isinstance(result.exception, SystemExit), arguments
            assert ("升级程序" if revision else "renoflow migrate") in result.stderr, arguments


BROKEN: dict[str, Callable[[Path], object]] = {
    "no database": lambda path: path.write_bytes(b"this is no database, only a text that is long enough" * 100),
    "a folder": lambda path: path.mkdir(),
    "cut off": lambda path: os.truncate(shutil.copy(path.with_name("renoflow.db"), path), 5000),
}


@ONLY_SQLITE
@pytest.mark.parametrize("kind", BROKEN)
def test_a_file_that_is_no_database_ends_the_program_with_a_word(company: Engine, tmp_path: Path, kind: str) -> None:
    company.store.close()
    path = tmp_path / "broken.db"
    BROKEN[kind](path)
    before = path.read_bytes() if path.is_file() else b""
    environ = {"RENOFLOW_DATABASE_URL": f"sqlite:///{path}", "RENOFLOW_VAR": str(tmp_path)}

    for arguments in (["serve"], ["migrate"], ["doctor"], ["audit", "verify"]):
        result = CliRunner(env=environ).invoke(main, arguments)
        assert result.exit_code in (1, 2) and isinstance(result.exception, SystemExit), arguments
        assert "数据库" in result.stderr and "Traceback" not in result.stderr, arguments

    assert before == (path.read_bytes() if path.is_file() else b"")
