"""BPMN and DMN files → a checked, shared `Definition`.

SpiffWorkflow's parser does the reading; we give it our spec classes, keep its results independent of the drawing (it
orders flows by their place on the canvas), and attach to each spec the `Element` with our properties.
"""

import json
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.task_parsers import ConditionalGatewayParser, GatewayParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.spiff.parser import task_spec as parsers
from SpiffWorkflow.spiff.parser.event_parsers import SpiffBoundaryEventParser, SpiffEndEventParser
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser, SpiffProcessParser

from engine.errors import InvalidDiagram
from engine.workflow import specs
from engine.workflow.decisions import DecisionTable
from engine.workflow.definition import Definition, Element, Process
from engine.workflow.elements import BPMN, elements_of, event_kind, properties

MAX_BYTES = 2_000_000
_NOTED = ("serviceTask", "businessRuleTask", "callActivity", "subProcess", "boundaryEvent", "intermediateCatchEvent")


def read_xml(data: bytes) -> Any:
    """Parse XML without entities, network or huge trees.

    Raises:
        InvalidDiagram: Too large, not well-formed, or with a document type.
    """
    if len(data) > MAX_BYTES:
        raise InvalidDiagram(problems=[("file.too_large", None)])
    reader = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True
    )
    try:
        root = etree.fromstring(data, reader)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InvalidDiagram(problems=[("file.not_xml", str(error))]) from None
    info: Any = root.getroottree().docinfo
    if info.doctype:
        raise InvalidDiagram(problems=[("file.doctype", None)])
    return root


class _ProcessParser(SpiffProcessParser):  # type: ignore[misc]
    def get_position(self, node_id: str) -> dict[str, float]:
        return {"x": 0.0, "y": 0.0}  # flows keep the file's order; stock sorts them by their place on the canvas

    def add_tasks(self) -> None:
        starts = self.xpath("./bpmn:startEvent")
        for node in starts:
            self.parse_node(node)


class _CallableEvents:
    """Gives every event definition our timer and message classes."""

    def parse_timer_event(self, event: Any) -> Any:
        text = next((child.text or "" for child in event if isinstance(child.tag, str)), "")
        return specs.InstantTimer(self.node.get("id"), text.strip())  # type: ignore[attr-defined]

    def parse_conditional_event(self, event: Any) -> Any:
        return specs.Condition((event.findtext(f"{BPMN}condition") or "").strip())

    def parse_message_event(self, event: Any) -> Any:
        messages = self.process_parser.parser.messages  # type: ignore[attr-defined]
        return specs.Message(messages.get(event.get("messageRef")) or self.node.get("id"))  # type: ignore[attr-defined]

    def parse_error_event(self, event: Any) -> Any:
        stock = super().parse_error_event(event)  # type: ignore[misc]
        return specs.Error(stock.name, stock.code)

    def parse_escalation_event(self, event: Any) -> Any:
        stock = super().parse_escalation_event(event)  # type: ignore[misc]
        return specs.Escalation(stock.name, stock.code)


class _BoundaryParser(_CallableEvents, SpiffBoundaryEventParser):  # type: ignore[misc]
    pass


class _EndParser(_CallableEvents, SpiffEndEventParser):  # type: ignore[misc]
    pass


def _event_parser(base: Any) -> Any:
    return type(base.__name__, (_CallableEvents, base), {})


class _StartParser(_CallableEvents, SpiffBpmnParser.OVERRIDE_PARSER_CLASSES[full_tag("startEvent")][0]):  # type: ignore[misc]
    """Every start event starts at once: runner.start picks which one, and a recurring start is a job."""

    def get_event_definition(self, xpaths: list[str]) -> Any:
        return super().get_event_definition([])


class _UserTaskParser(parsers.UserTaskParser):  # type: ignore[misc]
    PARALLEL_MI_CLASS = specs.ParallelInstances
    SEQUENTIAL_MI_CLASS = specs.SequentialInstances

    def create_task(self) -> Any:
        return self.spec_class(self.spec, self.bpmn_id, **self.bpmn_attributes)

    def _add_multiinstance_task(self, marker: Any) -> None:
        _add_instances(self, marker)


