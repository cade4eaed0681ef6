"""The folders and the studio: neither takes back unseen what the other published."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from engine.actor import PROCESS_OWNER
from engine.commands.approve_draft import ApproveDraft
from engine.commands.open_draft import OpenDraft
from engine.commands.save_draft_file import SaveDraftFile
from engine.commands.submit_draft import SubmitDraft
from engine.executor import Engine
from engine.studio import folders
from tests.factories import deploy, files_of, make_actor

NAME, DIAGRAM = "one-task", "one-task.bpmn"
OWNER, SECOND = (make_actor(number, roles=[PROCESS_OWNER]) for number in (21, 22))
Renoflow = Callable[..., Result]


def edited(hours: int) -> bytes:
    return files_of(NAME)[DIAGRAM].replace(b"hours(3)", b"hours(%d)" % hours)


@pytest.fixture
def published(engine: Engine, tmp_path: Path) -> Path:
    """A folder with version 1, and version 2 published in the browser: four hours instead of three."""
    folders.write(tmp_path / "data", NAME, files_of(NAME))
    deploy(engine)
    engine.execute(OpenDraft(procedure=NAME), OWNER)
    engine.execute(SaveDraftFile(procedure=NAME, path=DIAGRAM, content=edited(4), revision=1), OWNER)
    engine.execute(SubmitDraft(procedure=NAME, reason="三小时太紧"), OWNER)
    engine.execute(ApproveDraft(procedure=NAME), SECOND)
    return tmp_path / "data"


def folder_of(data: Path) -> str:
    return str(data / "processes" / NAME)


def test_a_folder_takes_back_nothing_unseen(published: Path, renoflow: Renoflow):
    refused = renoflow("procedures", "deploy", folder_of(published))
    wrong = renoflow("procedures", "deploy", folder_of(published), "--over", f"{NAME}@1")
    taken = renoflow("procedures", "deploy", folder_of(published), "--over", f"{NAME}@2")

    assert (refused.exit_code, wrong.exit_code, taken.exit_code) == (1, 1, 0)
    assert f"--over {NAME}@2" in refused.stderr and "4" in refused.stderr and "3" in refused.stderr
    assert "version 3" in taken.stderr


def test_what_was_published_in_the_browser_is_written_into_the_folder_and_then_deployed_from_it(
    published: Path, renoflow: Renoflow
):
    story = published / "processes" / NAME / "scenarios" / "a.toml"
    story.parent.mkdir()
    story.write_text("title = 'kept'")

    out = renoflow("procedures", "export", NAME, "--to", str(published))

    diagram = published / "processes" / NAME / DIAGRAM
    assert out.exit_code == 0 and diagram.read_bytes() == edited(4) and story.is_file()
    assert renoflow("procedures", "deploy", folder_of(published)).exit_code == 0
    diagram.write_bytes(edited(5))
    later = renoflow("procedures", "deploy", folder_of(published))
    assert later.exit_code == 1 and f"{NAME}@2" in later.stderr


def test_a_folder_with_changes_of_its_own_is_not_overwritten(published: Path, renoflow: Renoflow):
    diagram = published / "processes" / NAME / DIAGRAM
    diagram.write_bytes(edited(7))

    kept = renoflow("procedures", "export", NAME, "--to", str(published))
    assert kept.exit_code == 1 and diagram.read_bytes() == edited(7)

    replaced = renoflow("procedures", "export", NAME, "--to", str(published), "--over")
    assert replaced.exit_code == 0 and diagram.read_bytes() == edited(4)
    assert renoflow("procedures", "export", "no-such", "--to", str(published)).exit_code == 2
