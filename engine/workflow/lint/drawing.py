"""Hands the drawing of each diagram to drawing_checks.py, once it is sure that its numbers can be reckoned with."""

import math
from collections.abc import Iterator

from engine.workflow.interchange import DC, DI
from engine.workflow.lint import drawing_checks
from engine.workflow.lint.material import Material
from engine.workflow.lint.problem import Problem, problem
from engine.workflow.lint.reading import Element

FARTHEST = 100_000  # px; what lies beyond is no drawing
MOST_POINTS = 2_000  # flows are compared segment by segment; 100 elements have about 600
NUMBERS = ("x", "y", "width", "height")


def check(material: Material) -> Iterator[Problem]:
    for file in dict.fromkeys(diagram.file for diagram in material.diagrams):
        root = material.roots[file]
        if not _reckonable(root):
            yield problem("drawing.unreadable", file, most=MOST_POINTS)
            continue
        for code, _, element, context in drawing_checks.check(root):
            yield problem(code, file, element, **{key: value for key, value in context.items() if key != "element"})


def _reckonable(root: Element) -> bool:
    for points, element in enumerate(root.iter(f"{{{DC}}}Bounds", f"{{{DI}}}waypoint"), 1):
        try:
            values = [float(element.get(name) or 0) for name in NUMBERS]
        except ValueError:
            return False
        if points > MOST_POINTS or not all(math.isfinite(value) and abs(value) < FARTHEST for value in values):
            return False
    return True
