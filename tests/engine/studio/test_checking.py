"""The check of a draft knows this company, and says of a drawing what could be better."""

import re
import time
from pathlib import Path

import pytest

from engine import deployments
from engine.stories import company
from engine.studio import checking
from engine.studio.fields import fields_at
from engine.workflow.lint.folder import files_of as files_of_folder
from tests.factories import deploy_files, files_of

PROCESSES = Path(__file__).parents[3] / "processes"
FORMS = PROCESSES.parent / "forms"
CORPUS = PROCESSES.parents[1] / "shared" / "corpora" / "miwg"
SOON_S = 1


def codes(problems, severity):
    return {(one.code, one.element) for one in problems if one.severity == severity}


def in_force(studio):
    with studio.read() as connection:
        return checking.own(deployments.files(connection, deployments.current(connection, "one-task").id))


def checked(studio, files):
    with studio.read() as connection:
        return checking.check(connection, files)


def test_a_drawing_that_is_missing_or_overlaps_is_advice_and_hinders_nothing(studio):
    problems = checked(studio, in_force(studio))

    assert not codes(problems, "error")
    assert {code for code, _ in codes(problems, "warning")} & {"drawing.none"}


def test_a_shape_that_lies_on_another_is_advice_at_its_element(studio):
    files = files_of_folder(PROCESSES / "penalty-slip", FORMS)
    path, bounds = "penalty-slip.bpmn", r'(bpmnElement="{}"[^>]*>\s*)(<\w+:Bounds [^>]*>)'
    diagram = files[path].decode()
    there = re.search(bounds.format("confirm_penalty"), diagram)[2]
    moved = re.sub(bounds.format("inform_employee"), lambda found: found[1] + there, diagram)

    problems = checked(studio, files | {path: moved.encode()})

    assert ("drawing.overlap", "confirm_penalty") in codes(problems, "warning")
    assert not any(code.startswith("drawing.") for code, _ in codes(problems, "error"))


def test_a_group_in_which_nobody_is_any_more_is_advice(studio):
    problems = checked(studio, in_force(studio))

    assert "tasks.empty_group" in {code for code, _ in codes(problems, "warning")}


def test_a_step_without_a_clock_is_asked_about(studio):
    problems = checked(studio, files_of("errand"))

    assert ("deadlines.none", "read_reply") in codes(problems, "hint")


def test_an_input_that_the_procedure_in_force_gives_is_known_to_the_draft_of_the_called_one(studio):
    called, caller = (files_of_folder(PROCESSES / name, FORMS) for name in ("repair-visit", "repair-round"))
    company.found_groups(studio, company.read(PROCESSES / "company.toml"))
    unknown = {one.code for one in checked(studio, called)}
    for files in (called, caller):
        deploy_files(studio, files)

    assert "expressions.unknown_input" in unknown
    assert "expressions.unknown_input" not in {one.code for one in checked(studio, called)}


def test_a_form_with_a_kind_of_field_that_there_is_not_can_not_be_opened_again():
    strange = b'{"schemaVersion": 16, "components": [{"type": "iframe", "key": "x"}]}'

    (found,) = checking.unreadable("forms/one-task/ask.json", strange)

    assert (found.code, found.element) == ("documents.form", "x") and "iframe" in found.message_zh
    assert not checking.unreadable("forms/one-task/ask.json", strange.replace(b"iframe", b"textfield"))


def test_a_diagram_that_nobody_here_drew_is_answered_with_problems_soon(studio):
    models = sorted(CORPUS.glob("*.bpmn"))
    if not models:
        pytest.skip("the reference models of the BPMN Model Interchange Working Group are not beside this checkout")
    for path in models:
        files = {"strange.bpmn": path.read_bytes()}
        began = time.process_time()

        problems = checked(studio, files)
        elements = [one.element for one in problems if one.element]
        offered = [fields_at(files, element, (), chinese=True) for element in elements[:20]]

        assert time.process_time() - began < SOON_S, path.name
        assert codes(problems, "error"), path.name
        assert all(found is None or isinstance(found, list) for found in offered)
