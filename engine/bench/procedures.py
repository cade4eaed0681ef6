"""What is measured: five user tasks in a row with two fields each, and a task with a deadline in a loop."""

import json
from itertools import pairwise

_HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" id="bench" targetNamespace="bench">'
)
_TOML = """title = "{name}"
title_en = "{name}"
owner = "service_manager"
start = ["group:service_specialist"]
[lanes]
"客服专员" = "service_specialist"
"""
STEPS = 5


def _properties(**given: str) -> str:
    rows = "".join(f'<spiffworkflow:property name="{name}" value="{value}"/>' for name, value in given.items())
    return (
        f"<bpmn:extensionElements><spiffworkflow:properties>{rows}</spiffworkflow:properties></bpmn:extensionElements>"
    )


def _flow(source: str, target: str, name: str = "", condition: str = "") -> str:
    inner = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
    ends = f'id="{source}_to_{target}" name="{name}" sourceRef="{source}" targetRef="{target}"'
    return f"<bpmn:sequenceFlow {ends}>{inner}</bpmn:sequenceFlow>"


def _end() -> str:
    return f'<bpmn:endEvent id="done" name="办理完毕">{_properties(end_state="done")}</bpmn:endEvent>'


def _diagram(process: str, nodes: list[tuple[str, str]], flows: str) -> bytes:
    lane = "".join(f"<bpmn:flowNodeRef>{name}</bpmn:flowNodeRef>" for name, _ in nodes)
    lanes = f'<bpmn:laneSet id="lanes"><bpmn:lane id="specialist" name="客服专员">{lane}</bpmn:lane></bpmn:laneSet>'
    body = "".join(xml for _, xml in nodes)
    drawn = f'<bpmn:process id="{process}" isExecutable="true">{lanes}{body}{flows}</bpmn:process>'
    return f"{_HEAD}{drawn}</bpmn:definitions>".encode()


def _form(name: str) -> bytes:
    components = [
        {"type": "number", "key": "amount", "label": "数量", "properties": {"label_en": "Amount"}},
        {"type": "textfield", "key": "note", "label": "说明", "properties": {"label_en": "Note"}},
    ]
    form = {"type": "default", "id": name, "schemaVersion": 16, "title": "办理", "title_en": "Work"}
    return json.dumps(form | {"components": components}).encode()


def five_tasks() -> dict[str, bytes]:
    """Five user tasks one after the other."""
    names = [f"step_{number}" for number in range(1, STEPS + 1)]
    nodes = [("begin", '<bpmn:startEvent id="begin" name="开始办理"/>')]
    nodes += [(name, f'<bpmn:userTask id="{name}" name="办理步骤"/>') for name in names]
    nodes += [("done", _end())]
    chain = ["begin", *names, "done"]
    flows = "".join(_flow(source, target) for source, target in pairwise(chain))
    files = {
        "five-tasks.bpmn": _diagram("five_tasks", nodes, flows),
        "procedure.toml": _TOML.format(name="五步").encode(),
    }
    return files | {f"forms/five-tasks/{name}.json": _form(name) for name in names}


def looping() -> dict[str, bytes]:
    """A user task with a deadline that comes again as long as its answer is not zero."""
    timer = "<bpmn:timerEventDefinition><bpmn:timeDate>hours(3)</bpmn:timeDate></bpmn:timerEventDefinition>"
    nodes = [
        ("begin", '<bpmn:startEvent id="begin" name="开始办理"/>'),
        ("merge", '<bpmn:exclusiveGateway id="merge"/>'),
        ("turn", '<bpmn:userTask id="turn" name="再办一次"/>'),
        ("late", f'<bpmn:boundaryEvent id="late" name="办理时限" attachedToRef="turn" cancelActivity="false">'
         f'{_properties(deadline="T-01")}{timer}</bpmn:boundaryEvent>'),
        ("told", f'<bpmn:endEvent id="told" name="办理超时">{_properties(breach="default")}</bpmn:endEvent>'),
        ("again", '<bpmn:exclusiveGateway id="again" name="再来一次？" default="again_to_merge"/>'),
        ("done", _end()),
    ]  # fmt: skip
    flows = _flow("begin", "merge") + _flow("merge", "turn") + _flow("turn", "again") + _flow("late", "told")
    flows += _flow("again", "done", "不再", "turn.amount == 0") + _flow("again", "merge", "再来")
    files = {"looping.bpmn": _diagram("looping", nodes, flows), "procedure.toml": _TOML.format(name="循环").encode()}
    return files | {"forms/looping/turn.json": _form("turn")}
