"""Folders of processes/ and forms/ are linted, and what they offer one another is known, without a database."""

import json

import pytest
from click.testing import CliRunner

from engine.cli.procedures import in_order, procedures
from engine.workflow.lint import Surroundings, check
from engine.workflow.lint.folder import files_of, procedure_folders
from engine.workflow.lint.surroundings import groups_of_company
from tests.engine.workflow.lint.files import SETTINGS, good

FORM = {"components": [{"key": "amount", "type": "number"}, {"key": "note", "type": "textfield"}]}
COMPANY = '[groups.service_specialist]\nname = "客服专员"\n[groups.service_manager]\nname = "客服经理"\n'


@pytest.fixture
def company(tmp_path):
    """One procedure that calls another; the called one reads `input.amount`."""
    called = good("one-task").replace("one_task", "settlement").replace('"ask" name', '"pay" name')
    called = called.replace('"ask"', '"pay"').replace(">ask<", ">pay<")
    candidate = '<spiffworkflow:property name="too_early_until" value="hours(input.amount)"/>'
    called = called.replace(
        '<bpmn:userTask id="pay" name="询问客户"/>',
        '<bpmn:userTask id="pay" name="付清款项"><bpmn:extensionElements><spiffworkflow:properties>'
        f"{candidate}</spiffworkflow:properties></bpmn:extensionElements></bpmn:userTask>",
    )
    caller = good("call-activity").replace('"pay.total"', '"pay.amount"')
    for name, diagram, tasks in (("settlement", called, ["pay"]), ("call-activity", caller, ["ask", "fix"])):
        (tmp_path / "processes" / name).mkdir(parents=True)
        (tmp_path / "processes" / name / f"{name}.bpmn").write_text(diagram, "utf-8")
        (tmp_path / "processes" / name / "procedure.toml").write_bytes(SETTINGS)
        (tmp_path / "forms" / name).mkdir(parents=True)
        for task in tasks:
            (tmp_path / "forms" / name / f"{task}.json").write_text(json.dumps(_form()), "utf-8")
    (tmp_path / "processes" / "company.toml").write_text(COMPANY, "utf-8")
    return tmp_path


def _form():
    named = [{**component, "label": "金额", "properties": {"label_en": "amount"}} for component in FORM["components"]]
    return {"schemaVersion": 18, "type": "default", "title": "表单", "title_en": "form", "components": named}


def surroundings(company):
    processes = company / "processes"
    return Surroundings.of_folder(processes, company / "forms", {}, groups_of_company(processes / "company.toml"))


def test_a_folder_offers_its_forms_processes_and_groups(company):
    known = surroundings(company)

    assert known.forms["settlement/pay"] == {"amount": True, "note": False}
    assert known.procedures["settlement"].inputs == {"amount"}
    assert known.given == {"settlement": {"amount"}}
    assert known.groups == {"service_specialist", "service_manager"}


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


def test_the_command_ends_with_0_1_or_2(company):
    run = CliRunner().invoke
    diagram = company / "processes" / "settlement" / "settlement.bpmn"

    good_folder = run(procedures, ["lint", "--no-drawing", str(company / "processes")])
    diagram.write_text(diagram.read_text("utf-8").replace("付清款项", ""), "utf-8")
    bad_file = run(procedures, ["lint", "--no-drawing", str(diagram)])
    nowhere = run(procedures, ["lint", str(company / "forms")])
    nothing = run(procedures, ["lint"])

    assert [one.exit_code for one in (good_folder, bad_file, nowhere, nothing)] == [0, 1, 2, 2]
    assert "names.missing" in bad_file.stderr
    assert "四到六个字" in bad_file.stderr and "four to six characters" in bad_file.stderr
    assert bad_file.stdout == ""


def test_a_program_can_read_the_answer(company):
    diagram = company / "processes" / "settlement" / "settlement.bpmn"
    diagram.write_text(diagram.read_text("utf-8").replace("付清款项", ""), "utf-8")

    answer = CliRunner().invoke(procedures, ["lint", "--no-drawing", "--json", str(diagram)])

    (problem,) = json.loads(answer.stdout)["settlement"]
    assert (problem["code"], problem["element"], problem["file"]) == ("names.missing", "pay", "settlement.bpmn")
