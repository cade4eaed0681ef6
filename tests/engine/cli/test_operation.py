"""`renoflow worker` and `renoflow doctor`."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine import clock
from engine.cli import main
from engine.db import append_only
from engine.executor import Engine
from tests.factories import deploy, start

Renoflow = Callable[..., Result]


def checks(result: Result) -> dict[str, dict[str, object]]:
    """The last word of a check's name → what it found."""
    return {str(check["name"]).split()[-1]: check for check in json.loads(result.stdout)}


def test_a_good_installation_passes_every_check(renoflow: Renoflow, engine: Engine) -> None:
    result = renoflow("doctor", "--json")

    assert [check for check in checks(result).values() if check["ok"] is False] == []
    assert result.exit_code == 0
    assert "Asia/Shanghai" in result.stderr


def test_a_database_without_tables_is_named(empty_database_url: str, tmp_path: Path) -> None:
    environ = {"RENOFLOW_DATABASE_URL": empty_database_url, "RENOFLOW_VAR": str(tmp_path)}

    result = CliRunner(env=environ).invoke(main, ["doctor"])

    assert result.exit_code == 1
    assert "✗ 数据库 database" in result.stderr


def test_a_database_that_is_not_there_is_named_without_its_password(tmp_path: Path) -> None:
    environ = {"RENOFLOW_DATABASE_URL": "postgresql://u:secret@127.0.0.1:1/x", "RENOFLOW_VAR": str(tmp_path)}

    result = CliRunner(env=environ).invoke(main, ["doctor"])

    assert result.exit_code == 1
    assert "✗ 数据库 database" in result.stderr and "secret" not in result.stderr


def test_a_missing_trigger_is_named(renoflow: Renoflow, engine: Engine) -> None:
    with engine.store.write() as connection:
        connection.exec_driver_sql(append_only.drop_statements(engine.store.dialect)[0])
        connection.commit()

    result = renoflow("doctor", "--json")

    assert result.exit_code == 1
    assert checks(result)["triggers"] == {"name": "记录保护 triggers", "ok": False, "detail": "command_no_delete"}


def test_jobs_that_nobody_performs_are_pointed_out(renoflow: Renoflow, engine: Engine) -> None:
    with clock.hold(clock.now() - timedelta(hours=4)):
        deploy(engine)
        start(engine)

    result = renoflow("doctor", "--json")

    assert result.exit_code == 0
    assert checks(result)["jobs"]["ok"] is None


def test_a_clock_that_went_backwards_is_found(renoflow: Renoflow, engine: Engine) -> None:
    with clock.hold(clock.now() + timedelta(days=1)):
        deploy(engine)

    result = renoflow("doctor", "--json")

    assert result.exit_code == 1
    assert checks(result)["clock"]["ok"] is False


def test_a_key_that_others_may_read_is_found(renoflow: Renoflow, engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_bytes(b"x")
    (tmp_path / "secret_key").chmod(0o644)

    result = renoflow("doctor", "--json")

    assert result.exit_code == 1
    assert "chmod 600 secret_key" in str(checks(result)["folder"]["detail"])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_worker_on_sqlite_is_wrong_use(renoflow: Renoflow, engine: Engine) -> None:
    result = renoflow("worker")

    assert result.exit_code == 2
    assert "renoflow serve" in result.stderr
