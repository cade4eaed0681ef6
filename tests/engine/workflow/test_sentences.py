"""Owners read what changed in their own words: on the procedures as they are, in both languages."""

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from engine.workflow.changes import compare
from engine.workflow.lint.diagram import timer_of
from engine.workflow.lint.folder import files_of, procedure_folders
from engine.workflow.lint.material import Material, read_material
from engine.workflow.lint.surroundings import Surroundings
from engine.workflow.wording import Known, Names, Unsayable, Writer

ROOT = Path(__file__).parents[3]
TIMES = ("candidate", "excluded", "responsible")


def of(procedure: str) -> dict[str, bytes]:
    return files_of(ROOT / "processes" / procedure, ROOT / "forms")


@cache
def materials() -> dict[str, Material]:
    folders = procedure_folders(ROOT / "processes")
    return {one.name: read_material(of(one.name), "", Surroundings()) for one in folders}


@cache
def known() -> Known:
    company = tomllib.loads((ROOT / "processes" / "company.toml").read_text("utf-8"))
    groups = {f"group:{key}": (one["name"], one["name_en"]) for key, one in company["groups"].items()}
    return Known(groups, {diagram.id: one for one in materials().values() for diagram in one.diagrams})


def edited(procedure: str, file: str, *pairs: tuple[str, str]) -> dict[str, bytes]:
    files = of(procedure)
    text = files[file].decode()
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return files | {file: text.encode()}


def told(procedure: str, file: str, *pairs: tuple[str, str]) -> list[tuple[str, str]]:
    changes = compare(of(procedure), edited(procedure, file, *pairs), known())
    return [(change.message_zh, change.message_en) for change in changes]


def writer(procedure: str, language: str = "zh") -> Writer:
    return Writer(Names(materials()[procedure], known()), language)


def test_a_deadline_that_is_counted_in_office_hours_is_told_with_both_lengths():
    pairs = ('hours(parameter("callback_hours"), after=input.told_at)', "working_hours(8, after=input.told_at)")

    changes = compare(of("repair-service"), edited("repair-service", "repair-service.bpmn", pairs), known())

    (change,) = changes
    assert change.message_zh == "步骤「回电客户」的时限由 3 小时改为 8 工作小时"
    assert change.message_en == "the deadline of step “Call the customer back” changes from 3 hours to 8 working hours"
    assert (change.mark, change.area, change.element) == ("chg", "diagram", "t10")
    assert change.brief_zh == "3 小时 → 8 工作小时"


def test_a_shorter_parameter_is_told_with_the_deadline_that_it_moves():
    assert [zh for zh, _en in told("repair-service", "procedure.toml", ("value = 24,", "value = 8,"))] == [
        "环节「首次维修」的时限「方案时限」由 24 小时改为 8 小时",
        "参数「核实并报方案」由 24 小时改为 8 小时",
    ]


def test_another_anchor_is_said_with_the_length():
    pairs = ('hours(parameter("solution_hours"), after=input.told_at)', "hours(8, after=started_at())")

    ((zh, en),) = told("repair-service", "repair-service.bpmn", pairs)

    assert zh == "环节「首次维修」的时限「方案时限」由交办后 24 小时改为立案后 8 小时"
    assert "to 8 hours after the start of the case" in en


APPROVAL = (
    '<bpmn:userTask id="approve_sheet" name="审批确认单"><bpmn:extensionElements><spiffworkflow:properties>'
    '<spiffworkflow:property name="candidate" value="head_of(&quot;engineering_dept&quot;)"/>'
    '</spiffworkflow:properties></bpmn:extensionElements></bpmn:userTask><bpmn:userTask id="offer_paid_service"'
)
TO_APPROVAL = 'sourceRef="hand_over_sheet" targetRef="approve_sheet"'
ON = '<bpmn:sequenceFlow id="approve_sheet_to_service" sourceRef="approve_sheet" targetRef="service"/>'


def test_an_approval_step_is_told_with_its_place_and_who_does_it():
    changes = told(
        "repair-handling",
        "repair-handling.bpmn",
        ('<bpmn:userTask id="offer_paid_service"', APPROVAL),
        ('sourceRef="hand_over_sheet" targetRef="service"', TO_APPROVAL),
        ('<bpmn:sequenceFlow id="service_to_how_ended"', ON + '<bpmn:sequenceFlow id="service_to_how_ended"'),
    )

    assert [zh for zh, _en in changes] == [
        "「转交确认单」之后新增步骤「审批确认单」，由工程部负责人办理，之后到「原施工队维修」",
        "不再从「转交确认单」直接到「原施工队维修」",
    ]
    assert "added after “Hand the sheet over”, done by the head of Engineering" in changes[0][1]


def test_conditions_are_told_with_fields_and_choices():
    old, new = 'offer_paid_service.consent == "no"', 'offer_paid_service.consent != "yes"'

    ((zh, _en),) = told("repair-handling", "repair-handling.bpmn", (old, new))

    assert zh == "从「客户同意？」到「不要有偿服务」的条件由「客户同意」选「否」改为「客户同意」没有选「是」"


def test_a_field_that_must_be_filled_in_now_is_told_with_its_form():
    files = of("repair-service")
    form = "forms/repair-service/decide_takeover.json"
    eased = files[form].replace(b'"required": true', b'"required": false')

    changes = compare(files | {form: eased}, files, known())

    assert [change.message_zh for change in changes] == [
        "表单「是否转维修队长」：「决定」改为必填",
        "表单「是否转维修队长」：「理由」改为必填",
    ]
    assert changes[0].message_en == "the form “Give it to the repair captain?”: “Decision” is now required"


def test_a_row_of_a_table_is_told_by_its_number_and_columns():
    old, new = '<inputEntry id="row_m2_in_2"><text>True', '<inputEntry id="row_m2_in_2"><text>False'

    ((zh, en),) = told("complaint-classification", "complaint_classification.dmn", (old, new))

    assert zh == "决策表「投诉界定标准」第 2 行：「要求赔偿」由 是 改为 否"
    assert "row 2: “要求赔偿” changes from yes to no" in en


def test_a_paper_is_told_by_its_title():
    name = "documents/rectification-notice.typ"

    ((zh, _en),) = told("pre-acceptance-rectification", name, ("paper.with(", "paper.with( "))

    assert zh == "单据「限期整改通知单」有改动"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_deadline_and_every_assignment_of_the_company_has_words(language: str):
    for name, material in materials().items():
        w = writer(name, language)
        for node in (node for diagram in material.diagrams for node in diagram.nodes.values()):
            timer = timer_of(node)
            said = [w.time(timer[1]).words] if timer is not None else []
            said += [w.who(text) for key, text in node.properties.items() if key in TIMES]
            for words in said:
                assert not re.search(r"[a-z]+_[a-z]|\w\(|\binput\b|[{}=]", words), f"{name}.{node.id}: {words}"


def test_what_has_no_words_is_refused_and_not_guessed():
    w = writer("repair-service")

    for text in ("input.by_crew == True", "no_such.field == 1", "hours(", "x + 1"):
        with pytest.raises(Unsayable):
            w.condition(text)
