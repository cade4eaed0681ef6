"""Refusals and warnings that need no diagram of their own: a good one with a single place changed."""

import pytest

from engine.workflow.lint import check
from tests.engine.workflow.lint.files import SETTINGS, check_text, good, surroundings, with_decision

END = '<bpmn:endEvent id="end"'
CATCH = (
    '<bpmn:boundaryEvent id="caught" name="处理失败" attachedToRef="ask"><bpmn:{0}EventDefinition/>'
    "</bpmn:boundaryEvent>"
)
LEAVING = '<bpmn:sequenceFlow id="caught_to_end" sourceRef="caught" targetRef="end"/>'
ASK = '<bpmn:userTask id="ask" name="询问客户"/>'
BREACHING = (
    '<bpmn:userTask id="ask" name="询问客户"><bpmn:extensionElements><spiffworkflow:properties>'
    '<spiffworkflow:property name="breach" value="default"/></spiffworkflow:properties></bpmn:extensionElements>'
    "</bpmn:userTask>"
)
ASK_TO_END = '<bpmn:sequenceFlow id="ask_to_end" sourceRef="ask" targetRef="end"/>'
INTO = 'targetRef="answered"/>'
CAUGHT = 'attachedToRef="handle"><bpmn:errorEventDefinition errorRef="stuck"/>'
SHARED = f'{INTO}<bpmn:sequenceFlow id="more" sourceRef="too_long" {INTO}'
GATEWAY = (
    '<bpmn:sequenceFlow id="ask_to_pass" sourceRef="ask" targetRef="pass"/><bpmn:exclusiveGateway id="pass"/>'
    '<bpmn:sequenceFlow id="pass_to_end" sourceRef="pass" targetRef="end"/>'
)


@pytest.mark.parametrize(
    ("name", "old", "new", "code", "severity"),
    [
        ("one-task", "bpmn:process", "bpmn:choreography", "structure.no_process", "error"),
        ("one-task", 'id="ask" name', 'id="ask" default="x" name', "gateways.default_ignored", "error"),
        ("one-task", ASK_TO_END, GATEWAY, "gateways.useless", "warning"),
        ("one-task", END, CATCH.format("cancel") + LEAVING + END, "events.refused_cancel", "error"),
        ("one-task", END, CATCH.format("signal") + LEAVING + END, "events.no_signal", "error"),
        ("one-task", END, CATCH.format("escalation") + LEAVING + END, "events.no_escalation", "error"),
        ("one-task", END, CATCH.format("error") + LEAVING + END, "events.no_error", "error"),
        ("error-out-of-sub-process", CAUGHT, CAUGHT.replace("stuck", "other"), "events.uncaught", "warning"),
        ("event-gateway", INTO, SHARED, "events.gateway_shared_target", "error"),
        ("one-task", ASK, BREACHING, "deadlines.breach_place", "error"),
        ("one-task", "ask_to_end", "Flow_1x", "names.flow_id", "warning"),
        ("one-task", "询问客户", "问", "names.length", "warning"),
        ("exclusive-choice", "客户满意？", "客户满意", "names.no_question", "warning"),
        ("call-activity", "input.amount", "input.a b", "tasks.property_name", "error"),
    ],
)  # fmt: skip
def test_one_change_has_its_answer(name, old, new, code, severity):
    text = good(name)
    assert old in text

    problems = check_text(text.replace(old, new), name)

    assert (code, severity) in {(problem.code, problem.severity) for problem in problems}


def test_any_node_may_name_its_clause():
    state = '<spiffworkflow:property name="end_state" value="closed"/>'
    assert state in good("one-task")

    problems = check_text(good("one-task").replace(state, state + state.replace("end_state", "clause")), "one-task")

    assert [problem.code for problem in problems if problem.code == "tasks.property"] == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"other.bpmn": good("one-task").encode()}, "documents.several_diagrams"),
        ({"one-task.bpmn": b"x" * 3_000_000}, "documents.too_large"),
        ({"one-task.bpmn": b"<a>" * 40_000}, "documents.too_many_tags"),
        ({"one-task.bpmn": b"  "}, "documents.empty"),
        ({"one-task.bpmn": good("one-task").encode("gbk", "ignore")}, "documents.encoding"),
        ({"one-task.bpmn": b"<!DOCTYPE a><a/>"}, "documents.entities"),
        ({"one-task.bpmn": b"<a>"}, "documents.not_xml"),
        ({"one-task.bpmn": b"<a/>"}, "documents.not_bpmn"),
        ({"procedure.toml": b"["}, "documents.not_toml"),
        ({"forms/ask.json": b"["}, "documents.not_json"),
        ({"forms/ask.json": b"{}"}, "documents.form"),
        ({"a/../b.dmn": b"<a/>"}, "documents.path"),
        ({"tool.exe": b"MZ"}, "documents.kind"),
        ({f"documents/d{n}.typ": b"" for n in range(301)}, "documents.too_many_files"),
        ({"grade.dmn": with_decision("- | - | 1").encode()}, "decisions.not_called"),
        ({"grade.dmn": with_decision("1 | - | 1\n" * 201).encode()}, "decisions.too_many_rows"),
        ({"Bad_Name.bpmn": good("one-task").encode()}, "names.procedure"),
    ],
)
def test_one_file_has_its_answer(more, code):
    files = {"one-task.bpmn": good("one-task").encode(), "procedure.toml": SETTINGS, **more}

    problems = check(files, surroundings("one-task", good("one-task")))

    assert code in {problem.code for problem in problems}


def test_a_diagram_of_too_many_elements_is_to_be_split():
    tasks = "".join(f'<bpmn:userTask id="t{n}"/>' for n in range(401))

    (problem,) = check_text(good("one-task").replace("<bpmn:userTask", tasks + "<bpmn:userTask", 1))

    assert problem.code == "structure.too_many"


def test_branches_beyond_counting_are_given_up_with_a_warning():
    splits = "".join(
        f'<bpmn:inclusiveGateway id="s{n}" name="需要哪些" default="s{n}_to_a{n}"/><bpmn:exclusiveGateway id="m{n}"/>'
        f'<bpmn:userTask id="a{n}" name="询问客户"/><bpmn:userTask id="b{n}" name="询问客户"/>'
        for n in range(12)
    )
    flows = [("p", f"s{n}") for n in range(12)] + [("start", "p"), ("j", "end")]
    flows += [pair for n in range(12) for pair in ((f"s{n}", f"a{n}"), (f"s{n}", f"b{n}"), (f"m{n}", "j"))]
    flows += [(f"{side}{n}", f"m{n}") for n in range(12) for side in "ab"]
    drawn = "".join(f'<bpmn:sequenceFlow id="{a}_to_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in flows)
    gateways = '<bpmn:parallelGateway id="p"/><bpmn:parallelGateway id="j"/>'

    problems = check_text(good("one-task").replace("</bpmn:process>", splits + gateways + drawn + "</bpmn:process>"))

    assert ("gateways.too_tangled", "warning") in {(problem.code, problem.severity) for problem in problems}
