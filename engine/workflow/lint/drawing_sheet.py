"""A drawn file as the drawing checks look at it: elements by id, beside where they are drawn."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from engine.workflow.interchange import BPMN, Element, Places, read_places

Found: TypeAlias = Iterator[tuple[str, str | None, Mapping[str, str | int]]]

NODES = (
    "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "task", "userTask",
    "serviceTask", "businessRuleTask", "scriptTask", "sendTask", "receiveTask", "manualTask", "callActivity",
    "subProcess", "exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """Nodes and flows of all levels, in the order of the document; lane_of: node id → lane id."""

    root: Element
    places: Places
    nodes: dict[str, Element]
    flows: dict[str, Element]
    lane_of: dict[str, str]

    def element(self, key: str) -> Element:
        return self.flows[key] if key in self.flows else self.nodes[key]

    def is_around(self, outer: str, key: str) -> bool:
        """Say whether a node or flow is among the contents of the sub-process `outer`."""
        return any(one.get("id") == outer for one in self.element(key).iterancestors())

    def ends(self, flow: str) -> tuple[str, str]:
        element = self.flows[flow]
        return element.get("sourceRef") or "", element.get("targetRef") or ""


def read_sheet(root: Element) -> Sheet:
    """Collect the elements of a file; what has no id is left out."""

    def by_id(*tags: str) -> dict[str, Element]:
        found = root.iter(*(f"{{{BPMN}}}{tag}" for tag in tags))
        return {one.get("id") or "": one for one in found if one.get("id")}

    lane_of = {
        (ref.text or "").strip(): lane_id
        for lane_id, lane in by_id("lane").items()
        for ref in lane.findall(f"{{{BPMN}}}flowNodeRef")
    }
    return Sheet(root, read_places(root), by_id(*NODES), by_id("sequenceFlow"), lane_of)
