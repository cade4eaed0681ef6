"""Rules about deadlines, and timers that are written as if SpiffWorkflow read ISO durations (design section 5)."""

import ast
import re
from collections.abc import Iterator

from engine.workflow.lint.diagram import Diagram, Node, timer_of
from engine.workflow.lint.material import Material
from engine.workflow.lint.problem import Problem, problem
from engine.workflow.lint.references import tree_of

DEADLINE_ID = re.compile(r"T-\d{2,3}[a-z]?")
DURATION = re.compile(
    r"(?:R\d*/)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:\d+S)?)?", re.IGNORECASE
)
INSTANT = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?")
ONLY_ON_DEADLINES = ("responsible", "met_when")


def check(material: Material) -> Iterator[Problem]:
    for diagram in material.diagrams:
        for node in diagram.nodes.values():
            if node.is_timer():
                yield from _literal(diagram, node)
            if "deadline" in node.properties:
                yield from _deadline(diagram, node)
            else:
                for name in ONLY_ON_DEADLINES:
                    if name in node.properties:
                        yield problem("deadlines.only_on_deadlines", diagram.file, node.id, name=name)
            if "breach" in node.properties:
                yield from _breach(diagram, node)
            if node.tag == "userTask" and not material.prefix and not _limited(node):
                yield problem("deadlines.none", diagram.file, node.id, name=node.name)


def _limited(node: Node) -> bool:
    """Whether a clock runs while this is open, or somebody has said why none does."""
    if node.properties.get("no_deadline", "").strip() or any(e.is_timer() for e in node.scope.boundaries(node.id)):
        return True
    return node.scope.owner is not None and _limited(node.scope.owner)


def is_literal(text: str) -> bool:
    """Whether a timer holds a duration or an instant instead of an expression, with or without quotes."""
    bare = text.strip().strip("'\"").strip()
    return bool(re.match(r"^(R\d*/)?P(?=[\dT])", bare, re.IGNORECASE)) or bool(INSTANT.fullmatch(bare))


def correction(text: str) -> str:
    """The expression that is probably meant: PT3H → hours(3)."""
    bare = text.strip().strip("'\"").strip()
    if INSTANT.fullmatch(bare):
        return "at(start.date)"
    match = DURATION.fullmatch(bare)
    if match is None or not any(match.groups()):
        return "hours(3)"
    years, months, weeks, days, hours, minutes = (int(part or 0) for part in match.groups())
    if years or months:
        return f"months({12 * years + months})"
    if minutes:
        return f"minutes({((7 * weeks + days) * 24 + hours) * 60 + minutes})"
    if hours:
        return f"hours({(7 * weeks + days) * 24 + hours})"
    return f"days({7 * weeks + days})"


def _literal(diagram: Diagram, node: Node) -> Iterator[Problem]:
    timer = timer_of(node)
    if timer is None or not timer[1]:
        return
    if is_literal(timer[1]):
        yield problem("deadlines.literal", diagram.file, node.id, text=timer[1], correction=correction(timer[1]))
    elif isinstance(tree_of(timer[1]), ast.Constant | ast.Compare | ast.BoolOp | ast.List):
        yield problem("deadlines.no_instant", diagram.file, node.id, text=timer[1])


def _deadline(diagram: Diagram, node: Node) -> Iterator[Problem]:
    name = node.properties["deadline"]
    if node.tag != "boundaryEvent" or not node.is_timer():
        yield problem("deadlines.not_a_boundary_timer", diagram.file, node.id, deadline=name)
        return
    if not DEADLINE_ID.fullmatch(name):
        yield problem("deadlines.id", diagram.file, node.id, deadline=name)
    if node.interrupting:
        yield problem("deadlines.interrupting", diagram.file, node.id, deadline=name)
    host = diagram.nodes.get(node.host or "")
    if host is not None and host.tag not in ("userTask", "subProcess"):
        yield problem("deadlines.host", diagram.file, node.id, deadline=name, host=host.id)


def _breach(diagram: Diagram, node: Node) -> Iterator[Problem]:
    if node.tag != "endEvent" or node.events:
        yield problem("deadlines.breach_place", diagram.file, node.id)
        return
    if node.properties["breach"] != "default":
        yield problem("deadlines.breach_value", diagram.file, node.id, value=node.properties["breach"])
    for flow in node.incoming:
        source = diagram.nodes[flow.source]
        if source.tag != "boundaryEvent" or "deadline" not in source.properties:
            yield problem("deadlines.breach_path", diagram.file, node.id, source=flow.source)
