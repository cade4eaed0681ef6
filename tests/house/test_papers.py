"""What the papers say is there: commands of the READMEs, targets of three lines, an Unreleased section."""

import re
import tomllib

import pytest

from tests.house.sources import ROOT

READMES = ["README.md", "README.zh.md"]


def targets() -> dict[str, int]:
    """Return make target → lines of its recipe."""
    text = (ROOT / "Makefile").read_text()
    return {name: body.count("\t") for name, body in re.findall(r"^([\w./-]+):[^=\n]*\n((?:\t.*\n)*)", text, re.M)}


@pytest.mark.parametrize("readme", READMES)
def test_the_commands_of_a_readme_exist(readme):
    named = set(re.findall(r"(?:^    |`)make ([a-z-]+)", (ROOT / readme).read_text(), re.M))

    assert {"run", "test", "check"} <= named
    assert named <= set(targets())


def test_both_readmes_name_the_same_commands():
    commands = [re.findall(r"^    (.+)$", (ROOT / readme).read_text(), re.M) for readme in READMES]

    assert commands[0] == commands[1] != []


def test_a_target_is_at_most_three_lines():
    assert not [name for name, lines in targets().items() if lines > 3]


def test_the_changelog_has_an_unreleased_section():
    assert "\n## Unreleased\n" in (ROOT / "CHANGELOG.md").read_text()


def test_decisions_are_numbered_and_complete():
    decisions = sorted((ROOT / "docs/decisions").glob("*.md"))

    numbers = [path.name[:4] for path in decisions]
    assert numbers == sorted(set(numbers))
    for path in decisions:
        parts = re.findall(r"^(?:## |\*\*)(Context|Decision|Consequences|Alternatives)\b", path.read_text(), re.M)
        assert parts == ["Context", "Decision", "Consequences", "Alternatives"], path.name


def test_spiffworkflow_is_pinned_exactly():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert any(re.fullmatch(r"SpiffWorkflow==\d+\.\d+\.\d+", one) for one in project["dependencies"])
