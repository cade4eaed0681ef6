"""Making an installation from the command line."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine import passwords
from engine.cli import main
from engine.db.session import serving
from engine.errors import AlreadyServing, InvalidCommand
from engine.installation import found
from engine.queries import people
from engine.registers import calendar
from engine.settings import Settings


def run(var: Path, *arguments: str, answers: str = "") -> Result:
    environ = {"RENOFLOW_VAR": str(var), "RENOFLOW_DATABASE_URL": ""}
    return CliRunner().invoke(main, arguments, input=answers, env=environ)


def test_init_makes_a_database_with_a_calendar_and_an_administrator(tmp_path: Path) -> None:
    made = run(tmp_path, "init", "--username", "admin", "--name", "管理员", "--password", "correct horse")

    assert made.exit_code == 0, made.output
    engine = found(Settings(var=tmp_path))
    with engine.read() as connection:
        person_id, stored = people.credentials(connection, "admin") or (0, "")
        known = people.known(connection, person_id)
        assert 2026 in calendar.read(connection).published
    engine.store.close()
    assert known is not None
    assert known.actor.roles == {"administrator"}
    assert passwords.matches(stored, "correct horse")
    assert not passwords.matches(stored, "correct house")


def test_a_second_init_changes_nothing(tmp_path: Path) -> None:
    arguments = ("init", "--username", "admin", "--name", "管理员", "--password", "correct horse")
    run(tmp_path, *arguments)

    assert run(tmp_path, *arguments).exit_code == 1


def test_migrate_says_from_where_to_where(tmp_path: Path) -> None:
    first = run(tmp_path, "migrate")
    second = run(tmp_path, "migrate")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "— → 0001" in first.output
    assert "0001 → 0001" in second.output


def test_serve_refuses_a_database_that_was_never_made(tmp_path: Path) -> None:
    assert run(tmp_path, "serve").exit_code == 1


def test_one_process_serves_from_a_sqlite_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'renoflow.db'}"

    with serving(url), pytest.raises(AlreadyServing), serving(url):
        pass
    with serving(url):
        pass


def test_short_passwords_are_refused_and_nobody_has_none() -> None:
    with pytest.raises(InvalidCommand):
        passwords.hashed("short")
    assert not passwords.matches(None, "nobody has this password")
