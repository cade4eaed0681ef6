"""Arrows go one way: the contracts in pyproject.toml hold, and name every part of the engine."""

import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

from tests.house.sources import ROOT


def test_the_import_contracts_hold():
    command = [Path(sys.executable).with_name("lint-imports"), "--no-logo"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_part_of_the_engine_stands_in_the_layers():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = " ".join(next(one for one in contracts if one["type"] == "layers")["layers"])
    python = [path for path in (ROOT / "engine").iterdir() if path.suffix == ".py" or list(path.glob("*.py"))]

    missing = [path.stem for path in python if path.stem != "__init__" and f"(engine.{path.stem})" not in layers]

    assert not missing


def test_the_names_engine_and_web_are_ours_alone():
    owners = metadata.packages_distributions()

    assert set(owners.get("engine", [])) <= {"renoflow"}
    assert set(owners.get("web", [])) <= {"renoflow"}
