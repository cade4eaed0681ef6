"""What changed against the version in force is said in words, by what the engine reads and not by bytes."""

import json

from engine.workflow.changes import compare
from tests.engine.workflow.lint.files import SETTINGS, good, with_decision


def files(diagram, **more):
    others = {key.replace("__", "."): text.encode() for key, text in more.items()}
    return {"p.bpmn": diagram.encode(), "procedure.toml": SETTINGS} | others


def kinds(changes):
    return [(change.kind, change.element) for change in changes]


def test_the_same_files_have_no_changes():
    assert compare(files(good("deadline-on-task")), files(good("deadline-on-task"))) == ()


def test_elements_that_come_go_and_are_renamed_are_named():
    old = good("exclusive-choice")
    new = old.replace("上门维修", "预约维修").replace('"end"', '"closing"').replace('id="fix"', 'id="mend"')
    new = new.replace("</bpmn:process>", '<bpmn:userTask id="extra" name="额外步骤"/></bpmn:process>')

    changes = kinds(compare(files(old), files(new)))

    assert ("element_id", "closing") in changes
    assert ("element_removed", "fix") in changes
    assert ("element_added", "mend") in changes
    assert ("element_added", "extra") in changes


def test_a_new_name_is_told_in_both_languages():
    old = good("one-task")

    (change,) = compare(files(old), files(old.replace("询问客户", "联系客户")))

    assert change.kind == "element_renamed"
    assert change.message_zh == "步骤「询问客户」改名为「联系客户」"
    assert change.message_en == "the step “English” is now called “联系客户”", "the old name has its own in [english]"


def test_deadlines_conditions_and_assignment_are_told_with_old_and_new():
    deadline = good("deadline-on-task")
    choice = good("exclusive-choice")

    (time,) = compare(files(deadline), files(deadline.replace("hours(3)", "hours(4)")))
    (told,) = compare(files(deadline), files(deadline.replace("engineering_dept", "service_manager")))
    (condition,) = compare(files(choice), files(choice.replace("> 100", "> 200")))

    assert (time.kind, time.brief_zh) == ("deadline_changed", "3 小时 → 4 小时")
    assert "的时限由 3 小时改为 4 小时" in time.message_zh and "from 3 hours to 4 hours" in time.message_en
    assert "超时后通知的人" in told.message_zh
    assert "由“ask.amount > 100 and" in condition.message_zh, "a field without a form has no name"
    assert "改为“ask.amount > 200 and" in condition.message_zh


def test_parameters_and_lanes_are_told():
    new = files(good("one-task"))
    new["procedure.toml"] = SETTINGS.replace(b"receipt_hours = 3", b"receipt_hours = 4\nlimit = 2").replace(
        b"group:service_specialist", b"group:service_manager"
    )

    changes = compare(files(good("one-task")), new)

    assert kinds(changes) == [
        ("parameter_changed", "receipt_hours"),
        ("parameter_added", "limit"),
        ("lane_changed", "客服专员"),
    ]


def test_rows_of_a_decision_are_told():
    old = with_decision('< 100 | - | "low"\n>= 100 | - | "high"')
    new = with_decision('< 200 | - | "low"\n>= 100 | - | "high"\n- | - | "none"')

    changes = compare(files("", grade__dmn=old), files("", grade__dmn=new))

    assert kinds(changes) == [("row_changed", "row_1"), ("row_added", "row_3")]


def test_fields_of_a_form_are_told():
    def form(*components):
        return files(good("one-task")) | {"forms/ask.json": json.dumps({"components": components}).encode()}

    old = form({"key": "amount", "type": "number", "label": "金额"}, {"key": "note", "type": "textarea"})
    new = form({"key": "amount", "type": "number", "label": "费用"}, {"key": "reason", "type": "textfield"})

    assert sorted(kinds(compare(old, new))) == [
        ("field_added", "reason"),
        ("field_changed", "amount"),
        ("field_removed", "note"),
    ]


def test_a_new_layout_alone_is_said_to_be_only_that():
    old = good("one-task")

    (change,) = compare(files(old), files(old.replace("\n    ", "\n      ")))

    assert change.kind == "layout"


def test_new_and_removed_files_are_told():
    changes = compare(files(good("one-task"), a__typ="x"), files(good("one-task"), b__typ="y"))

    assert kinds(changes) == [("file_removed", "a.typ"), ("file_added", "b.typ")]


def test_files_that_cannot_be_read_raise_nothing():
    assert kinds(compare({"p.bpmn": b"<"}, {"p.bpmn": b"\xff", "procedure.toml": b"["})) == [
        ("layout", "p.bpmn"),
        ("file_added", "procedure.toml"),
    ]
