"""Resources that tests share: databases of both kinds, the settings and the engine on them."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from engine.bootstrap import build_engine
from engine.db import migrate, session
from engine.db.models import group_
from engine.db.session import Store
from engine.executor import Engine
from engine.settings import Settings
from tests import postgres

pytest_plugins = ["tests.browser"]

BOTH_STORES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Callable[[str], str]]:
    """A PostgreSQL of the wheel, started when first asked for: database name → URL."""
    with postgres.running() as server:
        yield lambda name: str(server.get_uri(database=name))


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
