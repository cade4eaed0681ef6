"""Who does a step and until when: a group without people is a warning, a step without a deadline a question."""

from dataclasses import replace

import pytest

from engine.workflow.lint import check
from engine.workflow.lint.surroundings import people_of_company
from tests.engine.workflow.lint.files import SETTINGS, good, surroundings

STAFFED = {"group:service_specialist": 2, "group:engineering_dept": 1, "head:engineering_dept": 1}


def findings(diagram, name="one-task", people=None, *, hints=False):
    files = {f"{name}.bpmn": diagram.encode(), "procedure.toml": SETTINGS}
    return check(files, replace(surroundings(name, diagram), people=people), hints=hints)


def with_property(name, value):
    put = f'<spiffworkflow:property name="{name}" value="{value}"/>'
    inner = (
        f"<bpmn:extensionElements><spiffworkflow:properties>{put}</spiffworkflow:properties></bpmn:extensionElements>"
    )
    return good("one-task").replace('name="询问客户"/>', f'name="询问客户">{inner}</bpmn:userTask>')


def test_a_lane_whose_group_has_nobody_is_a_warning_at_the_lane():
    (problem,) = findings(good("one-task"), people={**STAFFED, "group:service_specialist": 0})

    assert (problem.code, problem.severity, problem.element) == ("tasks.empty_group", "warning", "service_specialist")
    assert "人员与小组" in problem.message_zh


@pytest.mark.parametrize("people", [None, STAFFED])
def test_a_lane_with_people_or_of_which_nothing_is_known_is_left_alone(people):
    assert not findings(good("one-task"), people=people)


@pytest.mark.parametrize("candidate", ["group('engineering_dept')", "head_of('engineering_dept')"])
def test_a_candidate_group_with_nobody_is_a_warning_at_the_step(candidate):
    nobody = {**STAFFED, "group:engineering_dept": 0, "head:engineering_dept": 0}

    (problem,) = findings(with_property("candidate", candidate), people=nobody)

    assert (problem.code, problem.element) == ("tasks.empty_group", "ask")


def test_a_lane_whose_steps_all_name_somebody_else_needs_nobody():
    diagram = with_property("candidate", "head_of('engineering_dept')")

    assert not findings(diagram, people={**STAFFED, "group:service_specialist": 0})


def test_a_step_without_a_deadline_is_asked_about_in_the_editor_alone():
    (hint,) = findings(good("one-task"), hints=True)

    assert (hint.code, hint.severity, hint.element) == ("deadlines.none", "hint", "ask")
    assert not findings(good("one-task"))


@pytest.mark.parametrize("name", ["deadline-on-task", "deadline-on-sub-process"])
def test_a_clock_on_the_step_or_around_it_is_a_deadline(name):
    assert not findings(good(name), name, hints=True)


def test_a_reason_for_having_no_deadline_is_an_answer():
    assert not findings(with_property("no_deadline", "客户自己约时间"), hints=True)


def test_the_company_file_says_how_many_stand_behind_each_group(tmp_path):
    (tmp_path / "company.toml").write_text(
        '[groups.a]\nname = "甲"\nhead = "x"\n[groups.b]\nname = "乙"\n'
        '[people.x]\nname = "丙"\ngroups = ["a"]\n[people.y]\nname = "丁"\ngroups = ["b"]\nactive = false\n',
        encoding="utf-8",
    )

    assert people_of_company(tmp_path / "company.toml") == {"group:a": 1, "head:a": 1, "group:b": 0, "head:b": 0}
    assert people_of_company(tmp_path / "gone.toml") is None
