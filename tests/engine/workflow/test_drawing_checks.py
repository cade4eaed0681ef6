"""The drawing checks: each finds its flaw in a drawing that is otherwise good."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.workflow import drawing
from engine.workflow.interchange import read_places
from engine.workflow.lint import drawing_checks

CLOCK = Path(__file__).parent / "diagrams" / "drawing" / "clock.bpmn"


@pytest.fixture(scope="module")
def good() -> bytes:
    return drawing.draw(CLOCK.read_bytes())


def place(xml: bytes, element: str, **changes: float) -> bytes:
    """Change attributes of the bounds of a shape."""

    def change(match: re.Match[bytes]) -> bytes:
        text = match[0]
        for key, value in changes.items():
            text = re.sub(rb'(<dc:Bounds[^>]*? %s=)"[^"]*"' % key.encode(), rb'\g<1>"%g"' % value, text, count=1)
        return text

    return re.sub(rb'<bpmndi:BPMN\w+ id="[^"]*" bpmnElement="%s".*?/>' % element.encode(), change, xml, flags=re.DOTALL)


def lead(xml: bytes, flow: str, *points: tuple[float, float]) -> bytes:
    """Give a flow other waypoints."""
    waypoints = b"".join(b'<di:waypoint x="%g" y="%g" />' % point for point in points)
    pattern = rb'(bpmnElement="%s">\s*)(<di:waypoint [^>]*/>\s*)+' % flow.encode()
    return re.sub(pattern, rb"\g<1>" + waypoints, xml)


def codes(xml: bytes) -> set[str]:
    return {finding[0] for finding in drawing_checks.check(drawing.parse(xml))}


def bounds(xml: bytes, element: str) -> tuple[float, float, float, float]:
    box = read_places(drawing.parse(xml)).shapes[element]
    return box.x, box.y, box.right, box.bottom


def on(of: str) -> Callable[[bytes, str], bytes]:
    """Move an element to where another stands."""

    def move(xml: bytes, element: str) -> bytes:
        x, y, _, _ = bounds(xml, of)
        return place(xml, element, x=x, y=y)

    return move


def test_a_good_drawing_has_no_findings(good: bytes) -> None:
    assert codes(good) == set()


def test_a_file_without_a_drawing_says_so() -> None:
    assert codes(CLOCK.read_bytes()) == {"drawing.none"}


def test_what_is_not_drawn_is_found(good: bytes) -> None:
    shape = re.compile(rb'<bpmndi:BPMNShape id="confirm_di".*?</bpmndi:BPMNShape>', re.DOTALL)

    assert "drawing.not_drawn" in codes(shape.sub(b"", good))


def test_a_name_without_a_place_is_found(good: bytes) -> None:
    label = re.compile(rb"<bpmndi:BPMNLabel>.*?</bpmndi:BPMNLabel>", re.DOTALL)

    assert "drawing.no_label" in codes(label.sub(b"", good, count=1))


@pytest.mark.parametrize(
    ("element", "of", "code"),
    [
        ("archive", "confirm", "drawing.overlap"),
        ("archive", "coordinate", "drawing.outside_lane"),
        ("handle_due", "handle", "drawing.off_host"),
        ("archive", "begun", "drawing.through_shape"),
        ("archive", "coordinate", "drawing.loose_end"),
    ],
)
def test_a_shape_in_the_wrong_place_is_found(good: bytes, element: str, of: str, code: str) -> None:
    assert code in codes(on(of)(good, element))


def test_lanes_with_a_gap_are_found(good: bytes) -> None:
    _, y, _, bottom = bounds(good, "department")

    assert "drawing.lanes_apart" in codes(place(good, "department", height=bottom - y - 10))


def test_a_flow_on_the_line_of_another_is_found(good: bytes) -> None:
    _, top, right, bottom = bounds(good, "coordinate")
    left = bounds(good, "supervise")[0]
    along = (top + bottom) / 2

    changed = lead(good, "archive_to_done", (right, along + 2), (left, along + 2))

    assert "drawing.same_line" in codes(changed)


def test_a_slanting_flow_is_found(good: bytes) -> None:
    assert "drawing.diagonal" in codes(lead(good, "archive_to_done", (0, 0), (100, 100)))


def test_a_flow_to_the_left_that_is_no_loop_is_found(good: bytes) -> None:
    x, _, _, _ = bounds(good, "begun")

    assert "drawing.backwards" in codes(place(good, "done", x=x))


def test_one_crossed_name_is_a_warning_and_two_are_an_error(good: bytes) -> None:
    places = read_places(drawing.parse(good))
    names = [places.labels[key] for key in ("begun", "done")]
    row = names[0].centre[1]

    once = lead(good, "register_to_split", (names[0].x - 5, row), (names[0].right + 5, row))
    twice = lead(good, "register_to_split", (names[0].x - 5, row), (names[1].right + 5, row))

    assert "drawing.name_crossed_once" in codes(once)
    assert "drawing.names_crossed" in codes(twice)


def test_a_label_too_narrow_for_its_text_is_found(good: bytes) -> None:
    narrow = re.sub(rb'(<bpmndi:BPMNLabel>\s*<dc:Bounds [^>]*width=)"[^"]*"', rb'\g<1>"9"', good, count=1)

    assert "drawing.narrow_label" in codes(narrow)


def test_every_code_has_texts_in_two_languages_that_its_parameters_fill(good: bytes) -> None:
    found = drawing_checks.check(drawing.parse(on("confirm")(good, "archive")))

    for code, _, _, params in found:
        for text in drawing_checks.TEXTS[code]:
            assert text.format_map(params)
