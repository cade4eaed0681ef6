"""A BPMN file as plain data: what the rules look at. Reading it judges nothing and raises nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.workflow.lint.reading import SPIFF, Element, children, content_of, is_bpmn, local, namespace

TASKS = {"userTask", "serviceTask", "businessRuleTask", "callActivity"}
GATEWAYS = {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"}
EVENTS = {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
REFUSED = {
    "task", "manualTask", "scriptTask", "sendTask", "receiveTask", "transaction", "adHocSubProcess", "complexGateway",
}  # fmt: skip
CONTAINERS = {"subProcess", "transaction", "adHocSubProcess"}
FLOW_NODES = TASKS | GATEWAYS | EVENTS | REFUSED | CONTAINERS
ACTIVITIES = TASKS | CONTAINERS | REFUSED - {"complexGateway"}


@dataclass(slots=True)
class Flow:
    """A sequence flow; `condition` is None where none is drawn."""

    id: str
    name: str
    source: str
    target: str
    condition: str | None


@dataclass(slots=True)
class Lane:
    id: str
    name: str
    members: tuple[str, ...]


@dataclass(slots=True, eq=False)
class Node:
    """A flow node with what hangs on it. `events` are the local names of its event definitions."""

    id: str
    tag: str
    name: str
    xml: Element
    scope: "Scope"
    properties: dict[str, str]
    events: tuple[str, ...] = ()
    host: str | None = None  # attachedToRef of a boundary event
    interrupting: bool = True
    default: str | None = None
    multi: str | None = None  # "parallel", "sequential" or "standard"
    lane: Lane | None = None
    inside: "Scope | None" = None  # what a sub-process contains
    incoming: list[Flow] = field(default_factory=list)
    outgoing: list[Flow] = field(default_factory=list)

    def is_timer(self) -> bool:
        return "timerEventDefinition" in self.events

    def is_message(self) -> bool:
        return "messageEventDefinition" in self.events


@dataclass(slots=True, eq=False)
class Scope:
    """A process or an embedded sub-process: flows never leave it."""

    id: str
    owner: Node | None
    parent: "Scope | None" = None
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)

    def boundaries(self, host: str) -> list[Node]:
        return [node for node in self.nodes.values() if node.host == host]

    def starts(self) -> list[Node]:
        return [node for node in self.nodes.values() if node.tag == "startEvent"]

    def in_items(self) -> bool:
        """Whether this stands inside of a multi-instance sub-process, at whatever depth."""
        owner = self.owner
        return owner is not None and (owner.multi is not None or owner.scope.in_items())


@dataclass(slots=True, eq=False)
class Diagram:
    """One process of one file. `scopes[0]` is the process itself."""

    file: str
    procedure: str
    root: Element
    xml: Element
    id: str
    name: str
    scopes: list[Scope] = field(default_factory=list)
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    lanes: list[Lane] = field(default_factory=list)

    def of_tag(self, *tags: str) -> Iterator[Node]:
        return (node for node in self.nodes.values() if node.tag in tags)

    def named(self, tag: str, reference: str) -> Element | None:
        """A root element such as a message or an error, by the id that an event definition refers to."""
        wanted = reference.rpartition(":")[2]
        return next((found for found in children(self.root, tag) if found.get("id") == wanted), None)


def read_diagram(file: str, procedure: str, root: Element, process: Element) -> Diagram:
    """Read one process; a node whose id is taken or missing is left to the rule about ids."""
    diagram = Diagram(file, procedure, root, process, process.get("id", ""), process.get("name", ""))
    _read_scope(diagram, process, None, None)
    lanes = [lane for lane in process.iter() if is_bpmn(lane, "lane")]
    for element in lanes:
        members = tuple(content_of(ref) for ref in children(element, "flowNodeRef"))
        diagram.lanes.append(Lane(element.get("id", ""), element.get("name", ""), members))
    for lane in diagram.lanes:
        for member in lane.members:
            if member in diagram.nodes:
                diagram.nodes[member].lane = lane
    for node in diagram.nodes.values():
        node.lane = node.lane or _inherited_lane(diagram, node)
    return diagram


def _inherited_lane(diagram: Diagram, node: Node) -> Lane | None:
    """A boundary event stands in its host's lane, the contents of a sub-process in the sub-process's."""
    if node.host in diagram.nodes and diagram.nodes[node.host].lane:
        return diagram.nodes[node.host].lane
    scope: Scope | None = node.scope
    while scope is not None and scope.owner is not None:
        if scope.owner.lane:
            return scope.owner.lane
        scope = scope.parent
    return None


def _read_scope(diagram: Diagram, element: Element, owner: Node | None, parent: Scope | None) -> Scope:
    scope = Scope(element.get("id", ""), owner, parent)
    diagram.scopes.append(scope)
    for child in children(element, *FLOW_NODES):
        node = _read_node(child, scope)
        if not node.id or node.id in diagram.nodes:
            continue
        diagram.nodes[node.id] = scope.nodes[node.id] = node
        if node.tag in CONTAINERS:
            node.inside = _read_scope(diagram, child, node, scope)
    for child in children(element, "sequenceFlow"):
        flow = Flow(
            child.get("id", ""), child.get("name", ""), child.get("sourceRef", ""), child.get("targetRef", ""),
            condition_of(child),
        )  # fmt: skip
        scope.flows.append(flow)
        diagram.flows.setdefault(flow.id, flow)
        if flow.source in scope.nodes and flow.target in scope.nodes:
            scope.nodes[flow.source].outgoing.append(flow)
            scope.nodes[flow.target].incoming.append(flow)
    return scope


def _read_node(element: Element, scope: Scope) -> Node:
    loop = children(element, "multiInstanceLoopCharacteristics", "standardLoopCharacteristics")
    multi = None
    if loop:
        kind = "sequential" if loop[0].get("isSequential") == "true" else "parallel"
        multi = "standard" if local(loop[0]) == "standardLoopCharacteristics" else kind
    definitions = [child for child in children(element) if local(child).lower().endswith("eventdefinition")]
    return Node(
        id=element.get("id", ""),
        tag=local(element),
        name=element.get("name", ""),
        xml=element,
        scope=scope,
        properties=properties_of(element),
        events=tuple(local(child) for child in definitions),
        host=element.get("attachedToRef") if local(element) == "boundaryEvent" else None,
        interrupting=element.get("cancelActivity", "true") != "false",
        default=element.get("default"),
        multi=multi,
    )


def condition_of(flow: Element) -> str | None:
    found = children(flow, "conditionExpression")
    return content_of(found[0]) if found else None


def extensions_of(element: Element) -> list[Element]:
    """What stands in the extension elements of an element, of SpiffWorkflow's namespace only."""
    return [
        child
        for holder in children(element, "extensionElements")
        for child in holder
        if namespace(child) == SPIFF
    ]  # fmt: skip


