"""`renoflow procedures`: lint, draw and deploy, with the exit codes that scripts rely on."""

import json

import pytest
import structlog
from click.testing import CliRunner

from engine.cli import main
from engine.db.models import group_
from engine.settings import variable
from tests.engine.workflow.lint.files import write_company

run = CliRunner().invoke


@pytest.fixture(autouse=True)
def _log_of_before():
    """The command line sends the log to this run's standard error, which ends with the test."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def company(tmp_path):
    return write_company(tmp_path)


def test_the_lint_ends_with_0_1_or_2(company):
    diagram = company / "processes" / "settlement" / "settlement.bpmn"

    good_folder = run(main, ["procedures", "lint", "--no-drawing", str(company / "processes")])
    diagram.write_text(diagram.read_text("utf-8").replace("付清款项", ""), "utf-8")
    bad_file = run(main, ["procedures", "lint", "--no-drawing", str(diagram)])
    nowhere = run(main, ["procedures", "lint", str(company / "forms")])
    nothing = run(main, ["procedures", "lint"])

    assert [one.exit_code for one in (good_folder, bad_file, nowhere, nothing)] == [0, 1, 2, 2]
    assert "names.missing" in bad_file.stderr
    assert "四到六个字" in bad_file.stderr and "four to six characters" in bad_file.stderr
    assert bad_file.stdout == ""


def test_a_program_can_read_the_lints_answer(company):
    diagram = company / "processes" / "settlement" / "settlement.bpmn"
    diagram.write_text(diagram.read_text("utf-8").replace("付清款项", ""), "utf-8")

    answer = run(main, ["procedures", "lint", "--no-drawing", "--json", str(diagram)])

    (problem,) = json.loads(answer.stdout)["settlement"]
    assert (problem["code"], problem["element"], problem["file"]) == ("names.missing", "pay", "settlement.bpmn")


def test_drawing_changes_nothing_but_the_drawing_and_is_done_once(company):
    diagram = company / "processes" / "settlement" / "settlement.bpmn"
    before = diagram.read_text("utf-8")

    first = run(main, ["procedures", "draw", str(diagram)])
    drawn = diagram.read_text("utf-8")
    again = run(main, ["procedures", "draw", str(diagram)])

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert drawn.startswith(before[: before.index("</bpmn:process>")]) and "BPMNDiagram" in drawn
    assert "已排版" in first.stderr and "没有变化" in again.stderr


def test_what_cannot_be_drawn_ends_with_1(company):
    diagram = company / "processes" / "settlement" / "settlement.bpmn"
    diagram.write_text("<not", "utf-8")

    assert run(main, ["procedures", "draw", str(diagram)]).exit_code == 1


@pytest.fixture
def database(engine, settings):
    """The environment of an installation whose database has the groups of the tests."""
    with engine.store.write() as connection:
        connection.execute(group_.insert(), [{"key": "engineering_dept", "kind": "department", "name": "工程部"}])
        connection.commit()
    return {variable("database_url"): settings.url, variable("var"): str(settings.var)}


def test_deploying_twice_says_what_changed(company, database):
    diagram = company / "processes" / "settlement" / "settlement.bpmn"

    first = run(main, ["procedures", "deploy", "--json", str(company / "processes")], env=database)
    diagram.write_text(diagram.read_text("utf-8").replace("hours(input.amount)", "days(input.amount)"), "utf-8")
    second = run(main, ["procedures", "deploy", "--json", str(diagram)], env=database)

    assert [(one["procedure"], one["version"]) for one in json.loads(first.stdout)] == [
        ("settlement", 1),
        ("call-activity", 1),
    ]
    (again,) = json.loads(second.stdout)
    assert again["version"] == 2
    assert [change["element"] for change in again["changes"]] == ["pay"]
    assert "步骤「付清款项」的最早办理时间由「金额」小时改为「金额」天" in second.stderr


def test_what_has_problems_is_not_deployed(company, database):
    diagram = company / "processes" / "settlement" / "settlement.bpmn"
    diagram.write_text(diagram.read_text("utf-8").replace("付清款项", ""), "utf-8")

    answer = run(main, ["procedures", "deploy", str(diagram)], env=database)

    assert answer.exit_code == 1
    assert "names.missing" in answer.stderr


def test_the_operations_that_a_diagram_may_name_are_listed():
    found = run(main, ["procedures", "operations"])
    rows = json.loads(run(main, ["procedures", "operations", "--json"]).stdout)

    assert "split_cost(amount, shares) -> company, crew_sum, crews, employee_sum, employees" in found.stdout
    assert "How a compensation is shared out among those who bear it" in found.stdout
    assert {"make_paper", "notify", "split_cost"} <= {row["name"] for row in rows}
    assert not [row["name"] for row in rows if not row["about"]]
