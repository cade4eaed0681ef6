"""Drafts: opened once, saved by one after the other, never kept where no editor could open them again."""

import pytest

from engine.actor import AUDITOR, PROCESS_OWNER, Actor
from engine.commands.open_draft import OpenDraft
from engine.commands.remove_draft_file import RemoveDraftFile
from engine.commands.rename_draft_file import RenameDraftFile
from engine.commands.save_draft_file import SaveDraftFile
from engine.errors import DraftChanged, DraftOpen, DraftUnreadable, EngineError, Forbidden, InvalidCommand, NotFound
from engine.executor import Engine
from engine.studio import drafts
from tests.factories import SPECIALIST, deploy_files, files_of, make_actor

DIAGRAM = "one-task.bpmn"
LONGER = ("hours(3)", "hours(4)")


def open_draft(engine: Engine, actor: Actor, version: int | None = None) -> str:
    return str(engine.execute(OpenDraft(procedure="one-task", version=version), actor).body["draft"])


def save(engine: Engine, actor: Actor, path: str, content: bytes, revision: int) -> int:
    command = SaveDraftFile(procedure="one-task", path=path, content=content, revision=revision)
    return int(engine.execute(command, actor).body["revision"])


def diagram(*change: str) -> bytes:
    text = files_of("one-task")[DIAGRAM].decode()
    return (text.replace(*change) if change else text).encode()


def kept(engine: Engine) -> dict[str, bytes]:
    with engine.read() as connection:
        return drafts.files(connection, drafts.require(connection, "one-task").id)


def commands(engine: Engine) -> int:
    with engine.read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM command").scalar() or 0)


def test_a_draft_holds_the_files_of_the_version_in_force(studio: Engine, owner: Actor, second: Actor):
    before = commands(studio)

    draft = open_draft(studio, owner)

    assert open_draft(studio, second) == draft
    assert kept(studio) == files_of("one-task")
    assert commands(studio) == before


def test_a_draft_may_hold_an_earlier_version(studio: Engine, owner: Actor):
    deploy_files(studio, files_of("one-task") | {DIAGRAM: diagram(*LONGER)})

    open_draft(studio, owner, version=1)

    assert kept(studio)[DIAGRAM] == diagram()
    with pytest.raises(DraftOpen):
        open_draft(studio, owner, version=2)


def test_of_two_people_on_one_file_the_later_is_refused(studio: Engine, owner: Actor, second: Actor):
    open_draft(studio, owner)
    save(studio, owner, DIAGRAM, diagram(*LONGER), 1)

    with pytest.raises(DraftChanged) as refused:
        save(studio, second, DIAGRAM, diagram("hours(3)", "hours(5)"), 1)

    assert refused.value.context["by"] == owner.key
    assert kept(studio)[DIAGRAM] == diagram(*LONGER)


def test_two_people_on_two_files_do_not_meet(studio: Engine, owner: Actor, second: Actor):
    open_draft(studio, owner)

    assert save(studio, owner, DIAGRAM, diagram(*LONGER), 1) == 2
    assert save(studio, second, "documents/slip.typ", b"= A slip", 0) == 3


def test_a_file_that_was_removed_and_made_anew_is_another_one(studio: Engine, owner: Actor, second: Actor):
    open_draft(studio, owner)
    path = "forms/one-task/answer.json"
    studio.execute(RemoveDraftFile(procedure="one-task", path=path, revision=1), owner)
    with pytest.raises(DraftChanged):
        save(studio, second, path, b'{"components": []}', 1)

    assert save(studio, owner, path, b'{"components": [], "id": "answer"}', 0) == 3

    with pytest.raises(DraftChanged):
        save(studio, second, path, b'{"components": []}', 1)


def test_the_same_content_is_no_change(studio: Engine, owner: Actor):
    open_draft(studio, owner)

    assert save(studio, owner, DIAGRAM, diagram(), 1) == 1


