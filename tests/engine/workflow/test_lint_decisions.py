"""Decision tables: what is surely wrong is refused, a gap is pointed out, and what can't be decided is left alone."""

import json

import pytest

from tests.engine.workflow.lint.files import check_text, errors, good, with_decision

RULE = (
    '<bpmn:businessRuleTask id="classify" name="判定等级"><bpmn:extensionElements>'
    "<spiffworkflow:calledDecisionId>grade</spiffworkflow:calledDecisionId></bpmn:extensionElements></bpmn:businessRuleTask>"
)
FLOWS = (
    '<bpmn:sequenceFlow id="ask_to_classify" sourceRef="ask" targetRef="classify"/>'
    '<bpmn:sequenceFlow id="classify_to_end" sourceRef="classify" targetRef="end"/>'
)
DIAGRAM = good("one-task").replace('<bpmn:sequenceFlow id="ask_to_end" sourceRef="ask" targetRef="end"/>', RULE + FLOWS)


def findings(cells, policy="UNIQUE"):
    return check_text(DIAGRAM, grade__dmn=with_decision(cells, policy))


@pytest.mark.parametrize(
    ("policy", "cells"),
    [
        ("UNIQUE", '< 100 | - | "low"\n >= 100 | "no" | "high"\n >= 100 | "yes" | "middle"'),
        ("UNIQUE", '1 <= ? < 5 | - | 1\n ? < 1 | - | 0\n ? >= 5 | - | number("5")'),
        ("FIRST", '> 100 | - | "high"\n 100 | "no" | "exactly"\n - | - | "low"'),
        ("COLLECT", '> 100 | - | "dear"\n > 50 | - | "rather dear"\n - | - | "any"'),
        ("COLLECT", '> 100 | - | "dear"'),
        ("FIRST", '? in [1, 2] | - | 1\n ? > 3 and ? < 8 | - | 2\n - | - | ask.amount + 1'),
        ("UNIQUE", '? == parameter("receipt_hours") | - | 1\n ? == rounds("ask") | - | 2'),
    ],
)  # fmt: skip
def test_a_table_that_is_right_passes(policy, cells):
    assert not findings(cells, policy)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ('< 100 | - | 1\n < 50 | "no" | 2\n >= 100 | - | 3', "decisions.overlap"),
        ("1 | - | 1\n ? in [1, 2] | - | 2", "decisions.overlap"),
        ('- | "no" | 1\n > 5 | - | 2', "decisions.overlap"),
        ("< 100 | - |", "decisions.empty_result"),
        ("< ask.note | - | 1", "expressions.private_field"),
        ("< ask.gone | - | 1", "expressions.unknown_field"),
        ("< | - | 1", "expressions.refused"),
        ('- | "no | 1', "expressions.refused"),
        ("- | - | ask.gone", "expressions.unknown_field"),
        ("- | - | high", "expressions.unknown_name"),
    ],
)
def test_what_is_wrong_in_a_row_is_refused(cells, code):
    assert code in {code for code, _ in errors(findings(cells))}


def test_an_overlap_names_both_rows():
    (problem,) = [found for found in findings("< 100 | - | 1\n >= 90 | - | 2") if found.code == "decisions.overlap"]

    assert problem.element == "row_2"
    assert "1" in problem.message_zh and "2" in problem.message_zh


@pytest.mark.parametrize("cells", ["< 100 | - | 1\n > 100 | - | 2", '- | "no" | 1\n < 5 | "yes" | 2'])
def test_a_gap_is_a_warning_with_an_example(cells):
    (problem,) = findings(cells)

    assert (problem.code, problem.severity) == ("decisions.gap", "warning")
    assert "金额 = " in problem.message_zh


def test_a_row_below_a_row_for_everything_is_never_hit():
    assert errors(findings("- | - | 1\n > 5 | - | 2", "FIRST")) == {("decisions.hidden", "row_2")}


@pytest.mark.parametrize("policy", ["ANY", "PRIORITY", "RULE ORDER", "OUTPUT ORDER"])
def test_other_hit_policies_are_refused(policy):
    assert ("decisions.hit_policy", "grade") in errors(findings("- | - | 1", policy))


