"""The command line with a database that is not there or a setting that is none: 1 for a problem, 2 for wrong use."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.cli import main
from tests.factories import DIAGRAMS

COMMANDS = [
    ["serve"],
    ["worker"],
    ["migrate"],
    ["doctor"],
    ["audit", "verify"],
    ["audit", "replay", "--all"],
    ["procedures", "deploy", str(DIAGRAMS / "one-task")],
    ["demo", "--if-empty"],
    ["init", "--username", "admin", "--password-stdin"],
]


def run(arguments: list[str], folder: Path, **environ: str) -> Result:
    return CliRunner(env={"RENOFLOW_VAR": str(folder), **environ}).invoke(main, arguments, input="correct horse\n")


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_server_that_is_not_there_is_a_problem(tmp_path: Path, arguments: list[str]) -> None:
    result = run(arguments, tmp_path, RENOFLOW_DATABASE_URL="postgresql://u:secret@127.0.0.1:1/x")

    assert result.exit_code == 1 and isinstance(result.exception, SystemExit)
    assert "数据库" in result.stderr and "secret" not in result.output


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    "url",
    ["nonsense", "mysql://a/b", "postgresql://u:secret@127.0.0.1:port/x", "sqlite://", "sqlite:///:memory:", "://"],
)
def test_an_address_that_is_none_is_wrong_use(tmp_path: Path, arguments: list[str], url: str) -> None:
    result = run(arguments, tmp_path, RENOFLOW_DATABASE_URL=url)

    assert result.exit_code == 2 and isinstance(result.exception, SystemExit)
    assert "RENOFLOW_DATABASE_URL" in result.stderr and "secret" not in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_setting_that_makes_no_sense_is_wrong_use(tmp_path: Path, arguments: list[str]) -> None:
    result = run(arguments, tmp_path, RENOFLOW_PORT="many")

    assert result.exit_code == 2 and isinstance(result.exception, SystemExit)
    assert "RENOFLOW_PORT" in result.stderr
    assert list(tmp_path.iterdir()) == []
