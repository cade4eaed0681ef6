"""Rules about the shape of the whole: one process, ids, starts, ends, nothing unreachable, nothing that never ends."""

from collections import Counter
from collections.abc import Iterator

from engine.workflow.lint.diagram import ACTIVITIES, CONTAINERS, FLOW_NODES, REFUSED, Diagram, Node, Scope
from engine.workflow.lint.material import Material
from engine.workflow.lint.problem import Problem, problem
from engine.workflow.lint.reading import BPMN, SPIFF, Element, children, local, namespace

QUIET = {
    "laneSet", "lane", "flowNodeRef", "sequenceFlow", "documentation", "extensionElements", "incoming", "outgoing",
    "conditionExpression", "textAnnotation", "text", "association", "group", "timeDate", "timeDuration", "timeCycle",
    "multiInstanceLoopCharacteristics", "standardLoopCharacteristics", "childLaneSet", "condition",
}  # fmt: skip
DATA = {
    "dataObject", "dataObjectReference", "dataStoreReference", "property", "ioSpecification", "dataInput",
    "dataOutput", "inputSet", "outputSet", "dataInputAssociation", "dataOutputAssociation",
}  # fmt: skip
LOOP_EXTRAS = {
    "loopCardinality", "completionCondition", "loopDataInputRef", "loopDataOutputRef", "inputDataItem",
    "outputDataItem", "complexBehaviorDefinition", "loopCondition",
}  # fmt: skip


def check(material: Material) -> Iterator[Problem]:
    for file, root in material.roots.items():
        if file.endswith(".bpmn"):
            yield from _processes(file, root)
            yield from _ids(file, root)
    for diagram in material.diagrams:
        yield from _elements(diagram)
        for scope in diagram.scopes:
            yield from _ends(diagram, scope)
            yield from _flows(diagram, scope)
            yield from _reach(diagram, scope)


def _processes(file: str, root: Element) -> Iterator[Problem]:
    processes = children(root, "process")
    if not processes:
        yield problem("structure.no_process", file)
    for process in processes:
        if process.get("isExecutable") != "true":
            yield problem("structure.not_executable", file, process.get("id"))
    for process in processes[1:]:
        yield problem("structure.several_processes", file, process.get("id"))
    for collaboration in children(root, "collaboration"):
        for participant in children(collaboration, "participant")[1:]:
            yield problem("structure.several_pools", file, participant.get("id"))


def _ids(file: str, root: Element) -> Iterator[Problem]:
    ids = Counter(
        element.get("id") for element in root.iter() if element.get("id") is not None and namespace(element) != SPIFF
    )
    for name, times in ids.items():
        if times > 1:
            yield problem("structure.duplicate_id", file, name, times=times)
    # The library looks elements up by their id alone and would take an operation, or its parameter, for the step.
    for name in sorted({element.get("id", "") for element in root.iter() if namespace(element) == SPIFF} & set(ids)):
        yield problem("structure.id_of_an_operation", file, name)
    for element in root.iter():
        needed = FLOW_NODES | {"sequenceFlow", "lane", "process"}
        if namespace(element) == BPMN and local(element) in needed and not element.get("id"):
            yield problem("structure.no_id", file, _owner_id(element), tag=local(element), name=element.get("name"))


def _owner_id(element: Element) -> str | None:
    parent = element.getparent()
    while parent is not None and not parent.get("id"):
        parent = parent.getparent()
    return None if parent is None else parent.get("id")


def _elements(diagram: Diagram) -> Iterator[Problem]:
    """Only elements that the engine executes as drawn (BPMN 2.0.2, 10 is far larger)."""
    for element in diagram.xml.iter():
        tag = local(element)
        if namespace(element) != BPMN or element is diagram.xml:
            continue
        place = element.get("id") or _owner_id(element)
        if tag in REFUSED or tag in ("transaction", "adHocSubProcess"):
            yield problem(f"structure.refused_{tag}", diagram.file, place)
        elif tag in DATA:
            yield problem("structure.data_object", diagram.file, place, tag=tag)
        elif tag in LOOP_EXTRAS:
            yield problem("tasks.loop_extra", diagram.file, _owner_id(element), tag=tag)
        elif tag == "childLaneSet":
            yield problem("structure.nested_lanes", diagram.file, place)
        elif tag not in FLOW_NODES and tag not in QUIET and not tag.lower().endswith("eventdefinition"):
            yield problem("structure.unknown_element", diagram.file, place, tag=tag)
    for node in diagram.of_tag("subProcess"):
        if node.xml.get("triggeredByEvent") == "true":
            yield problem("structure.event_sub_process", diagram.file, node.id)