def properties_of(element: Element) -> dict[str, str]:
    """The properties of an element: name → value; a later one of the same name is left out."""
    found: dict[str, str] = {}
    for holder in extensions_of(element):
        if local(holder) == "properties":
            for entry in holder:
                if local(entry) == "property":
                    found.setdefault(entry.get("name", ""), entry.get("value", ""))
    return found


def service_call(node: Node) -> tuple[str, dict[str, str]] | None:
    """The operation that a service task names and its parameters: name → expression."""
    for operator in extensions_of(node.xml):
        if local(operator) == "serviceTaskOperator":
            given = {
                entry.get("id", ""): entry.get("value", "") for entry in operator.iter() if local(entry) == "parameter"
            }
            return operator.get("id", ""), given
    return None


def called_decision(node: Node) -> str | None:
    for entry in extensions_of(node.xml):
        if local(entry) == "calledDecisionId":
            return content_of(entry)
    return None


def condition_text(node: Node) -> str:
    """The condition of a conditional event, "" where there is none."""
    for definition in children(node.xml, "conditionalEventDefinition"):
        for condition in children(definition, "condition"):
            return content_of(condition)
    return ""


def timer_of(node: Node) -> tuple[str, str] | None:
    """The kind ("timeDate", "timeDuration", "timeCycle") and the text of a timer event."""
    for definition in children(node.xml, "timerEventDefinition"):
        for kind in children(definition, "timeDate", "timeDuration", "timeCycle"):
            return local(kind), content_of(kind)
    return None
