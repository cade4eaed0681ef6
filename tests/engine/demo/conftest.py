"""What the demos of these tests are compared with."""

import tomllib

import pytest

from engine.settings import ROOT


@pytest.fixture(scope="session")
def procedures_with_cases() -> set[str]:
    """The procedures that number cases of their own."""
    files = (ROOT / "processes").glob("*/procedure.toml")
    read = {path.parent.name: tomllib.loads(path.read_text("utf-8")) for path in files}
    return {name for name, one in read.items() if "key" in one}