class _SubProcessParser(parsers.SubWorkflowParser):  # type: ignore[misc]
    def _add_multiinstance_task(self, marker: Any) -> None:
        _add_instances(self, marker)


class _CallActivityParser(parsers.CallActivityParser):  # type: ignore[misc]
    def _add_multiinstance_task(self, marker: Any) -> None:
        _add_instances(self, marker)


class _RuleParser(parsers.BusinessRuleTaskParser):  # type: ignore[misc]
    def create_task(self) -> Any:
        decision = self.get_decision_ref(self.node)
        engine = DecisionTable(self.process_parser.parser.get_engine(decision, self.node).decision_table)
        task = specs.BusinessRuleTask(self.spec, self.bpmn_id, dmnEngine=engine, **self.bpmn_attributes)
        task.decision = decision
        return task


def _add_instances(parser: Any, marker: Any) -> None:
    """Wrap an activity into its multi-instance task, fed by the property `for_each` (BPMN 2.0.2, 10.3.8)."""
    collection = properties(parser.node).get("for_each", "[]")
    kind = specs.SequentialInstances if marker.get("isSequential") == "true" else specs.ParallelInstances
    original = parser.spec.task_specs.pop(parser.task.name)
    lane = parser.task.lane
    parser.task = kind(
        parser.spec,
        original.name,
        task_spec="",
        data_input=specs.ForEach(collection),
        input_item=specs.Item(),
        lane=lane,
    )
    # the library's own _copy_task_attrs is called past the Spiff parser's: pre- and post-scripts are refused anyway
    super(parsers.SpiffTaskParser, parser)._copy_task_attrs(original, marker)
    original.completed_event.connect(parser.task.merge_child)


class _Parser(SpiffBpmnParser):  # type: ignore[misc]
    PROCESS_PARSER_CLASS = _ProcessParser
    OVERRIDE_PARSER_CLASSES = SpiffBpmnParser.OVERRIDE_PARSER_CLASSES | {
        full_tag("userTask"): (_UserTaskParser, specs.UserTask),
        full_tag("serviceTask"): (parsers.ServiceTaskParser, specs.ServiceTask),
        full_tag("businessRuleTask"): (_RuleParser, specs.BusinessRuleTask),
        full_tag("subProcess"): (_SubProcessParser, specs.SubProcess),
        full_tag("callActivity"): (_CallActivityParser, specs.CallActivity),
        full_tag("parallelGateway"): (GatewayParser, specs.ParallelGateway),
        full_tag("inclusiveGateway"): (ConditionalGatewayParser, specs.InclusiveGateway),
        full_tag("boundaryEvent"): (_BoundaryParser, specs.BoundaryEvent),
        full_tag("endEvent"): (_EndParser, specs.EndEvent),
        full_tag("startEvent"): (_StartParser, SpiffBpmnParser.OVERRIDE_PARSER_CLASSES[full_tag("startEvent")][1]),
    }
    for _tag in ("intermediateCatchEvent", "intermediateThrowEvent", "eventBasedGateway"):
        _found = (SpiffBpmnParser.PARSER_CLASSES | SpiffBpmnParser.OVERRIDE_PARSER_CLASSES)[full_tag(_tag)]
        OVERRIDE_PARSER_CLASSES[full_tag(_tag)] = (_event_parser(_found[0]), _found[1])


def _process(root: Any, path: str, files: Mapping[str, bytes]) -> Process:
    """Read one diagram's process with its folder's procedure.toml."""
    folder, _, name = path.rpartition("/")
    settings = tomllib.loads(files.get(f"{folder}/procedure.toml".lstrip("/"), b"").decode())
    node = root.find(f"{BPMN}process")
    lanes = {
        lane: None if who == "dynamic" else who if ":" in who else f"group:{who}"
        for lane, who in settings.get("lanes", {}).items()
    }
    parameters = {
        key: value["value"] if isinstance(value, dict) else value
        for key, value in settings.get("parameters", {}).items()
    }
    return Process(
        id=node.get("id"),
        procedure=name.removesuffix(".bpmn"),
        title=settings.get("title", name),
        title_en=settings.get("title_en", name),
        english=MappingProxyType(dict(settings.get("english", {}))),
        lanes=MappingProxyType(lanes),
        parameters=MappingProxyType(parameters),
        starts=MappingProxyType({n.get("id"): event_kind(n) or "none" for n in node.iterfind(f"{BPMN}startEvent")}),
        settings=MappingProxyType(settings),
    )


