"""What the pages under docs/ say of the code is so: errors, terms, commands."""

import re
import tomllib
from collections.abc import Iterator

from click import Context

from engine.cli import main
from engine.errors import EngineError, Failure
from engine.messages import MESSAGES
from tests.house.sources import ROOT
from web.errors import STATUS


def kinds(of: type[EngineError] = EngineError) -> Iterator[type[EngineError]]:
    for one in of.__subclasses__():
        yield one
        yield from kinds(one)


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def test_the_page_of_errors_lists_each_with_its_status_and_words():
    rows = re.findall(r"^\| `([a-z_.]+)` \| (\d+) \| (.+?)<br>(.+?) \| (.+) \|$", page("errors.md"), re.M)

    listed = {code: (int(status), zh, en) for code, status, zh, en, _way_out in rows}
    codes = {one.code: 500 if issubclass(one, Failure) else 400 for one in kinds()}
    assert len(rows) == len(listed)
    assert listed == {code: (STATUS.get(code, usual), *MESSAGES[code]) for code, usual in codes.items()}


def test_the_glossary_has_every_group_of_the_company():
    groups = tomllib.loads((ROOT / "processes/company.toml").read_text(encoding="utf-8"))["groups"]
    named = {key: one["name"] for key, one in groups.items() if one.get("kind") != "crew"}

    rows = dict(re.findall(r"^\| ([^|]+?) \| [^|]+ \| `([a-z_]+)` \|", page("glossary.md"), re.M))
    terms = {key: zh for zh, key in rows.items()}
    assert {key: name for key, name in named.items() if name not in terms.get(key, "").split(" / ")} == {}


def test_the_owners_page_names_commands_and_pages_that_exist():
    text = page("owners.md")

    named = re.findall(r"`renoflow (\w+) (\w+)", text)
    assert named
    for group, name in named:
        assert name in main.get_command(Context(main), group).commands, f"{group} {name}"
    for target in re.findall(r"\]\(([^)]+)\)", text):
        path = ROOT / "docs" / target
        assert path.is_file() or path.with_suffix(".md").is_file(), target
