"""Rules about ids and names (processes/README.md, "Elements that may be used")."""

import keyword
import re
from collections.abc import Iterator, Mapping

from engine.workflow.functions import SIGNATURES
from engine.workflow.lint.diagram import GATEWAYS, Diagram, Node
from engine.workflow.lint.material import Material
from engine.workflow.lint.problem import Problem, problem
from engine.workflow.lint.procedure_file import check_settings

ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
PROCEDURE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
RESERVED = {"item", "input", "cell"}
SHORTEST, LONGEST = 2, 10
GENERATED = re.compile(r"(activity|gateway|event|flow|task|element|node)_?[0-9][a-z0-9]*")


def check(material: Material) -> Iterator[Problem]:
    yield from check_settings(material.settings, material.settings_file, material.surroundings.groups)
    for diagram in material.diagrams:
        if not PROCEDURE.fullmatch(diagram.procedure):
            yield problem("names.procedure", diagram.file, diagram.id, procedure=diagram.procedure)
        elif diagram.id != diagram.procedure.replace("-", "_"):
            wanted = diagram.procedure.replace("-", "_")
            yield problem("names.process_id", diagram.file, diagram.id, id=diagram.id, wanted=wanted)
        for name in [*diagram.nodes, *(lane.id for lane in diagram.lanes)]:
            yield from _id(diagram, name)
        for flow in diagram.flows.values():
            if flow.id and not ID.fullmatch(flow.id):
                yield problem("names.flow_id", diagram.file, flow.id, wanted=f"{flow.source}_to_{flow.target}")
        for node in diagram.nodes.values():
            yield from _name(diagram, node)
        yield from _english(material, diagram)
        for lane in diagram.lanes:
            if not CHINESE.search(lane.name):
                yield problem("names.not_chinese", diagram.file, lane.id, name=lane.name)


def _english(material: Material, diagram: Diagram) -> Iterator[Problem]:
    """What pages name, they name in both languages: every step and event, no gateway."""
    known = material.settings.values.get("english")
    if not material.settings.present or not isinstance(known, Mapping | None):
        return
    named = dict.fromkeys(node.name for node in diagram.nodes.values() if node.tag not in GATEWAYS and node.name)
    missing = [name for name in named if name not in (known or {})]
    if missing:
        names = "、".join(missing)
        yield problem("names.no_english", material.settings_file, "english", count=len(missing), names=names)


def _id(diagram: Diagram, name: str) -> Iterator[Problem]:
    if not ID.fullmatch(name) or GENERATED.fullmatch(name):
        yield problem("names.id", diagram.file, name, id=name)
    elif name in RESERVED or name in SIGNATURES or keyword.iskeyword(name) or keyword.issoftkeyword(name):
        yield problem("names.reserved", diagram.file, name, id=name)


def _name(diagram: Diagram, node: Node) -> Iterator[Problem]:
    chooses = node.tag in ("exclusiveGateway", "inclusiveGateway") and len(node.outgoing) > 1
    if node.tag in GATEWAYS and not chooses:
        return
    if not node.name.strip():
        yield problem("names.missing", diagram.file, node.id)
        return
    if not CHINESE.search(node.name):
        yield problem("names.not_chinese", diagram.file, node.id, name=node.name)
    elif not SHORTEST <= len(node.name.strip()) <= LONGEST:
        yield problem("names.length", diagram.file, node.id, name=node.name, most=LONGEST)
    if chooses and node.tag == "exclusiveGateway":
        if not node.name.strip().endswith(("？", "?")):
            yield problem("names.no_question", diagram.file, node.id, name=node.name)
        for flow in node.outgoing:
            if not flow.name.strip():
                yield problem("names.no_answer", diagram.file, flow.id, gateway=node.name)
