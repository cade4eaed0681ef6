"""Checks whether a drawing can be read: what must not overlap, what must lie where (drawing_lines.py has the flows).

Pure: a parsed file in, (code, severity, element id, parameters) out, in the order of the document. Works on the diagram
interchange alone, so it judges hand-made drawings as it does laid-out ones.
"""

from collections.abc import Mapping
from itertools import combinations
from typing import Literal, TypeAlias

from lxml import etree

from engine.workflow.interchange import BPMN, Box, Element, text_width
from engine.workflow.lint import drawing_lines
from engine.workflow.lint.drawing_sheet import Found, Sheet, read_sheet

Finding: TypeAlias = tuple[str, Literal["error", "warning"], str | None, Mapping[str, str | int]]

LANE_HEADER = 30
LABEL_LINE = 14
WIDEST, HIGHEST = 3300, 1300
WARNINGS = frozenset({
    "drawing.lines_close", "drawing.name_crossed_once", "drawing.crossings", "drawing.bends", "drawing.crooked_flow",
    "drawing.large",
})  # fmt: skip
TEXTS: dict[str, tuple[str, str]] = {
    "drawing.none": ("文件里没有图形。请点“整理布局”。", "The file has no drawing. Use “Tidy layout”."),
    "drawing.not_drawn": ("“{element}”没有画出来。请点“整理布局”。", "“{element}” is not drawn. Use “Tidy layout”."),
    "drawing.no_label": ("“{element}”的名称没有位置。", "The name of “{element}” has no place of its own."),
    "drawing.overlap": ("“{element}”与“{other}”重叠。请移开。", "“{element}” overlaps “{other}”. Move it."),
    "drawing.outside_lane": (
        "“{element}”超出泳道“{lane}”，或压住了泳道名称。请移入泳道。",
        "“{element}” leaves its lane “{lane}” or covers the lane's name. Move it inside.",
    ),
    "drawing.off_host": (
        "边界事件“{element}”不在“{host}”的下边线上。请移到下边线。",
        "The boundary event “{element}” is not on the bottom edge of “{host}”. Move it there.",
    ),
    "drawing.lanes_apart": (
        "泳道“{element}”没有与泳池对齐：不能有空隙、重叠或不同宽度。",
        "The lane “{element}” does not fit the pool: no gaps, overlaps or different widths.",
    ),
    "drawing.label_on_shape": ("“{element}”的名称压住了“{other}”。", "The name of “{element}” lies on “{other}”."),
    "drawing.label_on_label": (
        "“{element}”与“{other}”的名称重叠。",
        "The names of “{element}” and “{other}” overlap.",
    ),
    "drawing.narrow_label": (
        "“{element}”的名称框太窄（{width} 像素，需要 {need}）。",
        "The box for the name of “{element}” is too narrow ({width} px, needs {need}).",
    ),
    "drawing.large": (
        "图太大（{width} × {height} 像素），打印不清楚。请用调用活动拆分。",
        "The drawing is too large to print ({width} × {height} px). Split it by call activities.",
    ),
    **drawing_lines.TEXTS,
}


def check(tree: Element | etree._ElementTree) -> list[Finding]:
    """Return what is wrong with the drawing; the keys of TEXTS are the codes, the parameters fill their braces."""
    root = tree.getroot() if isinstance(tree, etree._ElementTree) else tree
    sheet = read_sheet(root)
    if not sheet.places.shapes:
        return [("drawing.none", "error", None, {})]
    rules = (_missing, _overlaps, _lanes, _hosts, _bands, _labels, _size, *drawing_lines.RULES)
    return [
        (code, "warning" if code in WARNINGS else "error", element, {"element": element or "", **params})
        for rule in rules
        for code, element, params in rule(sheet)
    ]


def _missing(sheet: Sheet) -> Found:
    """Check 1: everything is drawn, and what is named beside its shape has a place for the name."""
    drawn = sheet.places.shapes
    pools = [one.get("id") or "" for one in sheet.root.iter(f"{{{BPMN}}}participant")]
    lanes = [one.get("id") or "" for one in sheet.root.iter(f"{{{BPMN}}}lane")] if pools else []
    for key in (*pools, *lanes, *sheet.nodes):
        if key not in drawn:
            yield "drawing.not_drawn", key, {}
    for key in sheet.flows:
        if key not in sheet.places.edges:
            yield "drawing.not_drawn", key, {}
    for key, element in (*sheet.nodes.items(), *sheet.flows.items()):
        beside = etree.QName(element).localname.endswith(("Event", "Gateway", "Flow"))
        if beside and (element.get("name") or "").strip() and key not in sheet.places.labels:
            yield "drawing.no_label", key, {}


