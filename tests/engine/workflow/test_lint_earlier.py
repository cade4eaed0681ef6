"""An expression reads what may have been asked before it, on some path or beside it; what comes later is refused."""

import pytest

from tests.engine.workflow.lint.files import check_text, errors, good, with_decision

LATE = "expressions.asked_later"


EXCLUDED = (
    "<bpmn:extensionElements><spiffworkflow:properties>"
    '<spiffworkflow:property name="excluded" value="ask.departments"/>'
    "</spiffworkflow:properties></bpmn:extensionElements>"
)
MET = '<spiffworkflow:property name="met_when" value="verify.amount > 3"/>'


def found(name, before, after, **more):
    diagram, after = good(name), after.replace("{excluded}", EXCLUDED).replace("{met}", MET)
    assert before in diagram
    return {(code, element) for code, element in errors(check_text(diagram.replace(before, after), name, **more))}


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("loop-back", 'name="询问客户"/>', 'name="询问客户">{excluded}</bpmn:userTask>'),  # in the round before
        ("parallel-pair", 'name="上门维修"/>', 'name="上门维修">{excluded}</bpmn:userTask>'),  # the branch beside it
        ("deadline-on-task", "hours(3)", "hours(3, after=started_at())"),
        ("conditional-boundary", "breaches() > 1", 'ask.answer == "no"'),  # looked at while the step is open
        ("conditional-boundary", "breaches() > 1", 'fix.answer == "no"'),  # which a condition of its own began
        ("deadline-on-sub-process", '"deadline" value="T-02"/>', '"deadline" value="T-02"/>{met}'),  # asked inside
    ],
)
def test_a_field_that_may_be_known_passes(name, before, after):
    assert not found(name, before, after)


@pytest.mark.parametrize(
    ("name", "before", "after", "element"),
    [
        ("deadline-on-task", "hours(3)", "hours(ask.amount)", "receipt_due"),  # set before the answer is there
        ("deadline-on-sub-process", "hours(24)", "hours(verify.amount)", "handling_due"),
        ("exclusive-choice", "ask.amount > 100", "fix.amount > 100", "decide_to_fix"),
        ("one-task", 'name="询问客户"/>', 'name="询问客户">{excluded}</bpmn:userTask>', "ask"),  # nobody comes back
        ("exclusive-choice", "ask.amount > 100", 'len(pick(fix, "amount")) > 1', "decide_to_fix"),
    ],
)
def test_a_field_that_only_comes_later_is_refused_at_its_place(name, before, after, element):
    assert (LATE, element) in found(name, before, after)


def test_the_refusal_names_the_step_by_its_name():
    problems = check_text(good("exclusive-choice").replace("ask.amount", "fix.amount"), "exclusive-choice")

    (problem,) = [one for one in problems if one.code == LATE]

    assert "“上门维修”" in problem.message_zh and "移到" in problem.message_zh


def test_a_decision_reads_what_was_asked_before_the_step_that_calls_it():
    rule = (
        '<bpmn:businessRuleTask id="classify" name="判定等级"><bpmn:extensionElements>'
        "<spiffworkflow:calledDecisionId>grade</spiffworkflow:calledDecisionId></bpmn:extensionElements>"
        '</bpmn:businessRuleTask><bpmn:sequenceFlow id="start_to_classify" sourceRef="start" targetRef="classify"/>'
        '<bpmn:sequenceFlow id="classify_to_ask" sourceRef="classify" targetRef="ask"/>'
    )

    problems = found(
        "one-task",
        '<bpmn:sequenceFlow id="start_to_ask" sourceRef="start" targetRef="ask"/>',
        rule,
        grade__dmn=with_decision("- | - | 1"),
    )

    assert {(LATE, "in_amount"), (LATE, "in_answer")} == problems
