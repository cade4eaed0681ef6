"""Where expressions stand in a diagram, and what an expression refers to."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from engine.workflow.lint.diagram import Diagram, Node, condition_text, service_call, timer_of

EXPRESSION_PROPERTIES = {
    "candidate", "excluded", "too_early_until", "for_each", "responsible", "met_when", "correlation",
}  # fmt: skip
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Place:
    """An expression and where it stands: element id, what it is for, whether `item` is known there.

    `foreign` marks the expression of an output: it reads the data of the called process.
    """

    element: str
    role: str
    text: str
    item: bool = False
    foreign: str | None = None


def places_of(diagram: Diagram) -> Iterator[Place]:
    """Every expression of a diagram but the cells of its decisions."""
    for scope in diagram.scopes:
        inside = scope.in_items()
        for flow in scope.flows:
            if flow.condition is not None:
                yield Place(flow.id, "condition", flow.condition, inside)
        for node in scope.nodes.values():
            yield from _places_of_node(diagram, node, inside)


def _places_of_node(diagram: Diagram, node: Node, inside: bool) -> Iterator[Place]:
    host = diagram.nodes.get(node.host or "")
    item = inside or node.multi is not None or (host is not None and host.multi is not None)
    timer = timer_of(node)
    if timer:
        yield Place(node.id, "timer", timer[1], item)
    if condition_text(node):
        yield Place(node.id, "condition", condition_text(node), item)
    for name, value in node.properties.items():
        if name in EXPRESSION_PROPERTIES:
            yield Place(node.id, name, value, inside if name == "for_each" else item)
        elif name.startswith(("input.", "payload.")):
            yield Place(node.id, name, value, item)
        elif name.startswith("output.") and node.tag == "callActivity":
            yield Place(node.id, name, value, item, foreign=node.xml.get("calledElement", ""))
    called = service_call(node)
    for name, value in called[1].items() if called else ():
        yield Place(node.id, f"parameter {name}", value, item)


def texts_of_diagram(diagram: Diagram) -> Iterator[str]:
    return (place.text for place in places_of(diagram) if place.foreign is None)


def tree_of(text: str) -> ast.expr | None:
    """Parse an expression without judging it; None where it is none. Too long or too deep counts as none."""
    if len(text) > LONGEST or "\0" in text:
        return None
    try:
        return ast.parse(" ".join(text.split()), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def fields_in(tree: ast.expr) -> list[tuple[str, str]]:
    """Every `element.field` of an expression."""
    return [
        (node.value.id, node.attr)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    ]


def bare_names_in(tree: ast.expr) -> list[str]:
    """Names that stand alone: neither called nor followed by a field."""
    taken = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    taken |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in taken]


def calls_in(tree: ast.expr) -> list[tuple[str, ast.Call]]:
    return [
        (node.func.id, node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]


def text_in(node: ast.expr) -> str | None:
    """The text of a literal, None for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def inputs_in(text: str) -> set[str]:
    """The X of every `input.X`."""
    tree = tree_of(text)
    return {field for name, field in fields_in(tree) if name == "input"} if tree is not None else set()
