"""Reads the diagram interchange (BPMN 2.0.2, chapter 12) of a file: where everything is drawn.

Pure: a parsed tree in, places out. What stands in the semantic part only has no place here.
"""

from dataclasses import dataclass
from typing import TypeAlias

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"

Element: TypeAlias = etree._Element
Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in px; y grows downwards."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def centre(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2

    def meets(self, other: "Box", by: float = 0) -> bool:
        """Say whether both share more than `by` px in each direction."""
        across = min(self.right, other.right) - max(self.x, other.x)
        down = min(self.bottom, other.bottom) - max(self.y, other.y)
        return across > by and down > by

    def holds(self, other: "Box", slack: float = 0) -> bool:
        return (
            other.x >= self.x - slack
            and other.y >= self.y - slack
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )


@dataclass(frozen=True, slots=True)
class Places:
    """Where a file draws its elements, by element id; labels only where they have bounds of their own."""

    shapes: dict[str, Box]
    edges: dict[str, tuple[Point, ...]]
    labels: dict[str, Box]

    @property
    def extent(self) -> Box:
        """The smallest box around everything."""
        boxes = [*self.shapes.values(), *self.labels.values()]
        points = [point for edge in self.edges.values() for point in edge]
        xs = [x for box in boxes for x in (box.x, box.right)] + [x for x, _ in points] or [0.0]
        ys = [y for box in boxes for y in (box.y, box.bottom)] + [y for _, y in points] or [0.0]
        return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def read_places(root: Element) -> Places:
    """Collect all shapes, edges and labels; what lacks an element or numbers is left out."""
    places = Places({}, {}, {})
    for shape in root.iter(f"{{{BPMNDI}}}BPMNShape"):
        box = _box(shape.find(f"{{{DC}}}Bounds"))
        if box:
            places.shapes.setdefault(_drawn_id(shape), box)
    for edge in root.iter(f"{{{BPMNDI}}}BPMNEdge"):
        points = [_point(point) for point in edge.findall(f"{{{DI}}}waypoint")]
        if len(points) > 1 and None not in points:
            places.edges.setdefault(_drawn_id(edge), tuple(point for point in points if point))
    for label in root.iter(f"{{{BPMNDI}}}BPMNLabel"):
        parent, box = label.getparent(), _box(label.find(f"{{{DC}}}Bounds"))
        if parent is not None and box:
            places.labels.setdefault(_drawn_id(parent), box)
    return places


def _drawn_id(element: Element) -> str:
    return (element.get("bpmnElement") or "").rpartition(":")[2]


def _box(bounds: Element | None) -> Box | None:
    if bounds is None:
        return None
    try:
        x, y, width, height = (float(bounds.get(key) or "nan") for key in ("x", "y", "width", "height"))
    except ValueError:
        return None
    return Box(x, y, width, height) if width >= 0 and height >= 0 and x == x and y == y else None


def _point(waypoint: Element) -> Point | None:
    try:
        x, y = float(waypoint.get("x") or "nan"), float(waypoint.get("y") or "nan")
    except ValueError:
        return None
    return (x, y) if x == x and y == y else None


def text_width(text: str, font: float = 11) -> float:
    """Estimate the width of a text in px, as the layouter does (layouter/sizes.mjs)."""
    return sum(11.2 if ord(char) > 0x2E7F else 6.4 for char in text) * font / 11
