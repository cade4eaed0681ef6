"""Writes a tree as the files of a deployment, by the rules of processes/README.md (without the drawing)."""

import json
from xml.sax.saxutils import escape, quoteattr

from tests.walks.blocks import Boundary, Call, Condition, Multi, Process, Raise, Send, Service, Source, Sub, Task, Term
from tests.walks.graph import Graph, Node, every, graphs

NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="http://renoflow.example/walks"'
)
TAGS = {
    "start": "startEvent", "end": "endEvent", "terminate": "endEvent", "task": "userTask", "sub": "subProcess",
    "throw": "intermediateThrowEvent", "service": "serviceTask",
    "call": "callActivity", "boundary": "boundaryEvent", "catch": "intermediateCatchEvent", "race": "eventBasedGateway",
    "exclusive": "exclusiveGateway", "parallel": "parallelGateway", "inclusive": "inclusiveGateway",
}  # fmt: skip
SETTINGS = """title = "走查"
title_en = "Walk"
owner = "process_owner"

[lanes]
"客服" = "service_specialist"
"""


def files(process: Process) -> dict[str, bytes]:
    """Path → content, as `parser.parse` takes them."""
    main, called = graphs(process)
    found = written(main, "")
    for name, graph in called.items():
        found |= written(graph, f"calls/{name}/")
    return found


def written(graph: Graph, folder: str) -> dict[str, bytes]:
    found = {f"{folder}{graph.name}.bpmn": document(graph).encode(), f"{folder}procedure.toml": SETTINGS.encode()}
    for _, node in every(graph):
        if node.kind == "task":
            found[f"{folder}forms/{graph.name}/{node.id}.json"] = json.dumps(form(node.id), ensure_ascii=False).encode()
    return found


def form(id: str) -> dict[str, object]:
    values = [{"label": option, "value": option} for option in ("a", "b", "c")]
    return {
        "type": "default",
        "id": id,
        "schemaVersion": 18,
        "components": [
            {"type": "select", "key": "choice", "label": "选择", "values": values, "validate": {"required": True}},
            {"type": "number", "key": "number", "label": "数目", "decimalDigits": 0, "validate": {"required": True}},
            {"type": "checklist", "key": "several", "label": "多选", "values": values},
        ],
    }


# ---- the diagram


def document(graph: Graph) -> str:
    messages = [node.id for _, node in every(graph) if node.event == "message"]
    lines = [f'<bpmn:message id="message_{id}" name="{id}_news" />' for id in messages]
    codes = {code for _, node in every(graph) if (code := raised(node)) is not None}
    for kind, code in sorted(codes):
        number = "" if kind == "signal" else f' {kind}Code="{code}"'
        lines.append(f'<bpmn:{kind} id="{code}" name="{code}"{number} />')
    lanes = [node.id for node in graph.nodes.values()]
    lines += [
        f'<bpmn:process id="{graph.name}" isExecutable="true">',
        '<bpmn:laneSet id="lanes"><bpmn:lane id="lane_service" name="客服">',
        *(f"<bpmn:flowNodeRef>{id}</bpmn:flowNodeRef>" for id in lanes),
        "</bpmn:lane></bpmn:laneSet>",
        *level(graph),
        "</bpmn:process>",
    ]
    return "\n".join(
        [f'<?xml version="1.0" encoding="UTF-8"?>\n<bpmn:definitions {NAMESPACES}>', *lines, "</bpmn:definitions>"]
    )


def raised(node: Node) -> tuple[str, str] | None:
    """The error, escalation or signal, and its code, that an event throws or catches."""
    if isinstance(node.block, Raise) and node.kind in ("end", "throw"):
        return node.block.kind, node.block.code
    return node.block.raised if isinstance(node.block, Boundary) and node.kind == "boundary" else None


def level(graph: Graph) -> list[str]:
    lines = [line for node in graph.nodes.values() for line in element(node)]
    for flow in graph.flows:
        head = f'<bpmn:sequenceFlow id="{flow.id}" sourceRef="{flow.source}" targetRef="{flow.target}"'
        if flow.condition is None:
            lines.append(f"{head} />")
        else:
            lines.append(f"{head}>{formal('conditionExpression', condition(flow.condition))}</bpmn:sequenceFlow>")
    return lines


def element(node: Node) -> list[str]:
    attributes = f'id="{node.id}"'
    attributes += "".join(f' default="{flow.id}"' for flow in node.outgoing if flow.default)
    if isinstance(node.block, Boundary) and node.kind == "boundary":
        attributes += f' attachedToRef="{node.host}" cancelActivity="{str(node.block.interrupting).lower()}"'
    if isinstance(node.block, Call):
        attributes += f' calledElement="{node.block.process.name}"'
    tag = f"bpmn:{TAGS[node.kind]}"
    return [f"<{tag} {attributes}>", *extensions(node), *wiring(node), *inside(node), f"</{tag}>"]


