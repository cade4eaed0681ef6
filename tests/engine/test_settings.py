"""Settings: read once, from the environment."""

from dataclasses import fields
from pathlib import Path

import pytest

from engine.errors import InvalidSetting
from engine.settings import ROOT, Settings, variable


def test_what_is_not_set_has_its_default() -> None:
    settings = Settings.read({})

    assert (settings.port, settings.url) == (8000, "sqlite:///var/renoflow.db")


def test_variables_bear_the_names_of_the_settings() -> None:
    environ = {"RENOFLOW_PORT": " 8001 ", "RENOFLOW_VAR": "/srv/renoflow", "RENOFLOW_DATABASE_URL": ""}

    settings = Settings.read(environ)

    assert (settings.port, settings.var) == (8001, Path("/srv/renoflow"))
    assert settings.url == "sqlite:////srv/renoflow/renoflow.db"


@pytest.mark.parametrize("value", ["many", "0", "-1", "8e3"])
def test_a_number_that_makes_no_sense_is_refused(value: str) -> None:
    with pytest.raises(InvalidSetting):
        Settings.read({"RENOFLOW_PORT": value})


def test_the_operators_page_lists_every_setting_as_it_is_described() -> None:
    page = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")

    for setting in fields(Settings):
        assert f"| `{variable(setting.name)}` |" in page
        assert str(setting.metadata["about"]) in page
