"""Reads from the XML what SpiffWorkflow leaves aside: our properties, lanes, names, what an event waits for."""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.workflow.definition import Element

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SPIFF = "{http://spiffworkflow.org/bpmn/schema/1.0/core}"
EVENTS = ("timer", "conditional", "message", "signal", "escalation", "error", "terminate")
_NODES = ("Event", "Task", "task", "Gateway", "subProcess", "callActivity")


def tag(node: Any) -> str:
    """The local name of a BPMN element; "" for comments and foreign elements."""
    name = node.tag
    return name[len(BPMN) :] if isinstance(name, str) and name.startswith(BPMN) else ""


def properties(node: Any) -> dict[str, str]:
    """The `spiffworkflow:property` values of one element."""
    found = node.iterfind(f"{BPMN}extensionElements/{SPIFF}properties/{SPIFF}property")
    return {p.get("name", ""): p.get("value", "") for p in found}


def flow_nodes(process: Any) -> Iterator[Any]:
    """All flow nodes of a process, embedded sub-processes' included, in document order."""
    for node in process.iter():
        if tag(node).endswith(_NODES):
            yield node


def event_kind(node: Any) -> str | None:
    return next((kind for kind in EVENTS if node.find(f"{BPMN}{kind}EventDefinition") is not None), None)


def timer_text(node: Any) -> str | None:
    """The expression of a timer event."""
    return next((e.text.strip() for e in node.iterfind(f"{BPMN}timerEventDefinition/*") if e.text), None)


def lanes_of(process: Any) -> dict[str, str]:
    """Element id → name of its lane; what stands in a sub-process inherits the sub-process's lane."""
    own = {
        (ref.text or "").strip(): lane.get("name", "")
        for lane in process.iter(f"{BPMN}lane")
        for ref in lane.iterfind(f"{BPMN}flowNodeRef")
    }
    nodes = {node.get("id"): node for node in flow_nodes(process)}
    lanes: dict[str, str] = {}
    for name, node in nodes.items():
        current = node
        while current is not None and current.get("id") not in own:
            host = nodes.get(current.get("attachedToRef"))
            current = host if host is not None else current.getparent()
        if current is not None:
            lanes[name] = own[current.get("id")]
    return lanes


def elements_of(process: Any, messages: Mapping[str, str]) -> Iterator[Element]:
    """The elements of one `bpmn:process`; `messages` maps message ids to names."""
    lanes = lanes_of(process)
    nodes = {node.get("id"): node for node in flow_nodes(process)}
    targets: dict[str, list[str]] = {}
    for flow in process.iter(f"{BPMN}sequenceFlow"):
        targets.setdefault(flow.get("sourceRef"), []).append(flow.get("targetRef"))
    for name, node in nodes.items():
        kind = event_kind(node)
        definition = node.find(f"{BPMN}messageEventDefinition") if kind == "message" else None
        ends = [nodes[t] for t in targets.get(name, []) if t in nodes]
        yield Element(
            id=name,
            kind=tag(node),
            name=node.get("name", ""),
            process=process.get("id"),
            lane=lanes.get(name),
            properties=properties(node),
            event=kind,
            timer=timer_text(node) if kind == "timer" else None,
            message=messages.get(definition.get("messageRef"), name) if definition is not None else None,
            attached_to=node.get("attachedToRef"),
            interrupting=node.get("cancelActivity", "true") == "true",
            default_breach=bool(ends) and all(properties(end).get("breach") == "default" for end in ends),
            called=node.get("calledElement"),
            documentation=" ".join((d.text or "").strip() for d in node.iterfind(f"{BPMN}documentation")),
        )
