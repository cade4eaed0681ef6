"""Folders of processes/ and forms/ are linted, and what they offer one another is known, without a database."""

from pathlib import Path

import pytest

from engine.cli.procedures import in_order
from engine.workflow.lint import Surroundings, check
from engine.workflow.lint.folder import files_of, procedure_folders
from engine.workflow.lint.surroundings import groups_of_company
from tests.engine.workflow.lint.files import write_company


@pytest.fixture
def company(tmp_path):
    return write_company(tmp_path)


def surroundings(company):
    processes = company / "processes"
    return Surroundings.of_folder(processes, company / "forms", {}, groups_of_company(processes / "company.toml"))


def test_a_folder_offers_its_forms_processes_and_groups(company):
    known = surroundings(company)

    assert known.forms["settlement/pay"] == {"amount": True, "note": False}
    assert known.procedures["settlement"].inputs == {"amount"}
    assert known.given == {"settlement": {"amount"}}
    assert known.groups == {"service_specialist", "service_manager", "engineering_dept"}


def test_procedures_that_fit_one_another_have_no_problems(company):
    for name in ("settlement", "call-activity"):
        files = files_of(company / "processes" / name, company / "forms")

        assert not check(files, surroundings(company))


def test_an_input_that_the_caller_forgot_is_missed_on_both_sides(company):
    path = company / "processes" / "call-activity" / "call-activity.bpmn"
    path.write_text(path.read_text("utf-8").replace('name="input.amount"', 'name="input.sum"'), "utf-8")

    caller = check(files_of(path.parent, company / "forms"), surroundings(company))
    called = check(files_of(company / "processes" / "settlement", company / "forms"), surroundings(company))

    assert [(one.code, one.element) for one in caller] == [
        ("tasks.missing_input", "settle"),
        ("tasks.unused_input", "settle"),
    ]
    assert [(one.code, one.element) for one in called] == [("expressions.unknown_input", "pay")]


def test_a_deployment_takes_along_what_it_calls(company):
    files = files_of(company / "processes" / "call-activity", company / "forms", calls=True)

    assert "calls/settlement/settlement.bpmn" in files
    assert "calls/settlement/forms/settlement/pay.json" in files
    assert not check(files, surroundings(company))


def test_what_is_called_is_deployed_first(company):
    folders = procedure_folders(company / "processes")

    assert [folder.name for folder in in_order(folders)] == ["settlement", "call-activity"]


@pytest.mark.parametrize("procedure", ["complaint-handling", "repair-handling"])
def test_a_deployment_knows_what_its_called_processes_read_as_the_folder_does(procedure: str):
    root = Path(__file__).parents[3]
    files = files_of(root / "processes" / procedure, root / "forms", calls=True)

    found = check(files, Surroundings(operations=None, groups=None))

    assert [one.message_en for one in found if one.code in ("tasks.unused_input", "tasks.missing_input")] == []
