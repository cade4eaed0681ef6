"""What the tests of the books share: the company before anything has happened."""

from pathlib import Path

import pytest

from engine.settings import ROOT, Settings
from engine.stories import theatre


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with the company in it."""
    folder = tmp_path_factory.mktemp("company")
    theatre.prepare(
        Settings(database_url=f"sqlite:///{folder / 'company.db'}", var=folder), ROOT / "processes/company.toml"
    )
    return folder / "company.db"