def _forms(files: Mapping[str, bytes], procedure: str) -> dict[str, Any]:
    """Form key "<procedure>/<form>" → schema, of every file under a forms/ folder."""
    forms = {}
    for path, data in files.items():
        _, found, key = f"/{path}".rpartition("/forms/")
        if found and key.endswith(".json"):
            key = key.removesuffix(".json")
            forms[key if "/" in key else f"{procedure}/{key}"] = json.loads(data)
    return forms


def _decisions(parser: Any) -> dict[str, tuple[str, ...]]:
    """Decision id → ids of its table's rules, of the decisions that the diagrams use."""
    tables = {name: p.decision.decisionTables[0] for name, p in parser.dmn_parsers.items() if p.decision is not None}
    return {name: tuple(rule.id for rule in table.rules) for name, table in tables.items()}


def _attach(spec: Any, process: str, elements: Mapping[tuple[str, str], Element]) -> None:
    """Give each task spec its `element`; the library's own control tasks get None."""
    spec.process_id = process
    for name, task_spec in spec.task_specs.items():
        task_spec.element = elements.get((process, name.removesuffix(" [child]")))
        task_spec.lookahead = 2
        if task_spec.element is not None and task_spec.element.kind in _NOTED:
            task_spec.completed_event.connect(specs.note_done)


@lru_cache(maxsize=64)
def _parse(items: tuple[tuple[str, bytes], ...]) -> Definition:
    files = dict(items)
    parser = _Parser()
    owner: dict[str, str] = {}  # process or sub-process id → process id
    processes: dict[str, Process] = {}
    elements: dict[tuple[str, str], Element] = {}
    for path, data in items:
        if path.endswith(".dmn"):
            parser.add_dmn_xml(read_xml(data), path)
    flows: set[tuple[str, str, str]] = set()
    main = None
    for path, data in items:
        if not path.endswith(".bpmn"):
            continue
        root = read_xml(data)
        parser.add_bpmn_xml(root, path)
        process = _process(root, path, files)
        processes[process.id] = process
        main = process if "/" not in path else main
        messages = {m.get("id"): m.get("name") for m in root.iterfind(f"{BPMN}message")}
        flows |= {(process.id, f.get("sourceRef"), f.get("targetRef")) for f in root.iter(f"{BPMN}sequenceFlow")}
        elements |= {(e.process, e.id): e for e in elements_of(root.find(f"{BPMN}process"), messages)}
        owner |= {e.id: process.id for e in elements.values() if e.process == process.id and e.kind == "subProcess"}
    if main is None:
        raise InvalidDiagram(problems=[("diagram.missing", None)])
    spec = parser.get_spec(main.id)
    called = parser.get_subprocess_specs(main.id)
    for name, found in [(main.id, spec), *called.items()]:
        _attach(found, owner.get(name, name), elements)
    return Definition(
        procedure=main.procedure,
        process=main,
        processes=MappingProxyType(processes),
        elements=MappingProxyType(elements),
        forms=MappingProxyType(_forms(files, main.procedure)),
        flows=frozenset(flows),
        decisions=MappingProxyType(_decisions(parser)),
        spec=spec,
        subprocess_specs=called,
    )


def parse(files: Mapping[str, bytes]) -> Definition:
    """Parse the files of one deployment.

    Args:
        files: path → bytes: "<procedure>.bpmn", "<decision>.dmn", "procedure.toml", "forms/<procedure>/<form>.json"; of
            every called procedure the same under "calls/<procedure>/".
    Raises:
        InvalidDiagram: The library can't read it; the lint, which runs before, says why in better words.
    """
    try:
        return _parse(tuple(sorted(files.items())))
    except InvalidDiagram:
        raise
    except Exception as error:  # the library raises bare exceptions for what it can't read
        raise InvalidDiagram(problems=[("diagram.unreadable", str(error))]) from error
