"""Damaged diagrams are answered, never an exception: elements moved, retagged, cut out, references bent."""

import random

import pytest
from lxml import etree

from engine.workflow.changes import compare
from engine.workflow.lint import check
from engine.workflow.lint.reading import BPMN
from tests.engine.workflow.lint.files import HERE, SETTINGS, surroundings

TAGS = [
    "exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "userTask", "boundaryEvent",
    "startEvent", "endEvent", "subProcess", "callActivity", "intermediateCatchEvent", "timerEventDefinition",
    "messageEventDefinition", "lane", "sequenceFlow", "process",
]  # fmt: skip
TEXTS = ["", "PT3H", "a.b", "(", "hours(", "None", '"x" * 9', "\n"]


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Bend up to six places of a diagram."""
    root = etree.fromstring(content)
    elements = [element for element in root.iter() if element is not root]
    ids = [element.get("id") for element in elements if element.get("id")] + ["", "x y", "流"]
    for _ in range(chance.randint(1, 6)):
        element = chance.choice(elements)
        match chance.randrange(5):
            case 0:
                element.getparent().remove(element) if element.getparent() is not None else None
            case 1 if element.attrib:
                element.set(chance.choice(list(element.attrib)), chance.choice(ids))
            case 2 if element.attrib:
                del element.attrib[chance.choice(list(element.attrib))]
            case 3:
                element.tag = f"{{{BPMN}}}{chance.choice(TAGS)}"
            case _:
                element.text = chance.choice(TEXTS)
    return etree.tostring(root)


@pytest.mark.parametrize("path", sorted((HERE / "good").glob("*.bpmn")), ids=lambda path: path.stem)
def test_a_damaged_diagram_is_answered(path):
    chance = random.Random(path.stem)
    sound = {path.name: path.read_bytes(), "procedure.toml": SETTINGS}
    known = surroundings(path.stem, path.read_text("utf-8"))

    for _ in range(40):
        files = {**sound, path.name: damaged(path.read_bytes(), chance)}

        assert isinstance(check(files, known, drawing=True), tuple)
        assert isinstance(compare(sound, files), tuple)


def test_an_event_on_an_activity_that_is_gone_is_answered():
    path = HERE / "good" / "interrupting-timer.bpmn"
    text = path.read_text("utf-8").replace('attachedToRef="ask"', 'attachedToRef="gone"').replace("end_state", "x")

    problems = check({path.name: text.encode(), "procedure.toml": SETTINGS}, surroundings(path.stem, text))

    assert ("events.boundary_host", "gone_silent") in {(one.code, one.element) for one in problems}
