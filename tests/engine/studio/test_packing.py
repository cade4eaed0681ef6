"""A procedure as a ZIP: out and in without a difference; what is no procedure is refused by name."""

import io
import zipfile

import pytest

from engine.actor import AUDITOR, Actor
from engine.commands.import_draft import ImportDraft
from engine.errors import DraftChanged, DraftUnreadable, Forbidden, InvalidCommand, PackageRefused
from engine.executor import Engine
from engine.queries import packages
from engine.studio import drafts, packing
from tests.factories import files_of, make_actor

NAME = "one-task"
DIAGRAM = "one-task.bpmn"
FORMS = "forms/one-task"


def zipped(entries: dict[str, bytes] | list[tuple[str, bytes]], *, deflated: bool = True) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED) as archive:
        for name, content in entries.items() if isinstance(entries, dict) else entries:
            archive.writestr(name, content)
    return whole.getvalue()


def reason(content: bytes, procedure: str = "") -> str:
    with pytest.raises(PackageRefused) as refused:
        packing.unpack(content, procedure)
    return str(refused.value.context["reason"])


def test_what_goes_out_comes_in_again_and_is_the_same_each_time():
    files = files_of(NAME)

    content = packing.pack(NAME, files)

    assert packing.unpack(content) == packing.Package(procedure=NAME, files=files)
    assert packing.pack(NAME, dict(reversed(files.items()))) == content
    assert set(zipfile.ZipFile(io.BytesIO(content)).namelist()) >= {f"processes/{NAME}/{DIAGRAM}"}


def test_a_folder_around_it_and_stories_beside_it_do_no_harm():
    files = files_of(NAME)
    around = {f"download/{packing.place(NAME, path)}": content for path, content in files.items()}
    beside = {f"download/processes/{NAME}/scenarios/a.toml": b"", f"download/processes/{NAME}/trace.md": b"#"}

    package = packing.unpack(zipped(around | beside))

    assert package.files == files
    assert package.left_out == tuple(sorted(beside))


def test_a_single_diagram_is_called_after_its_process_or_as_it_is_told():
    diagram = files_of(NAME)[DIAGRAM]

    assert packing.unpack(diagram).procedure == NAME
    assert packing.unpack(diagram, "another-name").files == {"another-name.bpmn": diagram}
    assert reason(diagram, "No Name") == "name"
    assert reason(b"<not a diagram>") == reason(b"GIF89a") == "nothing"


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        ({}, "no_diagram"),
        ({"one-task.bpmn": b"<a/>", "../one-task.dmn": b""}, "outside"),
        ({"one-task.bpmn": b"<a/>", "/etc/passwd": b""}, "outside"),
        ({"one-task.bpmn": b"<a/>", "a\\..\\..\\b.dmn": b""}, "outside"),
        ({"one-task.bpmn": b"<a/>", "C:/b.dmn": b""}, "outside"),
        ({"one-task.bpmn": b"<a/>", "run.py": b"import os"}, "unknown_file"),
        ({"a.bpmn": b"", "b.bpmn": b""}, "many_diagrams"),
        ({"Not A Name.bpmn": b""}, "name"),
        ({f"{n}.dmn": b"" for n in range(packing.MOST_ENTRIES + 1)}, "too_many_entries"),
        ({"one-task.bpmn": b"\0" * (packing.LARGEST_BYTES + 1)}, "too_large"),
        ([("one-task.bpmn", b"<a/>"), ("one-task.bpmn", b"<b/>")], "twice"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_archive_that_is_no_procedure_is_refused_by_name(entries, why):
    assert reason(zipped(entries)) == why


def test_a_hundred_thousand_entries_and_damaged_archives_are_refused():
    many = zipped({f"{n}.dmn": b"" for n in range(100_000)}, deflated=False)
    whole = packing.pack(NAME, files_of(NAME))
    locked = bytearray(whole)
    for sign, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the bit that says “encrypted”
        at = locked.find(sign)
        while at >= 0:
            locked[at + flags] |= 1
            at = locked.find(sign, at + 4)

    assert reason(many) == "too_many_entries"
    assert reason(whole[:-30]) == "damaged"
    assert reason(whole[:40] + b"\xff" * 20 + whole[60:]) == "damaged"
    assert reason(bytes(locked)) == "encrypted"
    assert reason(b"") == "empty"


def test_an_import_becomes_the_draft_and_replaces_nothing_unseen(studio: Engine, owner: Actor, second: Actor):
    longer = files_of(NAME) | {DIAGRAM: files_of(NAME)[DIAGRAM].replace(b"hours(3)", b"hours(4)")}
    first = ImportDraft(procedure=NAME, files=longer, revision=0)

    studio.execute(first, owner)
    with pytest.raises(DraftChanged):
        studio.execute(ImportDraft(procedure=NAME, files=files_of(NAME), revision=0), second)

    with studio.read() as connection:
        draft = drafts.require(connection, NAME)
        assert drafts.files(connection, draft.id) == longer
        assert packages.packed(connection, NAME, "draft") == packing.pack(NAME, longer)
        assert packages.packed(connection, NAME, "1") == packing.pack(NAME, files_of(NAME))
    fewer = {path: content for path, content in longer.items() if not path.startswith(FORMS)}
    studio.execute(ImportDraft(procedure=NAME, files=fewer, revision=draft.revision), second)
    with studio.read() as connection:
        assert drafts.files(connection, draft.id) == fewer


def test_what_no_editor_could_open_or_nobody_may_bring_in_changes_nothing(studio: Engine, owner: Actor):
    files = files_of(NAME)
    auditor = make_actor(23, roles=[AUDITOR])
    for wrong, error, actor in (
        (files | {DIAGRAM: b"no diagram"}, DraftUnreadable, owner),
        (files | {"calls/other/other.bpmn": b""}, InvalidCommand, owner),
        (files, Forbidden, auditor),
    ):
        with pytest.raises(error):
            studio.execute(ImportDraft(procedure=NAME, files=wrong, revision=0), actor)

    with studio.read() as connection:
        assert drafts.find(connection, NAME) is None