def _overlaps(sheet: Sheet) -> Found:
    """Check 2: shapes lie apart, but for a boundary event on its host and contents in their sub-process."""
    drawn = [(key, sheet.places.shapes[key]) for key in sheet.nodes if key in sheet.places.shapes]
    for (one, box), (other, other_box) in combinations(drawn, 2):
        if not box.meets(other_box):
            continue
        if other in (sheet.nodes[one].get("attachedToRef"), *_hosts_of(sheet, one)) or one in _hosts_of(sheet, other):
            continue
        if sheet.nodes[other].get("attachedToRef") != one:
            yield "drawing.overlap", one, {"other": other}


def _hosts_of(sheet: Sheet, key: str) -> tuple[str, ...]:
    """The sub-processes that really hold this shape."""
    box = sheet.places.shapes[key]
    outer = [one.get("id") or "" for one in sheet.nodes[key].iterancestors(f"{{{BPMN}}}subProcess")]
    return tuple(one for one in outer if one in sheet.places.shapes and sheet.places.shapes[one].holds(box, 20))


def _lanes(sheet: Sheet) -> Found:
    """Check 3: a node is inside its lane and clear of the lane's name; contents inside their sub-process."""
    shapes = sheet.places.shapes
    for key, element in sheet.nodes.items():
        lane = sheet.lane_of.get(element.get("attachedToRef") or key) or sheet.lane_of.get(key)
        parent = element.getparent()
        outer = None if parent is None else parent.get("id")
        if lane in shapes and key in shapes:
            band = shapes[lane]
            inside = Box(band.x + LANE_HEADER, band.y, band.width - LANE_HEADER, band.height)
            if not inside.holds(shapes[key]):
                yield "drawing.outside_lane", key, {"lane": lane}
        elif outer in shapes and outer in sheet.nodes and key in shapes and not _hosts_of(sheet, key):
            yield "drawing.overlap", key, {"other": outer}


def _hosts(sheet: Sheet) -> Found:
    """Check 3: the centre of a boundary event is on the bottom edge of its host."""
    shapes = sheet.places.shapes
    for key, element in sheet.nodes.items():
        host = element.get("attachedToRef")
        if host not in shapes or key not in shapes:
            continue
        x, y = shapes[key].centre
        if abs(y - shapes[host].bottom) > 1 or not shapes[host].x <= x <= shapes[host].right:
            yield "drawing.off_host", key, {"host": host}


def _bands(sheet: Sheet) -> Found:
    """Check 4: lanes tile their pool."""
    shapes = sheet.places.shapes
    pools = [one.get("id") for one in sheet.root.iter(f"{{{BPMN}}}participant")]
    lanes = [key for key in (one.get("id") for one in sheet.root.iter(f"{{{BPMN}}}lane")) if key in shapes]
    if len(pools) != 1 or pools[0] not in shapes or not lanes:
        return
    pool = shapes[pools[0]]
    at = pool.y
    for key in sorted(lanes, key=lambda lane: shapes[lane].y):
        lane = shapes[key]
        apart = (lane.x - pool.x - LANE_HEADER, lane.right - pool.right, lane.y - at)
        if any(abs(distance) > 1 for distance in apart):
            yield "drawing.lanes_apart", key, {}
        at = lane.bottom
    if abs(at - pool.bottom) > 1:
        yield "drawing.lanes_apart", pools[0], {}


def _labels(sheet: Sheet) -> Found:
    """Checks 8 and 9: names lie on nothing and have room."""
    labels = {key: box for key, box in sheet.places.labels.items() if key in sheet.nodes or key in sheet.flows}
    for key, box in labels.items():
        for other in sheet.nodes:
            shape = sheet.places.shapes.get(other)
            if shape and not sheet.is_around(other, key) and box.meets(shape, 1):
                yield "drawing.label_on_shape", key, {"other": other}
    for (one, box), (other, other_box) in combinations(labels.items(), 2):
        if box.meets(other_box, 1):
            yield "drawing.label_on_label", one, {"other": other}
    for key, box in labels.items():
        need = text_width((sheet.element(key).get("name") or "").strip()) / max(1, round(box.height / LABEL_LINE))
        if box.width < need - 1:
            yield "drawing.narrow_label", key, {"width": round(box.width), "need": round(need)}


def _size(sheet: Sheet) -> Found:
    """Check 13: it can be printed on A3."""
    extent = sheet.places.extent
    if extent.width > WIDEST or extent.height > HIGHEST:
        yield "drawing.large", None, {"width": round(extent.width), "height": round(extent.height)}
