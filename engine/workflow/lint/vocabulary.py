"""What an expression of one diagram may name: elements with their fields, inputs, parameters, deadlines."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.workflow.lint.diagram import Diagram, Node, called_decision, service_call
from engine.workflow.lint.kinds import Components
from engine.workflow.lint.material import Material
from engine.workflow.lint.reading import children

PRODUCING = {"userTask", "serviceTask", "businessRuleTask", "callActivity", "startEvent", "intermediateCatchEvent"}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`elements`: element id → field → does it route; None: its fields are not known here, any will do."""

    elements: Mapping[str, Mapping[str, bool] | None]
    nodes: Mapping[str, Node]
    deadlines: frozenset[str]
    parameters: frozenset[str]
    inputs: frozenset[str] | None  # None: no caller is known
    components: Components  # of the forms among the files


def vocabulary_of(material: Material, diagram: Diagram) -> Vocabulary:
    return Vocabulary(
        elements={
            node.id: _fields(material, diagram, node)
            for node in diagram.nodes.values()
            if node.tag in PRODUCING or (node.tag == "boundaryEvent" and node.is_message())
        },
        nodes=diagram.nodes,
        deadlines=frozenset(
            node.properties["deadline"] for node in diagram.nodes.values() if "deadline" in node.properties
        ),
        parameters=frozenset(material.settings.parameters),
        inputs=material.given.get(diagram.id),
        components=_components(material, diagram),
    )


def _components(material: Material, diagram: Diagram) -> Components:
    found = {}
    for node in diagram.of_tag("userTask", "startEvent"):
        form = material.own_forms.get(node.properties.get("form", f"{diagram.procedure}/{node.id}"))
        if form is not None:
            found[node.id] = form.components
    return found


def _fields(material: Material, diagram: Diagram, node: Node) -> Mapping[str, bool] | None:
    if node.tag in ("userTask", "startEvent") and not (node.tag == "startEvent" and node.is_timer()):
        key = node.properties.get("form", f"{diagram.procedure}/{node.id}")
        fields = material.form(key)
        if fields is None:
            return {} if node.tag == "startEvent" and not node.is_message() else None
        return {**fields, "item": True} if node.multi else fields
    if node.tag == "serviceTask":
        called = service_call(node)
        operation = (material.surroundings.operations or {}).get(called[0]) if called else None
        return None if operation is None or operation.results is None else dict.fromkeys(operation.results, True)
    if node.tag == "businessRuleTask":
        table = material.table(called_decision(node) or "")
        return None if table is None else {column.name: True for column in table.outputs}
    if node.tag == "callActivity":
        found = {key.removeprefix("output."): True for key in node.properties if key.startswith("output.")}
        found["end_state"] = True
        return {**found, "item": True} if node.multi else found
    if node.is_message():
        return _payload(material, node)
    return {}


def _payload(material: Material, node: Node) -> Mapping[str, bool] | None:
    """What a message carries is known only where the same diagram throws it; then it is one of these names."""
    definition = children(node.xml, "messageEventDefinition")[0]
    names: dict[str, bool] = {}
    for diagram in material.diagrams:
        for other in diagram.of_tag("endEvent", "intermediateThrowEvent"):
            if other.is_message() and definition.get("messageRef") == _reference(other):
                names |= {key.removeprefix("payload."): True for key in other.properties if key.startswith("payload.")}
    return names or None


def _reference(node: Node) -> str | None:
    return children(node.xml, "messageEventDefinition")[0].get("messageRef")