def test_problems_are_kept_so_that_the_next_day_goes_on_with_them(studio: Engine, owner: Actor):
    open_draft(studio, owner)

    assert save(studio, owner, DIAGRAM, diagram("hours(3)", "hours()"), 1) == 2


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (DIAGRAM, b"no diagram"),
        (DIAGRAM, b""),
        (DIAGRAM, b"<html/>"),
        (DIAGRAM, b"\xff\xfe<definitions/>"),
        (DIAGRAM, b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        (DIAGRAM, b"<a>" + b" " * 2**21 + b"</a>"),
        ("table.dmn", b"a=1"),
        ("procedure.toml", b"title = "),
        ("forms/one-task/answer.json", b"{"),
        ("forms/one-task/answer.json", b'{"components": "' + b" " * 200_000 + b'"}'),
        ("documents/paper.typ", b" " * (2**21 + 1)),
    ],
)
def test_what_no_editor_could_open_again_is_not_kept(studio: Engine, owner: Actor, path: str, content: bytes):
    open_draft(studio, owner)

    with pytest.raises(DraftUnreadable) as refused:
        save(studio, owner, path, content, 1 if path in kept(studio) else 0)

    assert refused.value.problems
    assert kept(studio) == files_of("one-task")


@pytest.mark.parametrize(
    "path",
    [
        "../one-task.bpmn", "other.bpmn", "forms/other/answer.json", "forms/one-task/../x.json", "calls/a/a.bpmn",
        "documents/a b.typ", "documents/paper.typ\n", "", "/etc/passwd", "README.md",
    ],
)  # fmt: skip
def test_a_draft_takes_the_files_of_its_procedure_alone(studio: Engine, owner: Actor, path: str):
    open_draft(studio, owner)

    with pytest.raises(InvalidCommand):
        save(studio, owner, path, b"<a/>" if "bpmn" not in path else diagram(), 0)


def test_the_diagram_and_the_settings_stay(studio: Engine, owner: Actor):
    open_draft(studio, owner)

    for path, error in ((DIAGRAM, InvalidCommand), ("procedure.toml", InvalidCommand), ("table.dmn", NotFound)):
        with pytest.raises(error):
            studio.execute(RemoveDraftFile(procedure="one-task", path=path, revision=1), owner)


def test_owners_and_administrators_alone_change_procedures(studio: Engine, owner: Actor):
    outsiders = [SPECIALIST, make_actor(23, roles=[AUDITOR]), make_actor(25, roles=[AUDITOR, PROCESS_OWNER])]

    for actor in outsiders:
        with pytest.raises(Forbidden):
            open_draft(studio, actor)
    open_draft(studio, owner)
    for actor in outsiders:
        with pytest.raises(Forbidden):
            save(studio, actor, DIAGRAM, diagram(), 1)
        with pytest.raises(Forbidden):
            studio.execute(RemoveDraftFile(procedure="one-task", path="documents/a.typ", revision=1), actor)


def test_a_procedure_that_is_not_there_has_no_draft(studio: Engine, owner: Actor):
    for version, procedure in ((None, "none"), (7, "one-task")):
        with pytest.raises(NotFound):
            studio.execute(OpenDraft(procedure=procedure, version=version), owner)
    with pytest.raises(EngineError):
        save(studio, owner, DIAGRAM, diagram(), 1)


def test_a_renamed_file_is_there_once_whatever_happens(studio: Engine, owner: Actor):
    open_draft(studio, owner)
    old = next(path for path in kept(studio) if path.startswith("forms/"))
    taken = f"{old.rpartition('/')[0]}/other.json"
    content = kept(studio)[old]
    save(studio, owner, taken, content, 0)
    before = kept(studio)

    def rename(path: str, to: str, data: bytes = content) -> RenameDraftFile:
        return RenameDraftFile(procedure="one-task", path=path, to=to, content=data, revision=1)

    new = f"{old[:-5]}2.json"
    for wrong, error in (
        (rename(old, taken), DraftChanged),
        (rename(old, f"{taken}/.."), InvalidCommand),
        (rename(old, new, b"{"), DraftUnreadable),
        (rename(DIAGRAM, new), InvalidCommand),
    ):
        with pytest.raises(error):
            studio.execute(wrong, owner)
        assert kept(studio) == before, wrong.to

    studio.execute(rename(old, new), owner)
    assert kept(studio) == {**{path: data for path, data in before.items() if path != old}, new: content}
