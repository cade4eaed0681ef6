"""Every procedure of the company can be told in plain words, in both languages, without an expression or an id."""

import dataclasses
import re
from collections.abc import Iterator
from typing import Any

import pytest

from engine.workflow.explained import Explained, Step
from engine.workflow.explaining import explain
from tests.engine.workflow.test_sentences import known, materials

INTERNAL = re.compile(r"[a-z]+_[a-z]|\w\(|\binput\b|\bparameter\b\(|[{}=]")
KEYS = ("procedure", "calls", "kind")  # for addresses and choices of the page, not for reading


def words(thing: Any) -> Iterator[str]:
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, tuple):
        for part in thing:
            yield from words(part)
    elif dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            if field.name not in KEYS:
                yield from words(getattr(thing, field.name))


def steps(told: Explained | Step) -> Iterator[Step]:
    for step in told.steps:
        yield step
        yield from steps(step)


def told(procedure: str, language: str = "zh") -> Explained:
    return explain(materials()[procedure], known(), language)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_procedure_shows_an_expression_or_an_id(language: str):
    assert len(materials()) >= 38

    for name in materials():
        assert [text for text in words(told(name, language)) if INTERNAL.search(text)] == [], name


def test_every_step_of_a_person_says_who_and_what_comes_next():
    for name in materials():
        for step in steps(told(name)):
            if step.kind == "userTask":
                assert step.who and step.ways, f"{name}: {step.name}"


def test_a_step_tells_its_deadline_whom_a_breach_tells_and_the_way_on():
    call = next(step for step in steps(told("repair-service")) if step.name == "回电客户")

    (deadline,) = call.deadlines
    assert (deadline.key, deadline.time) == ("T-10", "交办后 3 小时")
    assert deadline.told == "工程部负责人或客服监察部负责人，视情况、客服经理"
    assert [(way.when, way.to) for way in deadline.then] == [
        ("原施工队？是", "要不要转队长"),
        ("原施工队？不是", "等待回电"),
    ]
    assert [(way.number, way.to) for way in call.ways] == [("1.2", "第一轮维修")]


def test_a_way_is_told_in_the_owners_question_and_in_fields():
    offer = next(step for step in steps(told("repair-handling")) if step.name == "有偿服务报价")

    assert "客户同意？不同意（「客户同意」选「否」）" in [way.when for way in offer.ways]


def test_a_table_is_told_row_by_row():
    (table,) = told("complaint-classification").tables

    assert table.first and table.inputs[:2] == ("找公司领导要求解决", "要求赔偿")
    assert table.rows[0][0] == "是" and table.rows[0][-2] == "「重大」"


def test_what_no_manual_says_is_marked_as_a_convention():
    figures = {one.title: one.convention for one in told("repair-service").parameters}

    assert figures["报修后多久前回访"] is True
    assert figures["回电客户"] is False


def test_a_procedure_says_how_it_begins():
    assert [(start.kind, start.words) for start in told("repair-captain-weekly-check").starts] == [
        ("timer", "每周三 09:00")
    ]
    assert told("repair-service").starts[0].words == "「离职施工队报修」、「报修解决」"
    assert told("repair-handling").starters == ("客服监察部",)


def test_a_draft_without_a_diagram_is_told_as_far_as_it_goes():
    from engine.workflow.lint.material import read_material
    from engine.workflow.lint.surroundings import Surroundings

    empty = explain(read_material({"procedure.toml": b'title = "x"'}, "", Surroundings()), known(), "zh")

    assert (empty.title, empty.steps) == ("x", ())


def test_a_step_stands_behind_those_that_lead_to_it():
    names = [step.name for step in told("repair-handling").steps]

    assert names[:4] == ["补登报修", "查施工队", "核对施工队", "有偿服务报价"]
    assert names[-1] == "过失单", "what only an event leads to comes last"
