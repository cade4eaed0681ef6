"""A condition uses a form's fields as what they are; a misspelt choice or a mixed kind is found beforehand."""

import json

import pytest

from tests.engine.workflow.lint.files import check_text, errors, good, with_decision

YES_NO = [{"value": value, "label": value, "label_en": value} for value in ("yes", "no")]
FORM = {
    "schemaVersion": 18,
    "title": "表单",
    "title_en": "form",
    "components": [
        {"type": "radio", "key": "answer", "label": "答复", "values": YES_NO, "properties": {"label_en": "answer"}},
        {"type": "number", "key": "amount", "label": "数量", "properties": {"label_en": "amount"}},
        {"type": "number", "key": "cost", "label": "费用", "decimalDigits": 2, "properties": {"label_en": "cost"}},
        {"type": "checkbox", "key": "urgent", "label": "紧急", "properties": {"label_en": "urgent"}},
    ],
}


def codes(condition):
    diagram = good("exclusive-choice").replace("ask.amount > 100 and ask.answer == &quot;no&quot;", condition)
    problems = check_text(diagram, "exclusive-choice", **{"forms/ask__json": json.dumps(FORM)})
    return {code for code, _ in errors(problems)}


@pytest.mark.parametrize(
    "condition",
    [
        "ask.answer == 'no'",
        "ask.answer in ['yes', 'no'] and ask.amount > 3",
        "ask.answer == None or not ask.urgent",
        "number(ask.cost) > 100 and ask.urgent == True",
        "ask.amount + 1 > 3",
        "ask.urgent",
        "1 if ask.urgent else 2 in [1]",
    ],
)
def test_a_condition_that_uses_fields_rightly_passes(condition):
    assert not codes(condition)


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("ask.answer == 'nein'", "expressions.mismatch"),
        ("ask.answer in ['yes', 'perhaps']", "expressions.mismatch"),
        ("ask.answer == True", "expressions.mismatch"),
        ("'3' == ask.amount", "expressions.mismatch"),
        ("ask.cost > 100", "expressions.mismatch"),
        ("ask.urgent == 'yes'", "expressions.mismatch"),
        ("any_of(ask, 'answer', 'nein')", "expressions.mismatch"),
        ("ask.answer", "expressions.not_yes_no"),
        ("not ask.answer", "expressions.not_yes_no"),
        ("ask.urgent and ask.amount", "expressions.not_yes_no"),
        ("ask.cost + 1 > 3", "expressions.not_a_number"),
        ("ask.answer * 2 > 3", "expressions.not_a_number"),
    ],
)
def test_a_field_used_as_what_it_is_not_is_refused(condition, code):
    assert codes(condition) == {code}


def test_a_cell_with_a_choice_that_does_not_exist_is_refused():
    rule = (
        '<bpmn:businessRuleTask id="classify" name="判定等级"><bpmn:extensionElements>'
        "<spiffworkflow:calledDecisionId>grade</spiffworkflow:calledDecisionId></bpmn:extensionElements>"
        '</bpmn:businessRuleTask><bpmn:sequenceFlow id="classify_to_end" sourceRef="classify" targetRef="end"/>'
    )
    diagram = good("one-task").replace(
        'sourceRef="ask" targetRef="end"/>', 'sourceRef="ask" targetRef="classify"/>' + rule
    )
    table = with_decision('> 5 | "nein" | 1\n - | ? in ["no", "never"] | 2\n "3" | - | 3', "FIRST")

    problems = check_text(diagram, grade__dmn=table, **{"forms/ask__json": json.dumps(FORM)})

    assert errors(problems) == {("expressions.mismatch", f"row_{number}") for number in (1, 2, 3)}


@pytest.mark.parametrize(
    ("check", "found"),
    [
        ("passed <= total", set()),
        ("passed <= ghost", {"documents.form", "expressions.unknown_name"}),
        ("passed <= amount", {"documents.form"}),
    ],
)
def test_a_rule_of_a_row_reads_the_columns_of_its_row(check, found):
    number = {"type": "number", "label": "数量", "properties": {"label_en": "count"}}
    columns = [{**number, "key": "total"}, {**number, "key": "passed"}]
    parts = {"type": "dynamiclist", "key": "parts", "path": "parts", "label": "分项", "components": columns}
    rule = {"check": check, "field": "parts.passed", "message": "太多。", "message_en": "Too many."}
    components = [*FORM["components"], {**parts, "properties": {"label_en": "parts"}}]
    form = json.dumps({**FORM, "components": components, "rules": [rule]})

    problems = check_text(good("one-task"), **{"forms/ask__json": form})

    assert {code for code, _ in errors(problems)} == found
