"""The PostgreSQL of the tests outlives what other test runs on the same machine do."""

from collections.abc import Callable

import psycopg
import pytest


@pytest.mark.postgres
def test_the_server_goes_on_when_another_pytest_starts(
    postgres_server: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    runs = next(path for path in tmp_path_factory.getbasetemp().parents if path.name.startswith("pytest-of-"))

    runs.chmod(0o700)  # as each start of pytest does

    with psycopg.connect(postgres_server("postgres"), autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        connection.execute("CREATE DATABASE after_another_start TEMPLATE template0")
        connection.execute("DROP DATABASE after_another_start")