@pytest.mark.parametrize(
    ("change", "by", "found"),
    [
        ('id="grade"', 'id="other"', {("decisions.file_name", "other"), ("tasks.unknown_decision", "classify")}),
        ('name="grade"', 'name=""', {("decisions.output_name", "out_grade")}),
        (
            "<text>ask.answer</text>",
            "",
            {("decisions.no_input_expression", "in_answer"), ("expressions.refused", "in_answer")},
        ),
        ("</decisionTable>", '<rule id="short"/></decisionTable>', {("decisions.ragged", "short")}),
        (
            "</decision>",
            "</decision><decision id='two'/>",
            {("decisions.one_decision", None), ("decisions.file_name", "two"), ("decisions.no_table", "two")},
        ),
        ('hitPolicy="UNIQUE"', 'hitPolicy="COLLECT" aggregation="SUM"', {("decisions.hit_policy", "grade")}),
    ],
)
def test_a_malformed_table_is_refused(change, by, found):
    table = with_decision("- | - | 1").replace(change, by)

    assert errors(check_text(DIAGRAM, grade__dmn=table)) == found


def test_only_what_the_decision_gives_can_be_read():
    service = (
        '<bpmn:serviceTask id="tell" name="通知客户"><bpmn:extensionElements>'
        '<spiffworkflow:serviceTaskOperator id="notify">'
        '<spiffworkflow:parameters><spiffworkflow:parameter id="to" type="str" value="classify.{}"/>'
        "</spiffworkflow:parameters></spiffworkflow:serviceTaskOperator></bpmn:extensionElements></bpmn:serviceTask>"
        '<bpmn:sequenceFlow id="tell_to_end" sourceRef="tell" targetRef="end"/>'
    )
    diagram = DIAGRAM.replace(
        'sourceRef="classify" targetRef="end"/>', 'sourceRef="classify" targetRef="tell"/>' + service
    )
    table = with_decision("- | - | 1")

    assert not check_text(diagram.replace("classify.{}", "classify.grade"), grade__dmn=table)
    assert errors(check_text(diagram.replace("classify.{}", "classify.colour"), grade__dmn=table)) == {
        ("expressions.unknown_field", "tell")
    }


ANSWERS = {
    "schemaVersion": 18,
    "title": "表单",
    "title_en": "form",
    "components": [
        {"type": "number", "key": "amount", "label": "数量", "properties": {"label_en": "amount"}},
        {
            "type": "radio",
            "key": "answer",
            "label": "答复",
            "values": [
                {"value": "yes", "label": "满意", "label_en": "yes"},
                {"value": "no", "label": "不满意", "label_en": "no"},
                {"value": "later", "label": "再说", "label_en": "later"},
            ],
            "properties": {"label_en": "answer"},
        },
    ],
}


def with_known_choices(cells, policy="UNIQUE"):
    return check_text(DIAGRAM, grade__dmn=with_decision(cells, policy), **{"forms/ask__json": json.dumps(ANSWERS)})


def test_a_choice_of_the_form_that_no_row_takes_is_a_gap_with_its_label():
    (problem,) = with_known_choices('- | "yes" | 1\n - | "no" | 2')

    assert problem.code == "decisions.gap"
    assert "答复 = 再说" in problem.message_zh


@pytest.mark.parametrize(
    "cells",
    ['- | "yes" | 1\n - | "no" | 2\n - | "later" | 3', '- | ? != "yes" | 1\n - | "yes" | 2'],
)
def test_a_table_over_all_choices_of_the_form_has_no_gap(cells):
    assert not with_known_choices(cells)


def test_rows_that_differ_by_all_but_one_choice_each_overlap_only_in_what_the_form_offers():
    three = with_known_choices('- | ? != "yes" | 1\n - | ? != "no" | 2')
    apart = with_known_choices('- | ? not in ["yes", "later"] | 1\n - | ? != "no" | 2')

    assert ("decisions.overlap", "row_2") in errors(three)
    assert not apart


def test_a_row_below_one_that_takes_all_that_it_would_is_never_hit():
    found = errors(with_known_choices('> 5 | - | 1\n > 9 | "no" | 2\n - | - | 3', "FIRST"))

    assert found == {("decisions.hidden", "row_2")}


def test_dates_are_not_compared_where_their_order_is_not_known():
    assert not findings('? < "2026-01-01" | - | 1\n ? >= "2026-01-01" | - | 2')
