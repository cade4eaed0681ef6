"""Rules about gateways and the conditions on their flows (BPMN 2.0.2, 10.6 and 13.4)."""

from collections.abc import Iterator

from engine.workflow.lint.diagram import GATEWAYS, Diagram, Node
from engine.workflow.lint.material import Material
from engine.workflow.lint.problem import Problem, problem
from engine.workflow.lint.tokens import mismatches

CHOOSING = {"exclusiveGateway", "inclusiveGateway"}


def check(material: Material) -> Iterator[Problem]:
    for diagram in material.diagrams:
        for node in diagram.nodes.values():
            if node.tag in CHOOSING and len(node.outgoing) > 1:
                yield from _choice(diagram, node)
            else:
                yield from _no_choice(diagram, node)
            if node.tag == "eventBasedGateway":
                yield from _event_gateway(diagram, node)
            elif node.tag in GATEWAYS and len(node.outgoing) == 1 and len(node.incoming) <= 1:
                yield problem("gateways.useless", diagram.file, node.id)
            elif node.tag not in GATEWAYS and len(node.outgoing) > 1:
                yield problem("gateways.implicit_split", diagram.file, node.id)
        for scope in diagram.scopes:
            for code, element in mismatches(scope):
                yield problem(code, diagram.file, element)


def _choice(diagram: Diagram, node: Node) -> Iterator[Problem]:
    default = next((flow for flow in node.outgoing if flow.id == node.default), None)
    if not node.default:
        yield problem("gateways.no_default", diagram.file, node.id)
    elif default is None:
        yield problem("gateways.wrong_default", diagram.file, node.id, default=node.default)
    for flow in node.outgoing:
        if flow is default and flow.condition is not None:
            yield problem("gateways.default_with_condition", diagram.file, flow.id, gateway=node.id)
        elif flow is not default and not flow.condition:
            yield problem("gateways.no_condition", diagram.file, flow.id, gateway=node.id)


def _no_choice(diagram: Diagram, node: Node) -> Iterator[Problem]:
    for flow in node.outgoing:
        if flow.condition is not None:
            yield problem("gateways.condition_ignored", diagram.file, flow.id, source=node.id)
    if node.default:
        yield problem("gateways.default_ignored", diagram.file, node.id)


def _event_gateway(diagram: Diagram, node: Node) -> Iterator[Problem]:
    if len(node.outgoing) < 2:
        yield problem("events.gateway_too_few", diagram.file, node.id)
    timers = 0
    for flow in node.outgoing:
        target = diagram.nodes[flow.target]
        if target.tag != "intermediateCatchEvent":
            yield problem("events.gateway_target", diagram.file, flow.target, gateway=node.id)
        elif len(target.incoming) > 1:
            yield problem("events.gateway_shared_target", diagram.file, flow.target, gateway=node.id)
        timers += target.is_timer()
    if timers > 1:
        yield problem("events.gateway_timers", diagram.file, node.id, timers=timers)
