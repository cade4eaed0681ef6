"""Rules about activities: who does them, with which form, operation, decision or process, how often."""

from collections.abc import Iterator

from engine.workflow.lint.diagram import Diagram, Node, called_decision, extensions_of, service_call
from engine.workflow.lint.material import Material
from engine.workflow.lint.problem import Problem, problem
from engine.workflow.lint.reading import local

MAY_REPEAT = {"userTask", "subProcess", "callActivity"}
EXTENSIONS = {"properties", "serviceTaskOperator", "calledDecisionId"}
SCRIPTS = {"preScript", "postScript"}
ANYWHERE = {"clause"}
ON = {
    "userTask": {"form", "candidate", "excluded", "too_early_until", "for_each", "no_deadline"},
    "subProcess": {"for_each"},
    "callActivity": {"for_each", "input.", "output."},
    "serviceTask": {"result"},
    "endEvent": {"breach", "end_state", "payload.", "correlation"},
    "startEvent": {"form", "shift", "correlation"},
    "boundaryEvent": {"deadline", "responsible", "met_when", "correlation"},
    "intermediateCatchEvent": {"correlation"},
    "intermediateThrowEvent": {"correlation", "payload."},
}


def check(material: Material) -> Iterator[Problem]:
    for diagram in material.diagrams:
        for node in diagram.nodes.values():
            yield from _extensions(diagram, node)
            yield from _repetition(diagram, node)
            if node.tag == "userTask":
                yield from _who(material, diagram, node)
                yield from _form(material, diagram, node, node.properties.get("form", f"{diagram.procedure}/{node.id}"))
            elif node.tag == "startEvent" and "form" in node.properties:
                yield from _form(material, diagram, node, node.properties["form"])
            elif node.tag == "serviceTask":
                yield from _operation(material, diagram, node)
            elif node.tag == "businessRuleTask":
                yield from _decision(material, diagram, node)
            elif node.tag == "callActivity":
                yield from _call(material, diagram, node)
            elif node.tag == "endEvent":
                yield from _end(diagram, node)
        yield from _lanes(material, diagram)


def _extensions(diagram: Diagram, node: Node) -> Iterator[Problem]:
    for entry in extensions_of(node.xml):
        if local(entry) in SCRIPTS:
            yield problem("tasks.script", diagram.file, node.id, tag=local(entry))
        elif local(entry) not in EXTENSIONS:
            yield problem("tasks.extension", diagram.file, node.id, tag=local(entry))
    known = ON.get(node.tag, set()) | ANYWHERE
    for name in node.properties:
        prefix = name.partition(".")[0] + "." if "." in name else name
        if prefix not in known:
            yield problem("tasks.property", diagram.file, node.id, name=name, known=", ".join(sorted(known)) or "–")
        elif prefix.endswith(".") and not name.removeprefix(prefix).isidentifier():
            yield problem("tasks.property_name", diagram.file, node.id, name=name)


def _repetition(diagram: Diagram, node: Node) -> Iterator[Problem]:
    if node.multi == "standard":
        yield problem("tasks.standard_loop", diagram.file, node.id)
    elif node.multi and node.tag not in MAY_REPEAT:
        yield problem("tasks.multi_kind", diagram.file, node.id)
    elif node.multi and not node.properties.get("for_each"):
        yield problem("tasks.no_for_each", diagram.file, node.id)
    elif node.multi and node.scope.in_items():  # their answers are kept by the inner item alone: the last would stay
        yield problem("tasks.nested_multi", diagram.file, node.id)
    elif not node.multi and "for_each" in node.properties:
        yield problem("tasks.for_each_without_marker", diagram.file, node.id)


def _who(material: Material, diagram: Diagram, node: Node) -> Iterator[Problem]:
    if node.properties.get("candidate"):
        return
    if node.lane is None:
        yield problem("tasks.nobody", diagram.file, node.id)
        return
    lanes = material.settings.lanes
    if node.lane.name in lanes and lanes[node.lane.name] is None:
        yield problem("tasks.dynamic_lane", diagram.file, node.id, lane=node.lane.name)


