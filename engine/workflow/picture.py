"""Renders a drawn diagram as SVG, so that people can look at it without an editor.

Only what the diagram interchange places is shown; shapes look as BPMN 2.0.2, chapter 7 has them.
"""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from lxml import etree

from engine.workflow.drawing import parse
from engine.workflow.interchange import BPMN, Box, Element, Places, Point, read_places, text_width

MARGIN = 20
FONT = 12
LABEL_FONT = 11
LINE = 14
TASKS = ("userTask", "serviceTask", "businessRuleTask", "scriptTask", "sendTask", "receiveTask", "manualTask", "task")
STYLE = (
    "text{font-family:'PingFang SC','Noto Sans CJK SC','Noto Sans SC',sans-serif;fill:#000;text-anchor:middle}"
    "rect,circle,path,polygon{fill:#fff;stroke:#000;stroke-width:1.5;stroke-linejoin:round}"
    ".line{fill:none}.thin{stroke-width:1}.thick{stroke-width:3}.full{fill:#000}.dashed{stroke-dasharray:5 3}"
)
# Marks of tasks and events, drawn in a square of 20 px around 0, 0.
MARKS = {
    "userTask": '<circle class="thin" cy="-4" r="4"/><path class="thin" d="M-8 8v-3q0-5 8-5t8 5v3z"/>',
    "serviceTask": '<circle class="thin" r="6" stroke-dasharray="3 1.7" style="stroke-width:3"/>'
    '<circle class="thin" r="5"/><circle class="thin" r="2"/>',
    "businessRuleTask": '<path class="thin" d="M-9-6h18v13h-18zM-9-2h18M-9 2.500h18M-3-2v9"/>'
    '<path class="thin full" d="M-9-6h18v4h-18z"/>',
    "timer": '<circle class="thin" r="10"/><path class="line thin" d="M0-10v3M0 10v-3M-10 0h3M10 0h-3M0 0l2-7M0 0h5"/>',
    "message": '<path class="thin" d="M-9-6h18v12h-18zM-9-6l9 7l9-7"/>',
    "signal": '<path class="thin" d="M0-9l9 15h-18z"/>',
    "escalation": '<path class="thin" d="M0-9l7 17l-7-7l-7 7z"/>',
    "error": '<path class="thin" d="M-8 8l5-15l6 8l5-9l-5 16l-6-9z"/>',
    "conditional": '<path class="thin" d="M-7-9h14v18h-14zM-4-5h8M-4-1h8M-4 3h8"/>',
    "terminate": '<circle class="full" r="9"/>',
    "exclusiveGateway": '<path class="line thick" d="M-7-8l14 16M7-8l-14 16"/>',
    "parallelGateway": '<path class="line thick" d="M0-11v22M-11 0h22"/>',
    "inclusiveGateway": '<circle class="line thick" r="10"/>',
    "eventBasedGateway": '<circle class="line thin" r="13"/><circle class="line thin" r="11"/>'
    '<path class="line thin" d="M0-8l8 6l-3 9h-10l-3-9z"/>',
}


def picture(xml: bytes) -> str:
    """Return the SVG text of a drawn BPMN file."""
    root = parse(xml)
    places = read_places(root)
    extent = places.extent
    x, y = extent.x - MARGIN, extent.y - MARGIN
    width, height = extent.width + 2 * MARGIN, extent.height + 2 * MARGIN
    elements = {element.get("id", ""): element for element in root.iter(f"{{{BPMN}}}*") if element.get("id")}
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}"'
        f' viewBox="{x:g} {y:g} {width:g} {height:g}"><style>{STYLE}</style>',
        '<defs><marker id="tip" viewBox="0 0 10 10" refX="10" refY="5" markerWidth="9" markerHeight="9"'
        ' markerUnits="userSpaceOnUse" orient="auto"><path class="full" d="M0 1l10 4l-10 4z"/></marker></defs>',
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" style="stroke:none"/>',
    ]
    known = {key: element for key, element in elements.items() if key in places.shapes}
    for below in (True, False):
        for key, element in known.items():
            if (_tag(element) in ("participant", "lane", "subProcess")) is below:
                parts += _shape(element, places.shapes[key])
        if below:
            for key, points in places.edges.items():
                parts += _edge(elements.get(key), points)
    parts += _labels(elements, places)
    return "\n".join([*parts, "</svg>"])


def _tag(element: Element) -> str:
    return etree.QName(element).localname


