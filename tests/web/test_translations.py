"""Every word of a page is in the Chinese catalogue, with the same parameters."""

import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

WEB = Path(__file__).parents[2] / "web"
PARAMETER = re.compile(r"%\((\w+)\)s")


def catalogue() -> Catalog:
    with (WEB / "translations/zh_CN/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale="zh_CN")


def said() -> set[str]:
    """Every msgid of the sources."""
    found = extract_from_dir(str(WEB), [("**.py", "python"), ("templates/**.html", "jinja2")])
    return {message for _, _, message, _, _ in found if isinstance(message, str)}


def test_no_word_lacks_its_chinese():
    known = {message.id for message in catalogue() if message.string and not message.fuzzy}

    assert said() - known == set()


def test_the_catalogue_holds_nothing_that_is_not_said():
    assert {message.id for message in catalogue() if message.id} - said() == set()


def test_a_translation_has_the_parameters_of_its_original():
    differing = [
        message.id
        for message in catalogue()
        if message.id and not set(PARAMETER.findall(message.string)) <= set(PARAMETER.findall(message.id))
    ]

    assert differing == []
