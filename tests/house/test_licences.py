"""Every component of both locks has a licence that we may use, and stands in THIRD_PARTY.md."""

from tests.house.sources import ROOT
from tests.house.third_party import is_allowed, npm_components, python_components


def test_every_licence_is_known_and_allowed():
    components = python_components() + npm_components()

    assert len(components) > 100
    assert not [one for one in components if not is_allowed(one.licence)]


def test_third_party_lists_what_is_pinned():
    text = (ROOT / "THIRD_PARTY.md").read_text()
    expected = python_components() + [one for one in npm_components() if not one.name.startswith("@esbuild/")]

    missing = [one for one in expected if f"| {one.name} | {one.version} | {one.licence} |" not in text]

    assert not missing, "run: make lock"


def test_agpl_and_unknown_licences_are_refused():
    assert not is_allowed("AGPL-3.0-or-later")
    assert not is_allowed("MIT AND AGPL-3.0-only")
    assert not is_allowed("unknown")
    assert is_allowed("GPL-2.0-or-later OR MIT")
