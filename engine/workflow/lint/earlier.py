"""The rule that an expression reads what has been asked before it: on some path, or beside it, never only afterwards.

A field of a step that comes later, or that stands on another branch of an exclusive choice, is always empty there, and
the condition that reads it never holds.
"""

import ast
from collections.abc import Iterator
from functools import cached_property
from itertools import permutations

from engine.workflow.lint.decision_table import DecisionTable
from engine.workflow.lint.diagram import Diagram, Node, Scope, called_decision
from engine.workflow.lint.material import Material
from engine.workflow.lint.problem import Problem, problem
from engine.workflow.lint.references import Place, calls_in, fields_in, places_of, tree_of

AT_ANY_TIME = {"condition", "met_when", "responsible"}  # of a boundary event: looked at as long as its host is open
SPLITS = {"parallelGateway", "inclusiveGateway"}


def check(material: Material) -> Iterator[Problem]:
    for diagram in material.diagrams:
        order = Order(diagram)
        read_at: dict[tuple[str, Place], list[Node]] = {}  # a form may be that of several steps
        for file, node, place in [*_of_diagram(diagram), *_of_forms(material, diagram), *_of_tables(material, diagram)]:
            read_at.setdefault((file, place), []).append(node)
        for (file, place), nodes in read_at.items():
            tree = tree_of(place.text)
            for owner, field in _read_by(tree) if tree is not None else ():
                source = diagram.nodes.get(owner)
                if source is None or any(order.known_at(source, node, place.role) for node in nodes):
                    continue
                context = {"role": place.role, "owner": owner, "field": field, "name": source.name or owner}
                yield problem("expressions.asked_later", file, place.element, **context)


def _read_by(tree: ast.expr) -> Iterator[tuple[str, str]]:
    """(element, field) of all that an expression reads; the field is "" where it reads a whole list."""
    yield from dict.fromkeys(fields_in(tree))
    for _, call in calls_in(tree):
        yield from ((one.id, "") for one in call.args[:1] if isinstance(one, ast.Name))


def _of_diagram(diagram: Diagram) -> Iterator[tuple[str, Node, Place]]:
    for place in places_of(diagram):
        flow = diagram.flows.get(place.element)
        node = diagram.nodes.get(flow.source if flow is not None else place.element)
        if node is not None and place.foreign is None:
            yield diagram.file, node, place


def _of_forms(material: Material, diagram: Diagram) -> Iterator[tuple[str, Node, Place]]:
    """What forms read of the case; their own fields are bare names, which `fields_in` does not see."""
    for node in diagram.of_tag("userTask", "startEvent"):
        key = node.properties.get("form", f"{diagram.procedure}/{node.id}")
        form = material.own_forms.get(key)
        for field, text in form.prefills if form is not None else ():
            yield material.form_files[key], node, Place(field, "prefill", text)
        for field, text in form.own if form is not None else ():
            yield material.form_files[key], node, Place(field, "rule", text)


def _of_tables(material: Material, diagram: Diagram) -> Iterator[tuple[str, Node, Place]]:
    for node in diagram.of_tag("businessRuleTask"):
        table = material.table(called_decision(node) or "")
        if table is not None:
            yield from ((table.file, node, place) for place in _texts(table))


def _texts(table: DecisionTable) -> Iterator[Place]:
    for column in table.inputs:
        yield Place(column.id or table.id, f"input {column.name}", column.text)
    for row in table.rows:
        for number, result in enumerate(row.results, 1):
            yield Place(row.id or table.id, f"result {row.number}.{number}", result)


class Order:
    """What may have happened before what, in one diagram with all its sub-processes."""

    def __init__(self, diagram: Diagram) -> None:
        self.diagram = diagram
        self._after: dict[str, frozenset[str]] = {}

    def known_at(self, source: Node, node: Node, role: str) -> bool:
        """Whether `source` may have been done when an expression of `node` with this role is looked at."""
        host = self.diagram.nodes.get(node.host or "")
        if host is None:
            done = source is node and role == "condition"  # a flow's is looked at when its source is done
            return done or node.id in self.after(source.id) or self._beside(source, node)
        if role not in AT_ANY_TIME:  # its timer is set, its message awaited, when the host opens
            return host.id in self.after(source.id) or self._beside(source, host)
        meanwhile = source is host or node.id in self.after(source.id) or self._within(source, host)
        return meanwhile or self._beside(source, host) or self._from_boundary(source, host)

    def earlier(self, node: Node) -> list[Node]:
        """Every node that may have been done when `node` begins, in the order of the document."""
        return [one for one in self.diagram.nodes.values() if self.known_at(one, node, "")]

    def after(self, name: str) -> frozenset[str]:
        """All that can be reached from a node, itself only round a loop."""
        if name not in self._after:
            seen: set[str] = set()
            queue = list(self._steps[name])
            while queue:
                here = queue.pop()
                if here not in seen:
                    seen.add(here)
                    queue += self._steps[here]
            self._after[name] = frozenset(seen)
        return self._after[name]

    @cached_property
    def _steps(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {name: [] for name in self.diagram.nodes}
        for scope in self.diagram.scopes:
            for node in scope.nodes.values():
                found[node.id] += [flow.target for flow in node.outgoing]
                if node.host in scope.nodes:
                    found[node.host].append(node.id)
                if node.inside is not None:
                    found[node.id] += [start.id for start in node.inside.starts()]
                    self._leave(found, node, node.inside)
        return found

    def _leave(self, found: dict[str, list[str]], owner: Node, inside: Scope) -> None:
        """What is done inside may be known to what follows the sub-process, and to what interrupts it."""
        following = [flow.target for flow in owner.outgoing]
        events = [event.id for event in owner.scope.boundaries(owner.id)]
        for node in inside.nodes.values():
            found[node.id] += [*events, *(following if node.tag == "endEvent" else ())]

    def _within(self, source: Node, host: Node) -> bool:
        scope: Scope | None = source.scope
        while scope is not None and scope.owner is not host:
            scope = scope.parent
        return scope is not None

    def _from_boundary(self, source: Node, host: Node) -> bool:
        """Whether it is done on a path that a non-interrupting event of the host began."""
        around: Node | None = host
        while around is not None:
            for event in around.scope.boundaries(around.id):
                if source is event or (not event.interrupting and source.id in self.after(event.id)):
                    return True
            around = around.scope.owner
        return False

    def _beside(self, source: Node, node: Node) -> bool:
        """Whether both may be open at once: on two branches of what begins several."""
        return any(
            self._on(left, source)
            and self._on(right, node)
            and not (self._on(left, node) and self._on(right, source))  # both are behind the join
            for branches in self._branches
            for left, right in permutations(branches, 2)
        )

    def _on(self, begin: str, node: Node) -> bool:
        return begin == node.id or node.id in self.after(begin)

    @cached_property
    def _branches(self) -> list[list[str]]:
        """Where a token becomes several: the first nodes of each of them."""
        found = []
        for node in self.diagram.nodes.values():
            begun = [event.id for event in node.scope.boundaries(node.id) if not event.interrupting]
            if node.tag in SPLITS and len(node.outgoing) > 1:
                found.append([flow.target for flow in node.outgoing])
            elif begun:
                found.append([node.id, *begun])
        return found
