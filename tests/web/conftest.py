"""The application on the company's afternoon, made once and copied for each test."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from engine import clock, installation
from engine.actor import Actor
from engine.bootstrap import build_engine
from engine.executor import Engine
from engine.settings import Settings
from engine.stories import company
from tests.web import stage
from web import create_app


@dataclass(frozen=True, kw_only=True)
class Office:
    """An application that serves the company, and who works there."""

    app: Flask
    engine: Engine
    people: dict[str, Actor]

    def visit(self, login: str | None = None) -> FlaskClient:
        """A browser, logged in as somebody."""
        client = self.app.test_client()
        if login is not None:
            number = self.people[login].key.removeprefix("person:")
            answer = client.post("/login/demo", data={"person": number})
            assert answer.status_code == 303
        return client


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with the company and its complaint procedures, without a case."""
    var = tmp_path_factory.mktemp("furnished")
    settings = Settings(var=var)
    installation.bring_up(settings)
    engine = build_engine(settings)
    people = stage.furnish(engine)
    with clock.hold(stage.NOW):
        stage.open_to_all(engine, people)
    with engine.store.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.store.close()
    return var / "renoflow.db"


@pytest.fixture
def office(furnished: Path, tmp_path: Path) -> Iterator[Office]:
    """The company at NOW, on a database of this test's own; forms need no token here, a test of its own asks for it."""
    shutil.copy(furnished, tmp_path / "renoflow.db")
    yield from opened(Settings(var=tmp_path), lambda engine: company.actors(engine))


@pytest.fixture
def office_of_both(database_url: str, tmp_path: Path) -> Iterator[Office]:
    """As `office`, once on each store; made anew, so for few tests."""

    def furnish(engine: Engine) -> dict[str, Actor]:
        people = stage.furnish(engine)
        with clock.hold(stage.NOW):
            stage.open_to_all(engine, people)
        return people

    yield from opened(Settings(database_url=database_url, var=tmp_path), furnish)


def opened(settings: Settings, people: Callable[[Engine], Any]) -> Iterator[Office]:
    engine = build_engine(settings)
    app = create_app(engine=engine)
    app.config["WTF_CSRF_ENABLED"] = False
    found = people(engine)
    with clock.hold(stage.NOW):
        yield Office(app=app, engine=engine, people=found)
    engine.store.close()
