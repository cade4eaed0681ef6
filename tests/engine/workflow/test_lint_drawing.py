"""The drawing is judged on request, and hostile numbers in it do no harm."""

import time

import pytest

from engine.workflow.drawing import draw
from engine.workflow.lint import check
from tests.engine.workflow.lint.files import SETTINGS, good, surroundings


def problems_of(content: bytes):
    files = {"one-task.bpmn": content, "procedure.toml": SETTINGS}
    return check(files, surroundings("one-task", good("one-task")), drawing=True)


@pytest.fixture(scope="module")
def drawn():
    return draw(good("one-task").encode())


def test_a_drawing_by_the_layouter_has_no_problems(drawn):
    assert not problems_of(drawn)


def test_a_diagram_without_a_drawing_is_told_to_be_laid_out():
    (problem,) = problems_of(good("one-task").encode())

    assert problem.code == "drawing.none"


def test_a_shape_that_is_not_drawn_is_named(drawn):
    (problem, *_) = problems_of(drawn.replace(b'bpmnElement="ask"', b'bpmnElement="elsewhere"'))

    assert (problem.code, problem.element) == ("drawing.not_drawn", "ask")


@pytest.mark.parametrize("number", ["inf", "-inf", "nan", "1e308", "1e6", "x", "0x10", "9" * 400])
def test_numbers_that_cannot_be_reckoned_with_are_refused(drawn, number):
    start = drawn.index(b' x="')
    hostile = drawn[:start] + f' x="{number}"'.encode() + drawn[drawn.index(b'"', start + 4) + 1 :]

    assert [problem.code for problem in problems_of(hostile)] == ["drawing.unreadable"]


def test_a_flood_of_points_is_refused_at_once(drawn):
    start = drawn.index(b"<di:waypoint")
    hostile = drawn[:start] + b'<di:waypoint x="1" y="1"/>' * 9_000 + drawn[start:]
    started = time.process_time()

    assert [problem.code for problem in problems_of(hostile)] == ["drawing.unreadable"]
    assert time.process_time() - started < 0.1