def _ends(diagram: Diagram, scope: Scope) -> Iterator[Problem]:
    place = scope.owner.id if scope.owner else diagram.id
    starts = scope.starts()
    if not starts:
        yield problem("structure.no_start", diagram.file, place)
    plain = [start for start in starts if not start.events]
    for start in plain[1:]:
        yield problem("structure.several_starts", diagram.file, start.id)
    if scope.owner:
        for start in starts:
            if start.events and scope.owner.xml.get("triggeredByEvent") != "true":
                yield problem("structure.sub_process_start", diagram.file, start.id)
    if not any(node.tag == "endEvent" for node in scope.nodes.values()):
        yield problem("structure.no_end", diagram.file, place)


def _flows(diagram: Diagram, scope: Scope) -> Iterator[Problem]:
    pairs: Counter[tuple[str, str]] = Counter()
    for flow in scope.flows:
        missing = [end for end in (flow.source, flow.target) if end not in scope.nodes]
        if missing:
            elsewhere = any(end in diagram.nodes for end in missing)
            code = "structure.flow_leaves_scope" if elsewhere else "structure.flow_nowhere"
            yield problem(code, diagram.file, flow.id, missing=missing[0])
            continue
        pairs[flow.source, flow.target] += 1
        if pairs[flow.source, flow.target] == 2:
            yield problem("structure.duplicate_flow", diagram.file, flow.id, source=flow.source, target=flow.target)
    for node in scope.nodes.values():
        if node.tag in ("startEvent", "boundaryEvent") and node.incoming:
            yield problem("structure.flow_into_start", diagram.file, node.incoming[0].id, target=node.id)
        if node.tag == "endEvent" and node.outgoing:
            yield problem("structure.flow_out_of_end", diagram.file, node.outgoing[0].id, source=node.id)
        if node.tag != "endEvent" and not node.outgoing:
            yield problem("structure.dead_end", diagram.file, node.id)


def _reach(diagram: Diagram, scope: Scope) -> Iterator[Problem]:
    after: dict[str, list[str]] = {name: [flow.target for flow in node.outgoing] for name, node in scope.nodes.items()}
    before: dict[str, list[str]] = {name: [flow.source for flow in node.incoming] for name, node in scope.nodes.items()}
    for node in scope.nodes.values():
        if node.host in scope.nodes:
            after[node.host].append(node.id)
            before[node.id].append(node.host)
    reached = _walk([start.id for start in scope.starts()], after)
    ending = _walk([node.id for node in scope.nodes.values() if node.tag == "endEvent"], before)
    for name, node in scope.nodes.items():
        if name not in reached and scope.starts():
            yield problem("structure.unreachable", diagram.file, name)
        elif ending and name not in ending and node.outgoing and not _leads_to_dead_end(name, after, scope):
            yield problem("structure.never_ends", diagram.file, name)


def _leads_to_dead_end(name: str, after: dict[str, list[str]], scope: Scope) -> bool:
    """A dead end behind it has a problem of its own; one message for one mistake."""
    return any(scope.nodes[one].tag != "endEvent" and not scope.nodes[one].outgoing for one in _walk([name], after))


def _walk(starts: list[str], steps: dict[str, list[str]]) -> set[str]:
    seen = set(starts)
    queue = list(starts)
    while queue:
        for following in steps[queue.pop()]:
            if following not in seen:
                seen.add(following)
                queue.append(following)
    return seen


def is_activity(node: Node | None) -> bool:
    return node is not None and (node.tag in ACTIVITIES or node.tag in CONTAINERS)