def extensions(node: Node) -> list[str]:
    found = [
        f"<spiffworkflow:property name={quoteattr(k)} value={quoteattr(v)} />" for k, v in properties(node).items()
    ]
    if found:
        found = ["<spiffworkflow:properties>", *found, "</spiffworkflow:properties>"]
    if isinstance(node.block, Service) and node.kind == "service":
        found += [
            f'<spiffworkflow:serviceTaskOperator id="{operation(node.block)}"><spiffworkflow:parameters>',
            f'<spiffworkflow:parameter id="given" type="str" value="{path(node.block.argument)}" />',
            "</spiffworkflow:parameters></spiffworkflow:serviceTaskOperator>",
        ]
    return ["<bpmn:extensionElements>", *found, "</bpmn:extensionElements>"] if found else []


def operation(service: Service) -> str:
    return "answer_later" if service.later else "answer_now"


def properties(node: Node) -> dict[str, str]:
    block, found = node.block, {}
    if node.end_state is not None:
        found["end_state"] = node.end_state
    if node.breach:
        found["breach"] = "default"
    if node.kind == "boundary" and isinstance(block, Boundary) and block.deadline is not None:
        found["deadline"] = block.deadline
        if block.met_when is not None:
            found["met_when"] = condition(block.met_when)
    if isinstance(block, Task | Sub | Call) and block.multi is not None:
        found["for_each"] = items(block.multi)
    if isinstance(block, Send):
        found |= {"correlation": path(block.payload), "payload.given": path(block.payload)}
    if isinstance(block, Call):
        found |= {f"input.{name}": path(source) for name, source in block.inputs}
        found |= {"input.in_item": "item"} if block.multi is not None else {}
        found |= {f"output.{name}": path(source) for name, source in block.outputs}
    return found


def wiring(node: Node) -> list[str]:
    incoming = [f"<bpmn:incoming>{flow.id}</bpmn:incoming>" for flow in node.incoming]
    return incoming + [f"<bpmn:outgoing>{flow.id}</bpmn:outgoing>" for flow in node.outgoing]


def inside(node: Node) -> list[str]:
    lines = level(node.body) if node.body is not None else []
    if isinstance(node.block, Task | Sub | Call) and node.block.multi is not None:
        lines.append(
            f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(node.block.multi.sequential).lower()}" />'
        )
    if node.kind == "terminate":
        lines.append("<bpmn:terminateEventDefinition />")
    if node.event is not None:
        lines.append(event_definition(node))
    return lines


def event_definition(node: Node) -> str:
    if node.event == "message":
        return f'<bpmn:messageEventDefinition messageRef="message_{node.id}" />'
    if (thing := raised(node)) is not None:
        return f'<bpmn:{thing[0]}EventDefinition {thing[0]}Ref="{thing[1]}" />'
    boundary = node.block if isinstance(node.block, Boundary) else None
    if boundary is not None and boundary.condition is not None:
        text = formal("condition", condition(boundary.condition))
        return f"<bpmn:conditionalEventDefinition>{text}</bpmn:conditionalEventDefinition>"
    after = f', after=done_at("{boundary.after}")' if boundary is not None and boundary.after is not None else ""
    text = formal("timeDate", f"hours({node.hours}{after})")
    return f"<bpmn:timerEventDefinition>{text}</bpmn:timerEventDefinition>"


def formal(tag: str, expression: str) -> str:
    return f'<bpmn:{tag} xsi:type="bpmn:tFormalExpression">{escape(expression)}</bpmn:{tag}>'


# ---- expressions


def condition(wanted: Condition) -> str:
    return " and ".join(map(term, wanted.terms))


def term(wanted: Term) -> str:
    value = json.dumps(wanted.value)
    field = f"{wanted.element}.{wanted.field}"
    if wanted.kind == "turns":
        return f'rounds("{wanted.element}") < {value}'
    if wanted.kind == "breaches":
        return f"breaches() >= {value}"
    if wanted.kind == "any":
        return f'any_of({wanted.element}, "{wanted.field}", {value})'
    return (
        f"{value} in {field}"
        if wanted.kind == "has"
        else f"{field} {'>=' if wanted.kind == 'at_least' else '=='} {value}"
    )


def items(multi: Multi) -> str:
    return path(multi.source) if multi.source is not None else json.dumps(list(multi.literal or ()))


def path(source: Source) -> str:
    return f"{source.element}.{source.field}"
