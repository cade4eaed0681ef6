"""Rules about events: which kinds may stand where, timers, messages, boundary events (BPMN 2.0.2, 10.5)."""

from collections.abc import Iterator

from engine.workflow.lint.diagram import Diagram, Node, condition_text, timer_of
from engine.workflow.lint.material import Material
from engine.workflow.lint.problem import Problem, problem
from engine.workflow.lint.reading import children, local
from engine.workflow.lint.references import calls_in, tree_of
from engine.workflow.lint.structure import is_activity

PLAIN = "none"
ALLOWED = {
    "startEvent": {PLAIN, "message", "timer"},
    "endEvent": {PLAIN, "terminate", "message", "escalation", "error"},
    "intermediateCatchEvent": {"timer", "message"},
    "intermediateThrowEvent": {"message", "signal", "escalation"},
    "boundaryEvent": {"timer", "conditional", "message", "signal", "escalation", "error"},
}
NEVER = {"link", "compensate", "cancel"}
REFERENCE = {
    "message": ("messageRef", "message"),
    "signal": ("signalRef", "signal"),
    "escalation": ("escalationRef", "escalation"),
    "error": ("errorRef", "error"),
}
RECURRING = {"weekly", "monthly", "month_end"}
SHIFTS = {"preceding", "following", "none"}


def check(material: Material) -> Iterator[Problem]:
    for diagram in material.diagrams:
        for node in diagram.of_tag(*ALLOWED):
            yield from _kind(diagram, node)
            if node.is_timer():
                yield from _timer(diagram, node)
            if node.tag == "boundaryEvent":
                yield from _boundary(diagram, node)
            yield from _reference(diagram, node)
        yield from _uncaught(diagram)


def kind_of(node: Node) -> str:
    return node.events[0].removesuffix("EventDefinition") if node.events else PLAIN


def _kind(diagram: Diagram, node: Node) -> Iterator[Problem]:
    if len(node.events) > 1 or node.xml.get("parallelMultiple") == "true":
        yield problem("events.multiple", diagram.file, node.id)
        return
    kind = kind_of(node)
    if kind in NEVER or (kind == "conditional" and node.tag != "boundaryEvent"):
        yield problem(f"events.refused_{kind}", diagram.file, node.id)
    elif kind == "conditional" and not condition_text(node):
        yield problem("events.no_condition", diagram.file, node.id)
    elif kind not in ALLOWED[node.tag]:
        yield problem("events.kind", diagram.file, node.id, kind=kind, tag=node.tag)
    elif kind == "terminate" and node.scope.owner is not None:
        yield problem("events.terminate_inside", diagram.file, node.id)


def _timer(diagram: Diagram, node: Node) -> Iterator[Problem]:
    timer = timer_of(node)
    if timer is None or not timer[1]:
        yield problem("events.timer_empty", diagram.file, node.id)
        return
    kind, text = timer
    if node.tag == "startEvent":
        yield from _start_timer(diagram, node, kind, text)
    elif kind == "timeCycle" and node.tag == "boundaryEvent" and node.interrupting:
        yield problem("events.cycle_interrupting", diagram.file, node.id)
    elif kind == "timeCycle" and any(following.tag == "userTask" for following in behind(diagram, node)):
        yield problem("events.cycle_user_task", diagram.file, node.id)
    elif kind != "timeDate":
        yield problem("events.timer_kind", diagram.file, node.id, kind=kind)


def _start_timer(diagram: Diagram, node: Node, kind: str, text: str) -> Iterator[Problem]:
    if kind != "timeCycle":
        yield problem("events.start_timer_kind", diagram.file, node.id, kind=kind)
    tree = tree_of(text)
    if tree is not None and not RECURRING & {name for name, _ in calls_in(tree)}:
        yield problem("events.start_timer_once", diagram.file, node.id, text=text)
    if node.properties.get("shift", "none") not in SHIFTS:
        yield problem("events.shift", diagram.file, node.id, shift=node.properties["shift"])


def behind(diagram: Diagram, node: Node) -> list[Node]:
    """Every node that can be reached from this one within its scope."""
    found: dict[str, Node] = {}
    queue = [flow.target for flow in node.outgoing]
    while queue:
        name = queue.pop()
        if name not in found:
            found[name] = diagram.nodes[name]
            queue += [flow.target for flow in found[name].outgoing]
            queue += [event.id for event in node.scope.boundaries(name)]
    return list(found.values())


def _boundary(diagram: Diagram, node: Node) -> Iterator[Problem]:
    host = node.scope.nodes.get(node.host or "")
    if not is_activity(host):
        yield problem("events.boundary_host", diagram.file, node.id, host=node.host)
    elif kind_of(node) == "error" and not node.interrupting:
        yield problem("events.error_not_interrupting", diagram.file, node.id)
    elif kind_of(node) in ("error", "escalation") and host is not None and host.tag == "userTask":
        yield problem("events.never_raised", diagram.file, node.id, host=node.host)


def _reference(diagram: Diagram, node: Node) -> Iterator[Problem]:
    kind = kind_of(node)
    if kind not in REFERENCE:
        return
    attribute, tag = REFERENCE[kind]
    definition = children(node.xml, f"{kind}EventDefinition")[0]
    reference = definition.get(attribute)
    root = diagram.named(tag, reference) if reference else None
    if root is None:
        yield problem(f"events.no_{tag}", diagram.file, node.id, reference=reference)
        return
    if kind in ("message", "signal") and not root.get("name"):
        yield problem("events.unnamed", diagram.file, node.id, reference=reference)
    if kind in ("error", "escalation") and not root.get(f"{kind}Code"):
        yield problem("events.no_code", diagram.file, node.id, reference=reference)
    catches = node.tag in ("intermediateCatchEvent", "boundaryEvent")
    if kind == "message" and catches and not node.properties.get("correlation"):
        yield problem("events.no_correlation", diagram.file, node.id, message=root.get("name"))


def _uncaught(diagram: Diagram) -> Iterator[Problem]:
    """An error inside a sub-process that no boundary event takes is lost."""
    caught = {(kind_of(node), _refers_to(node)) for node in diagram.of_tag("boundaryEvent")}
    for node in diagram.of_tag("endEvent", "intermediateThrowEvent"):
        kind = kind_of(node)
        inside = node.scope.owner is not None
        # signals and escalations may be caught by a caller
        if inside and kind == "error" and (kind, _refers_to(node)) not in caught:
            yield problem("events.uncaught", diagram.file, node.id, kind=kind)


def _refers_to(node: Node) -> str | None:
    for definition in children(node.xml):
        if local(definition).endswith("EventDefinition"):
            return next((str(value) for key, value in definition.attrib.items() if str(key).endswith("Ref")), None)
    return None
