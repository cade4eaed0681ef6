"""A draft's stories are played aside, on the draft's files; what they show is kept until the draft changes."""

from pathlib import Path

import pytest

from engine.commands.open_draft import OpenDraft
from engine.commands.save_draft_file import SaveDraftFile
from engine.executor import Engine
from engine.settings import Settings
from engine.stories import company, trial
from engine.workflow.lint.folder import files_of
from tests.engine.stories.few import CHECKOUT, PROCEDURE, two_stories
from tests.factories import ADMIN, deploy_files

DIAGRAM = f"{PROCEDURE}.bpmn"


@pytest.fixture
def told(engine: Engine, tmp_path: Path) -> Settings:
    """A penalty slip in force with one story that holds and one that does not; gives the settings."""
    data = two_stories(tmp_path / "data")
    company.found_groups(engine, company.read(data / "processes" / "company.toml"))
    deploy_files(engine, files_of(CHECKOUT / "processes" / PROCEDURE, CHECKOUT / "forms"))
    return Settings(data=data, var=tmp_path)


def found(engine: Engine, settings: Settings) -> trial.Trial:
    with engine.read() as connection:
        return trial.find(connection, settings, PROCEDURE)


def played(engine: Engine, settings: Settings) -> trial.Trial:
    asked = found(engine, settings)
    with engine.read() as connection:
        waiting = trial.start(connection, settings, asked)
    assert waiting is not None
    waiting.join(timeout=600)
    return asked


def save(engine: Engine, before: str, after: str) -> None:
    engine.execute(OpenDraft(procedure=PROCEDURE), ADMIN)
    diagram = files_of(CHECKOUT / "processes" / PROCEDURE, CHECKOUT / "forms")[DIAGRAM]
    assert before.encode() in diagram
    content = diagram.replace(before.encode(), after.encode())
    engine.execute(SaveDraftFile(procedure=PROCEDURE, path=DIAGRAM, content=content, revision=1), ADMIN)


def test_each_story_is_told_with_its_reason_and_the_diagram_with_its_counts(engine, told):
    report = played(engine, told).report()

    assert (report["state"], report["done"], report["total"]) == ("done", 2, 2)
    holds, wrong = report["results"]
    assert holds["passed"], holds["reason"]
    assert holds["title"]
    assert (wrong["passed"], wrong["step"]) == (False, 0)
    assert wrong["reason"]["zh"] == "打开着的步骤应为「告知本人」，实际为「确认过失」"
    assert "expected ['inform_employee'], found ['confirm_penalty']" in wrong["reason"]["en"]
    flows, elements = report["coverage"]["flows"], report["coverage"]["elements"]
    assert flows["propose_penalty_to_find_authority"] == 2 and flows["inform_employee_to_has_objection"] == 0
    assert elements["penalty_rejected"] == 1 and elements["enter_slip"] == 0


def test_the_draft_is_played_and_not_what_is_in_force(engine, told):
    save(engine, 'name="确认过失"', 'name="批准过失"')

    (_holds, wrong) = played(engine, told).report()["results"]

    assert wrong["reason"]["zh"].endswith("实际为「批准过失」")


def test_what_was_played_is_kept_until_the_draft_changes(engine, told):
    asked = played(engine, told)
    with engine.read() as connection:
        again = trial.start(connection, told, asked)
    kept = found(engine, told).report()["state"]

    save(engine, 'name="确认过失"', 'name="批准过失"')

    assert again is None
    assert not (asked.folder / "processes").exists()
    assert (kept, found(engine, told).report()["state"]) == ("done", "none")


def test_a_stage_that_can_not_be_set_is_told_as_failed_and_may_be_tried_again(engine, told):
    (told.data / "processes" / "company.toml").write_text("nonsense", encoding="utf-8")

    asked = played(engine, told)

    assert asked.report()["state"] == "failed"
    with engine.read() as connection:
        again = trial.start(connection, told, asked)
    assert again is not None
    again.join(timeout=600)


def test_stories_of_others_are_played_where_they_do_a_step_of_the_procedure_or_of_who_calls_it():
    files = {}
    for name in ("complaint-classification", "complaint-intake", "penalty-slip"):
        for path, content in files_of(CHECKOUT / "processes" / name, CHECKOUT / "forms").items():
            files[f"processes/{name}/{path}"] = content
    story = "processes/{}/scenarios/one.toml".format
    files |= {
        story("penalty-slip"): b"",
        story("complaint-intake"): b'do = "sign_receipt"',
        story("repair-handling"): b'do = "confirm_penalty"',
    }

    found = {name: trial.concerned(name, files) for name in ("penalty-slip", "complaint-classification")}

    assert found["penalty-slip"] == [story("penalty-slip"), story("repair-handling")]  # its own first
    assert found["complaint-classification"] == [story("complaint-intake")]  # it has no step of its own
