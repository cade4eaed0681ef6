"""Names say what is inside, and nothing names the machine it was written on."""

import re
import sys

from tests.house.sources import ROOT, own_files

SAYS_NOTHING = {"utils", "util", "helpers", "helper", "service", "services", "manager", "base", "common", "misc"}
TEXT = {".py", ".js", ".mjs", ".css", ".html", ".json", ".toml", ".md", ".lock", ".yaml", ".cfg", ".bpmn", ".dmn", ""}
OF_A_MACHINE = re.compile(
    r"(?<![\w.:/}])/(?:work|root|home|Users|opt)/\w|file:/{2}|registry\.npm|pythonhosted|index-url|find-links"
)


def test_no_module_has_a_name_that_says_nothing():
    modules = {path: path.stem if path.stem != "__init__" else path.parent.name for path in own_files(".py")}

    assert not [str(path.relative_to(ROOT)) for path, name in modules.items() if name in SAYS_NOTHING]


def test_no_module_hides_one_of_pythons_own():
    top = {path.stem for path in ROOT.glob("*.py")} | {path.name for path in ROOT.iterdir() if path.is_dir()}

    assert not top & sys.stdlib_module_names


def test_no_file_mentions_a_machine():
    mentions = []
    for path in own_files():
        if path.suffix in TEXT and path.name != "test_names.py":
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if OF_A_MACHINE.search(line):
                    mentions.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}")

    assert not mentions


def test_every_icon_that_a_page_names_is_in_the_sprite():
    drawn = set(re.findall(r"^[a-z0-9-]+", (ROOT / "web/frontend/icons.txt").read_text(), re.MULTILINE))
    pages = "\n".join(path.read_text() for path in own_files(".html", ".js"))

    named = set(re.findall(r"icons\.svg'?\)? *(?:\}\})?#([a-z0-9-]+)", pages))
    named |= set(re.findall(r"\bicon\([\"']([a-z0-9-]+)[\"']", pages))

    assert named - drawn == set()
