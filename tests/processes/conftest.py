"""What the tests of the books share: the company before anything has happened."""

from datetime import datetime
from pathlib import Path

import pytest

from engine import clock
from engine.settings import ROOT, Settings
from engine.stories import theatre


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with the company in it."""
    folder = tmp_path_factory.mktemp("company")
    settings = Settings(database_url=f"sqlite:///{folder / 'company.db'}", var=folder)
    with clock.hold(datetime(2025, 1, 2, 9, 0, tzinfo=clock.OFFICE)):  # what is held of the crews was held before
        theatre.prepare(settings, ROOT / "processes/company.toml")
    return folder / "company.db"