def _shape(element: Element, box: Box) -> Iterator[str]:
    tag = _tag(element)
    name = (element.get("name") or "").strip()
    x, y = box.centre
    frame = f'x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}"'
    if tag in ("participant", "lane"):
        yield f'<rect {frame}/><text font-size="{FONT}" transform="translate({box.x + 19:g} {y:g}) rotate(-90)">'
        yield f"{escape(name)}</text>"
        if tag == "participant":
            yield f'<path class="line" d="M{box.x + 30:g} {box.y:g}v{box.height:g}"/>'
    elif tag == "subProcess":
        yield f'<rect {frame} rx="10"/>' + _text(name, x, box.y + 9, FONT)
        yield _multi_instance(element, x, box.bottom - 10)
    elif tag in TASKS or tag == "callActivity":
        thick = ' class="thick"' if tag == "callActivity" else ""
        yield f'<rect {frame} rx="10"{thick}/>'
        yield _lines(_wrap(name, box.width - 12), x, y, FONT)
        if tag in MARKS:
            yield _mark(tag, box.x + 14, box.y + 14)
        if tag == "callActivity":
            yield f'<path class="thin" d="M{x - 7:g} {box.bottom - 17:g}h14v14h-14zm2 7h10m-5-5v10"/>'
        yield _multi_instance(element, x + (18 if tag == "callActivity" else 0), box.bottom - 10)
    elif tag.endswith("Gateway"):
        half = box.width / 2
        yield f'<path d="M{box.x:g} {y:g}l{half:g} {-half:g}l{half:g} {half:g}l{-half:g} {half:g}z"/>' + _mark(
            tag, x, y
        )
    elif tag.endswith("Event"):
        yield from _event(element, tag, x, y, box.width / 2)


def _event(element: Element, tag: str, x: float, y: float, radius: float) -> Iterator[str]:
    look = " thick" if tag == "endEvent" else " dashed" if element.get("cancelActivity") == "false" else ""
    yield f'<circle class="{look.strip()}" cx="{x:g}" cy="{y:g}" r="{radius:g}"/>'
    if tag in ("boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent"):
        yield f'<circle class="thin{look}" cx="{x:g}" cy="{y:g}" r="{radius - 3:g}"/>'
    for child in element.iterchildren(tag=etree.Element):
        kind = _tag(child).removesuffix("EventDefinition")
        if kind in MARKS:
            thrown = tag in ("endEvent", "intermediateThrowEvent") and kind != "terminate"
            mark = MARKS[kind].replace('class="thin"', 'class="thin full"') if thrown else MARKS[kind]
            yield f'<g transform="translate({x:g} {y:g})">{mark}</g>'


def _multi_instance(element: Element, x: float, y: float) -> str:
    marker = element.find(f"{{{BPMN}}}multiInstanceLoopCharacteristics")
    if marker is None:
        return ""
    path = "M-5-4h10M-5 0h10M-5 4h10" if marker.get("isSequential") == "true" else "M-4-5v10M0-5v10M4-5v10"
    return f'<path class="line" style="stroke-width:2" transform="translate({x:g} {y:g})" d="{path}"/>'


def _mark(kind: str, x: float, y: float) -> str:
    return f'<g transform="translate({x:g} {y:g})">{MARKS.get(kind, "")}</g>'


def _edge(element: Element | None, points: tuple[Point, ...]) -> Iterator[str]:
    path = "M" + "L".join(f"{x:g} {y:g}" for x, y in points)
    yield f'<path class="line" marker-end="url(#tip)" d="{path}"/>'
    source = element.get("sourceRef") if element is not None else None
    parent = element.getparent() if element is not None else None
    if element is None or parent is None:
        return
    start = next((one for one in parent if one.get("id") == source), None)
    if start is not None and start.get("default") == element.get("id") and _tag(start).endswith("Gateway"):
        (ax, ay), (bx, by) = points[0], points[1]
        length = abs(bx - ax) + abs(by - ay) or 1
        x, y = ax + 9 * (bx - ax) / length, ay + 9 * (by - ay) / length
        yield f'<path class="line" d="M{x - 4:g} {y + 4:g}l8-8"/>'


def _labels(elements: dict[str, Element], places: Places) -> Iterator[str]:
    for key, box in places.labels.items():
        name = (elements[key].get("name") or "").strip() if key in elements else ""
        if name:
            yield _lines(_wrap(name, box.width + 1, LABEL_FONT), box.centre[0], box.centre[1], LABEL_FONT)


def _wrap(text: str, width: float, font: float = FONT) -> list[str]:
    lines = [""]
    for char in text:
        if char == "\n" or text_width(lines[-1] + char, font) > width:
            lines.append("")
        if char != "\n":
            lines[-1] += char
    return lines


def _lines(lines: list[str], x: float, y: float, font: float) -> str:
    top = y - LINE * len(lines) / 2
    return "".join(_text(line, x, top + LINE * row, font) for row, line in enumerate(lines))


def _text(text: str, x: float, top: float, font: float) -> str:
    """One line of text centred at x in a line box from `top`."""
    return f'<text font-size="{font:g}" x="{x:g}" y="{top + LINE - 3.2:g}">{escape(text)}</text>'
