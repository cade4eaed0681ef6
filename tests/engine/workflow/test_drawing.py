"""Drawing a diagram: only the interchange changes, and what is drawn can be read."""

import os
import re
from pathlib import Path

import pytest
from lxml import etree

from engine.workflow import drawing
from engine.workflow.interchange import BPMN, read_places
from engine.workflow.lint import drawing_checks
from engine.workflow.picture import picture

DIAGRAMS = sorted((Path(__file__).parent / "diagrams" / "drawing").glob("*.bpmn"))
SMALL = sorted((Path(__file__).parent / "lint" / "good").glob("*.bpmn"))
TOLERATED = {"drawing.crossings", "drawing.name_crossed_once"}
INTERCHANGE = re.compile(rb"  <bpmndi:BPMNDiagram .*</bpmndi:BPMNDiagram>\n", re.DOTALL)


def diagram(name: str) -> bytes:
    return next(path for path in DIAGRAMS if path.stem == name).read_bytes()


@pytest.mark.parametrize("path", DIAGRAMS + SMALL, ids=lambda path: path.stem)
def test_a_drawing_can_be_read(path: Path) -> None:
    drawn = drawing.draw(path.read_bytes())

    found = drawing_checks.check(drawing.parse(drawn))

    assert [one for one in found if one[0] not in TOLERATED] == []


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_drawing_changes_only_the_interchange_and_twice_is_once(path: Path) -> None:
    original = path.read_bytes()

    drawn = drawing.draw(original)

    assert INTERCHANGE.sub(b"", drawn) == original
    assert drawing.draw(drawn) == drawn
    assert drawing.draw(original) == drawn


def test_a_large_diagram_is_drawn_quickly() -> None:
    largest = max((path.read_bytes() for path in DIAGRAMS), key=len)
    before = os.times()

    places = drawing.lay_out(drawing.read_diagram(drawing.parse(largest)))

    after = os.times()
    assert len(places["shapes"]) > 40
    assert after.children_user - before.children_user < 3


def test_an_old_drawing_is_replaced_where_it_stands() -> None:
    original = diagram("clock")
    old = b"<bpmndi:BPMNDiagram xmlns:bpmndi='http://www.omg.org/spec/BPMN/20100524/DI'/>"
    with_old = original.replace(b"</bpmn:definitions>", old + b"<!-- kept --></bpmn:definitions>")

    drawn = drawing.draw(with_old)

    new = re.search(rb"<bpmndi:BPMNDiagram .*</bpmndi:BPMNDiagram>", drawn, re.DOTALL)
    assert new and drawn.replace(new[0], old) == with_old


def test_a_breach_end_hangs_right_below_its_timer() -> None:
    places = read_places(drawing.parse(drawing.draw(diagram("clock"))))

    timer, end = places.shapes["handle_due"], places.shapes["handle_late"]

    assert end.centre[0] == timer.centre[0]
    assert 0 < end.y - timer.bottom < 30
    assert end.width == 24


def test_lanes_keep_the_order_of_the_file_and_hold_their_nodes() -> None:
    root = drawing.parse(drawing.draw(diagram("complaint")))
    places = read_places(root)

    lanes = list(root.iter(f"{{{BPMN}}}lane"))

    assert [lane.get("id") for lane in sorted(lanes, key=lambda one: places.shapes[one.get("id") or ""].y)] == [
        lane.get("id") for lane in lanes
    ]
    for lane in lanes:
        for ref in lane.iterfind(f"{{{BPMN}}}flowNodeRef"):
            if not (ref.text or "").endswith("_due"):
                assert places.shapes[lane.get("id") or ""].holds(places.shapes[ref.text or ""])


def test_a_process_without_a_pool_is_drawn_without_lanes() -> None:
    without = re.sub(rb"  <bpmn:collaboration.*</bpmn:collaboration>\n", b"", diagram("deadlines"), flags=re.DOTALL)

    drawn = drawing.draw(without)

    assert b'bpmnElement="deadlines"' in drawn
    assert b'bpmnElement="service_specialist"' not in drawn
    assert drawing_checks.check(drawing.parse(drawn)) == []


def test_what_cannot_be_laid_out_is_refused_by_name() -> None:
    annotated = diagram("clock").replace(b"</bpmn:process>", b'<bpmn:textAnnotation id="note"/></bpmn:process>')

    with pytest.raises(drawing.NotDrawable, match="note"):
        drawing.draw(annotated)


def test_the_picture_shows_every_name() -> None:
    drawn = drawing.draw(diagram("clock"))

    svg = etree.fromstring(picture(drawn).encode())

    shown = "".join(svg.itertext())
    for element in drawing.parse(drawn).iter(f"{{{BPMN}}}userTask"):
        assert (element.get("name") or "") in shown
