"""Checks whether the flows of a drawing can be followed: see drawing_checks.py."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import combinations, pairwise
from typing import TypeAlias

from lxml import etree

from engine.workflow.interchange import Box, Point
from engine.workflow.lint.drawing_sheet import Found, Sheet

Segment: TypeAlias = tuple[Point, Point]

DEEP = 3  # px that a flow may lie inside its own source or target
ON_BORDER = 2.5  # px from the border at which a flow still ends on it
SAME_LINE, CLOSE_LINES = 4, 8  # px between parallel flows
MOST_BENDS = 6
CROSSINGS_PER_FLOW = (1 / 5, 1 / 3)  # warning, error
BENDS_PER_FLOW = (1.2, 1.6)
TEXTS: dict[str, tuple[str, str]] = {
    "drawing.through_shape": (
        "顺序流“{element}”穿过“{other}”。请绕开。",
        "The flow “{element}” runs through “{other}”. Lead it around.",
    ),
    "drawing.through_own": (
        "顺序流“{element}”穿过它自己的端点“{other}”。",
        "The flow “{element}” runs through “{other}”, where it begins or ends.",
    ),
    "drawing.loose_end": (
        "顺序流“{element}”没有接到“{other}”的边线上。",
        "The flow “{element}” does not end on the border of “{other}”.",
    ),
    "drawing.diagonal": (
        "顺序流“{element}”有斜线。请只用水平、垂直线。",
        "The flow “{element}” has a slanting line. Use level and upright lines only.",
    ),
    "drawing.same_line": (
        "顺序流“{element}”与“{other}”画在同一条线上。",
        "The flows “{element}” and “{other}” lie on one line.",
    ),
    "drawing.lines_close": (
        "顺序流“{element}”与“{other}”靠得太近。",
        "The flows “{element}” and “{other}” run very close to each other.",
    ),
    "drawing.name_crossed_once": (
        "“{element}”的名称被顺序流“{other}”穿过。",
        "The flow “{other}” runs through the name of “{element}”.",
    ),
    "drawing.names_crossed": (
        "“{element}”的名称被顺序流“{other}”穿过（全图共 {times} 处）。",
        "The flow “{other}” runs through the name of “{element}” ({times} such places in the drawing).",
    ),
    "drawing.crossings": ("顺序流交叉较多（{times} 处）。", "Many flows cross ({times} places)."),
    "drawing.too_many_crossings": ("顺序流交叉太多（{times} 处）。", "Too many flows cross ({times} places)."),
    "drawing.bends": ("顺序流转弯较多（{times} 处）。", "The flows have many bends ({times})."),
    "drawing.too_many_bends": ("顺序流转弯太多（{times} 处）。", "The flows have too many bends ({times})."),
    "drawing.crooked_flow": ("顺序流“{element}”转弯 {times} 次。", "The flow “{element}” has {times} bends."),
    "drawing.backwards": (
        "顺序流“{element}”从右往左走，但不是循环。请把“{other}”移到右边。",
        "The flow “{element}” goes from right to left and is no loop. Move “{other}” to the right.",
    ),
}


def _segments(points: tuple[Point, ...]) -> Iterator[Segment]:
    return pairwise(points)


@lru_cache(maxsize=4096)  # every segment is compared with every other
def _box(segment: Segment) -> Box:
    (ax, ay), (bx, by) = segment
    return Box(min(ax, bx), min(ay, by), abs(bx - ax), abs(by - ay))


def _touches(segment: Segment, box: Box, shrink: float) -> bool:
    """Say whether a level or upright segment passes the inside of a box, shrunk on all sides."""
    line = _box(segment)
    return (
        line.right > box.x + shrink
        and line.x < box.right - shrink
        and line.bottom > box.y + shrink
        and line.y < box.bottom - shrink
    )


def _through(sheet: Sheet) -> Found:
    """Check 5: flows go around shapes and end on borders."""
    for flow, points in sheet.places.edges.items():
        if flow not in sheet.flows:
            continue
        ends = sheet.ends(flow)
        for key in sheet.nodes:
            box = sheet.places.shapes.get(key)
            if box is None or sheet.is_around(key, flow):
                continue
            if any(_touches(segment, box, DEEP if key in ends else 0.5) for segment in _segments(points)):
                yield ("drawing.through_own" if key in ends else "drawing.through_shape"), flow, {"other": key}
        for key, point in zip(ends, (points[0], points[-1]), strict=True):
            if key in sheet.places.shapes and key in sheet.nodes and not _on_border(sheet, key, point):
                yield "drawing.loose_end", flow, {"other": key}


def _on_border(sheet: Sheet, key: str, point: Point) -> bool:
    box = sheet.places.shapes[key]
    across, down = abs(point[0] - box.centre[0]), abs(point[1] - box.centre[1])
    kind = etree.QName(sheet.nodes[key]).localname
    if kind.endswith("Gateway"):
        gap = (across / max(box.width, 1) + down / max(box.height, 1)) * 2 - 1
        return abs(gap) * min(box.width, box.height) / 2 <= ON_BORDER
    if kind.endswith("Event"):
        return bool(abs((across**2 + down**2) ** 0.5 - box.width / 2) <= ON_BORDER)
    right, bottom = box.width / 2 - across, box.height / 2 - down
    return min(right, bottom) >= -ON_BORDER and min(abs(right), abs(bottom)) <= ON_BORDER


def _diagonals(sheet: Sheet) -> Found:
    """Check 6: only level and upright lines."""
    for flow, points in sheet.places.edges.items():
        if flow in sheet.flows and any(
            abs(ax - bx) > 0.5 and abs(ay - by) > 0.5 for (ax, ay), (bx, by) in _segments(points)
        ):
            yield "drawing.diagonal", flow, {}


def _parallels(sheet: Sheet) -> Found:
    """Check 7: flows without a common end keep apart."""
    drawn = {flow: list(_segments(points)) for flow, points in sheet.places.edges.items() if flow in sheet.flows}
    for one, other in combinations(drawn, 2):
        (source, target), (other_source, other_target) = sheet.ends(one), sheet.ends(other)
        if source == other_source or target == other_target:
            continue
        gaps = [gap for a in drawn[one] for b in drawn[other] if (gap := _gap(a, b)) is not None]
        if gaps and min(gaps) < CLOSE_LINES:
            code = "drawing.same_line" if min(gaps) < SAME_LINE else "drawing.lines_close"
            yield code, one, {"other": other}


def _gap(one: Segment, other: Segment) -> float | None:
    """The distance of two parallel segments that run side by side for more than 4 px."""
    a, b = _box(one), _box(other)
    if a.height < 0.5 and b.height < 0.5:
        return abs(a.y - b.y) if min(a.right, b.right) - max(a.x, b.x) > SAME_LINE else None
    if a.width < 0.5 and b.width < 0.5:
        return abs(a.x - b.x) if min(a.bottom, b.bottom) - max(a.y, b.y) > SAME_LINE else None
    return None


def _names(sheet: Sheet) -> Found:
    """Check 8: no flow through a name; one in a drawing is a warning."""
    found = [
        (key, flow)
        for key, box in sheet.places.labels.items()
        if key in sheet.nodes or key in sheet.flows
        for flow, points in sheet.places.edges.items()
        if any(_touches(segment, box, 0.5) for segment in _segments(points))
    ]
    for key, flow in found:
        code = "drawing.name_crossed_once" if len(found) == 1 else "drawing.names_crossed"
        yield code, key, {"other": flow, "times": len(found)}


def _crossings(sheet: Sheet) -> Found:
    """Check 10."""
    drawn = [list(_segments(points)) for flow, points in sheet.places.edges.items() if flow in sheet.flows]
    times = sum(_crosses(a, b) for one, other in combinations(drawn, 2) for a in one for b in other)
    few, many = (share * len(drawn) for share in CROSSINGS_PER_FLOW)
    if times > few and times > 1:
        yield ("drawing.too_many_crossings" if times > many else "drawing.crossings"), None, {"times": times}


def _crosses(one: Segment, other: Segment) -> bool:
    for a, b in ((_box(one), _box(other)), (_box(other), _box(one))):
        if a.height < 0.5 and b.width < 0.5 and a.x < b.x < a.right and b.y < a.y < b.bottom:
            return True
    return False


def _bends(sheet: Sheet) -> Found:
    """Check 11."""
    bends = {flow: len(points) - 2 for flow, points in sheet.places.edges.items() if flow in sheet.flows}
    for flow, times in bends.items():
        if times > MOST_BENDS:
            yield "drawing.crooked_flow", flow, {"times": times}
    few, many = (share * len(bends) for share in BENDS_PER_FLOW)
    total = sum(bends.values())
    if total > few and total > MOST_BENDS:
        yield ("drawing.too_many_bends" if total > many else "drawing.bends"), None, {"times": total}


def _backwards(sheet: Sheet) -> Found:
    """Check 12: what is no loop goes to the right; a boundary event counts as its host."""
    shapes = sheet.places.shapes
    after: dict[str, set[str]] = {}
    for flow in sheet.flows:
        source, target = sheet.ends(flow)
        after.setdefault(_host(sheet, source), set()).add(target)
    for flow in sheet.flows:
        source, target = (_host(sheet, end) for end in sheet.ends(flow))
        if source in shapes and target in shapes and target not in (source, *_hanging(sheet, flow)):
            left = shapes[target].centre[0] < shapes[source].x
            if left and source not in _reachable(target, after):
                yield "drawing.backwards", flow, {"other": target}


def _host(sheet: Sheet, key: str) -> str:
    node = sheet.nodes.get(key)
    return key if node is None else node.get("attachedToRef") or key


def _hanging(sheet: Sheet, flow: str) -> tuple[str, ...]:
    """The target of a boundary event's flow, where it stands right below."""
    source, target = sheet.ends(flow)
    boxes = sheet.places.shapes.get(source), sheet.places.shapes.get(target)
    if source == _host(sheet, source) or boxes[0] is None or boxes[1] is None:
        return ()
    return (target,) if abs(boxes[0].centre[0] - boxes[1].centre[0]) < 1 else ()


def _reachable(start: str, after: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    front = [start]
    while front:
        for node in after.get(front.pop(), ()):
            if node not in found:
                found.add(node)
                front.append(node)
    return found


RULES: tuple[Callable[[Sheet], Found], ...] = (
    _through, _diagonals, _parallels, _names, _crossings, _bends, _backwards,
)  # fmt: skip
