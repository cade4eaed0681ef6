"""What steps, fields, choices, parameters, deadlines and groups of a procedure are called, in both languages."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from engine.workflow.lint.diagram import Diagram, Flow, Node
from engine.workflow.lint.form_fields import FormFile
from engine.workflow.lint.material import Material

Pair: TypeAlias = tuple[str, str]  # Chinese, English

DEEPEST = 6  # how many procedures an input or an output is followed through
UNITS = {
    "小时": "hours", "天": "days", "分钟": "minutes", "工作日": "working days", "工作小时": "working hours",
    "个月": "months", "日": "", "次": "times", "元": "yuan",
}  # fmt: skip
PLAIN_FIELD = re.compile(r"[A-Za-z]\w*\.\w+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beyond the procedure's own files: principal key → name, process id → procedure as deployed."""

    principals: Mapping[str, Pair] = field(default_factory=dict)
    procedures: Mapping[str, Material] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Label:
    """What a field is called; `choices`: value → name; `steps`: where it is filled in, of several whichever was."""

    text: Pair
    kind: str  # of form-js; "result" of a decision, "end" of a called procedure
    choices: Mapping[str, Pair] = field(default_factory=dict)
    steps: tuple[Pair, ...] = ()


class Names:
    """The names of one procedure, as its files have them. What has no name is None."""

    def __init__(self, material: Material, known: Known | None = None, depth: int = 0) -> None:
        self.material = material
        self.known = known or Known()
        self._depth = depth
        values = material.settings.values
        english = values.get("english")
        self._english: Mapping[str, str] = english if isinstance(english, Mapping) else {}
        self.title: Pair = _pair(values.get("title") or material.procedure, values.get("title_en"))

    def pair(self, name: str) -> Pair:
        """A name as it is drawn, and its English where `[english]` has it."""
        return name, str(self._english.get(name) or name)

    def node(self, element: str) -> Node | None:
        return next((d.nodes[element] for d in self.material.diagrams if element in d.nodes), None)

    def step(self, element: str) -> Pair | None:
        node = self.node(element)
        return self.pair(node.name) if node is not None and node.name else None

    def _steps(self, element: str) -> tuple[Pair, ...]:
        found = self.step(element)
        return (found,) if found is not None else ()

    def place(self, node: Node) -> Pair | None:
        """What a shape without a name is, for “from … to …”."""
        if node.tag not in ("parallelGateway", "inclusiveGateway", "exclusiveGateway", "eventBasedGateway"):
            return None
        return ("汇合点", "the join") if len(node.incoming) > 1 else ("分叉点", "the fork")

    def deadline(self, key: str) -> Pair | None:
        """The name of the timer that carries a deadline."""
        nodes = (node for diagram in self.material.diagrams for node in diagram.nodes.values())
        found = next((node for node in nodes if node.properties.get("deadline") == key and node.name), None)
        return self.pair(found.name) if found is not None else None

    def principal(self, key: str) -> Pair | None:
        """“财务部”, “工程部负责人”; a group of which nothing is known has the name of its lane."""
        kind, _, name = key.partition(":")
        group = self.known.principals.get(f"group:{name}" if kind == "head" else key)
        if group is not None:
            return (f"{group[0]}负责人", f"the head of {group[1]}") if kind == "head" else group
        lane = next((lane for lane, owner in self.material.settings.lanes.items() if owner == key), None)
        return self.pair(lane) if lane is not None else None

    def lane(self, name: str) -> Pair:
        """A lane by its own name; its English is that of its group, since `[english]` has no lanes."""
        known = self.known.principals.get(self.material.settings.lanes.get(name) or "")
        return name, known[1] if known is not None else self.pair(name)[1]

    def parameter(self, name: str) -> tuple[Any, Pair, Pair]:
        """Value, title and unit of a parameter."""
        values = self.material.settings.values.get("parameters")
        entry = values.get(name) if isinstance(values, Mapping) else None
        if not isinstance(entry, Mapping):
            return entry, (name, name), ("", "")
        unit = str(entry.get("unit") or "")
        return (
            entry.get("value"),
            _pair(entry.get("title") or name, entry.get("title_en")),
            (unit, UNITS.get(unit, unit)),
        )

    def form_key(self, node: Node) -> str:
        return node.properties.get("form", f"{self.material.procedure}/{node.id}")

    def form(self, node: Node) -> FormFile | None:
        """The form of a user task or of a start."""
        return self.material.own_forms.get(self.form_key(node))

    def field(self, element: str, key: str) -> Label | None:
        """The label of what stands under `element.key`, wherever it comes from."""
        node = self.node(element)
        if node is None or self._depth > DEEPEST:
            return None
        if node.tag == "callActivity":
            return self._of_call(node, key)
        if node.tag == "businessRuleTask":
            return self._of_decision(node, key)
        form = self.form(node)
        component = form.components.get(key) if form is not None else None
        return label_of(component, self._steps(element)) if component is not None else None

    def callers(self, name: str) -> Iterator[tuple["Names", str]]:
        """The expressions that procedures in force give for `input.name`, each with the names of its procedure."""
        own = {diagram.id for diagram in self.material.diagrams}
        for process, other in sorted(self.known.procedures.items()):
            if process in own or self._depth > DEEPEST:
                continue
            for node in _calls(other.diagrams, own):
                if f"input.{name}" in node.properties:
                    yield Names(other, self.known, self._depth + 1), node.properties[f"input.{name}"]

    def called(self, process: str) -> "Names | None":
        found = self.known.procedures.get(process)
        return Names(found, self.known, self._depth + 1) if found is not None else None

    def choice(self, key: str, value: str) -> Pair | None:
        """What a value is called in any form of the procedure or of a caller that asks for a field of this key."""
        for form in self.material.own_forms.values():
            if key in form.components:
                found = label_of(form.components[key]).choices.get(value)
                if found is not None:
                    return found
        answer = f'.{key} == "{value}"'
        for diagram in self.material.diagrams:
            for flow in diagram.flows.values():
                if (
                    flow.name
                    and flow.condition
                    and flow.condition.endswith(answer)
                    and " " not in flow.condition[: -len(answer)]
                ):
                    return self.pair(flow.name)  # the answer on the way that it opens
        own = {diagram.id for diagram in self.material.diagrams}
        for other in self.known.procedures.values() if not self._depth else ():
            if any(_calls(other.diagrams, own)):
                found = Names(other, self.known, self._depth + 1).choice(key, value)
                if found is not None:
                    return found
        return None

    def any_choice(self, value: str) -> Pair | None:
        """What a value is called in any form of the procedure, whatever it asks."""
        components = (one for form in self.material.own_forms.values() for one in form.components.values())
        return next((found for one in components if (found := label_of(one).choices.get(value)) is not None), None)

    def _of_call(self, node: Node, key: str) -> Label | None:
        called = self.called(node.xml.get("calledElement", ""))
        if called is None:
            return None
        if key == "end_state":
            return Label(("结果", "the result"), "end", called.end_states(), self._steps(node.id))
        source = node.properties.get(f"output.{key}", "")
        return called.field(*source.split(".")) if PLAIN_FIELD.fullmatch(source) else None

    def end_states(self) -> dict[str, Pair]:
        """The end states of the procedure: value → what the end event is called."""
        return {
            node.properties["end_state"]: self.pair(node.name)
            for diagram in self.material.diagrams
            for node in diagram.nodes.values()
            if "end_state" in node.properties and node.name
        }

    def _of_decision(self, node: Node, key: str) -> Label | None:
        for table in self.material.tables:
            for column in table.outputs:
                if column.name == key and column.text:
                    values = {row.results[table.outputs.index(column)].strip("\"'") for row in table.rows}
                    choices = {value: found for value in values if (found := self.choice(key, value)) is not None}
                    return Label((column.text, column.text), "result", choices, self._steps(node.id))
        return None


def label_of(component: Mapping[str, Any], steps: tuple[Pair, ...] = ()) -> Label:
    """The label of a form's component, with its choices."""
    more = component.get("properties")
    key = str(component.get("key") or component.get("path") or "")
    label = next((component[one] for one in ("label", "dateLabel", "timeLabel") if component.get(one)), key)
    text = _pair(label, more.get("label_en") if isinstance(more, Mapping) else None)
    values = component.get("values")
    choices = {
        str(one.get("value")): _pair(one.get("label") or one.get("value"), one.get("label_en"))
        for one in (values if isinstance(values, list) else ())
        if isinstance(one, Mapping)
    }
    return Label(text, str(component.get("type", "")), choices, steps)


def gate_of(flow: Flow, diagram: Diagram) -> Node | None:
    """The gateway that a flow leaves."""
    source = diagram.nodes.get(flow.source)
    return source if source is not None and source.tag.endswith("Gateway") else None


def _calls(diagrams: list[Diagram], wanted: set[str]) -> Iterator[Node]:
    return (node for one in diagrams for node in one.of_tag("callActivity") if node.xml.get("calledElement") in wanted)


def _pair(chinese: object, english: object) -> Pair:
    return str(chinese), str(english or chinese)