def _form(material: Material, diagram: Diagram, node: Node, key: str) -> Iterator[Problem]:
    fields = material.form(key)
    if fields is None:
        yield problem("tasks.no_form", diagram.file, node.id, form=key)


def _operation(material: Material, diagram: Diagram, node: Node) -> Iterator[Problem]:
    called = service_call(node)
    if called is None or not called[0]:
        yield problem("tasks.no_operation", diagram.file, node.id)
        return
    name, given = called
    operations = material.surroundings.operations
    if operations is None:
        return
    operation = operations.get(name)
    if operation is None:
        known = ", ".join(sorted(operations)) or "–"
        yield problem("tasks.unknown_operation", diagram.file, node.id, operation=name, known=known)
        return
    for parameter in given:
        if parameter not in operation.parameters:
            yield problem("tasks.unknown_parameter", diagram.file, node.id, operation=name, parameter=parameter)
    for parameter, required in operation.parameters.items():
        if required and not given.get(parameter, "").strip():
            yield problem("tasks.missing_parameter", diagram.file, node.id, operation=name, parameter=parameter)


def _decision(material: Material, diagram: Diagram, node: Node) -> Iterator[Problem]:
    name = called_decision(node)
    if not name:
        yield problem("tasks.no_decision", diagram.file, node.id)
    elif material.table(name) is None and name not in material.surroundings.decisions:
        yield problem("tasks.unknown_decision", diagram.file, node.id, decision=name)


def _call(material: Material, diagram: Diagram, node: Node) -> Iterator[Problem]:
    name = node.xml.get("calledElement", "")
    called = material.callee(name)
    if not name:
        yield problem("tasks.no_called_process", diagram.file, node.id)
    elif name == diagram.id:
        yield problem("tasks.calls_itself", diagram.file, node.id)
    elif called is None:
        yield problem("tasks.unknown_process", diagram.file, node.id, process=name)
    else:
        given = {key.removeprefix("input.") for key in node.properties if key.startswith("input.")}
        for missing in sorted(called.inputs - given):
            yield problem("tasks.missing_input", diagram.file, node.id, process=name, input=missing)
        for extra in sorted(given - called.inputs - called.optional):
            yield problem("tasks.unused_input", diagram.file, node.id, process=name, input=extra)


def _end(diagram: Diagram, node: Node) -> Iterator[Problem]:
    top = node.scope.owner is None
    if top and "end_state" not in node.properties and "breach" not in node.properties:
        if not _beside_the_work(diagram, node):
            yield problem("tasks.no_end_state", diagram.file, node.id)
    elif "end_state" in node.properties and not node.properties["end_state"].isidentifier():
        yield problem("tasks.end_state_name", diagram.file, node.id, value=node.properties["end_state"])
    elif not top and "end_state" in node.properties:
        yield problem("tasks.end_state_inside", diagram.file, node.id)


def _beside_the_work(diagram: Diagram, node: Node) -> bool:
    """Whether an end is reached from non-interrupting boundary events alone: the work's own end gives the state."""
    queue, seen = [node], {node.id}
    while queue:
        here = queue.pop()
        if here.tag == "startEvent":
            return False
        if here.host in diagram.nodes and here.interrupting and here.host not in seen:  # stands where its host does
            seen.add(here.host)
            queue.append(diagram.nodes[here.host])
        for flow in here.incoming:
            if flow.source not in seen:
                seen.add(flow.source)
                queue.append(diagram.nodes[flow.source])
    return True


def _lanes(material: Material, diagram: Diagram) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for lane in diagram.lanes:
        if material.settings.present and lane.name not in material.settings.lanes:
            yield problem("tasks.unknown_lane", diagram.file, lane.id, lane=lane.name or lane.id)
        for member in lane.members:
            if member not in diagram.nodes:
                yield problem("tasks.lane_member", diagram.file, lane.id, member=member)
            elif seen.get(member, lane.id) != lane.id:
                yield problem("tasks.two_lanes", diagram.file, member, first=seen[member], second=lane.id)
            seen.setdefault(member, lane.id)
