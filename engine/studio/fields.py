"""The fields that an expression at a point of a diagram may read: asked, decided or handed over before it."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from engine.service_tasks import registry
from engine.workflow.lint import Surroundings
from engine.workflow.lint.decisions import given_by
from engine.workflow.lint.diagram import Diagram, Node, called_decision, service_call
from engine.workflow.lint.earlier import Order
from engine.workflow.lint.kinds import kind_of
from engine.workflow.lint.material import Material, read_material
from engine.workflow.lint.references import fields_in, tree_of

LISTS = {"dynamiclist", "checklist"}
KINDS = {"yes_no": "checkbox", "number": "number", "decimal": "decimal", "choice": "choice"}
Described = dict[str, Any]  # label, kind, choices: [{value, label}]


def fields_at(
    files: Mapping[str, bytes], element: str, given: Collection[str], *, chinese: bool
) -> list[dict[str, Any]] | None:
    """[{path, label, kind, choices, from}] of the values that exist at an element or flow; None where there is none.

    Values that are lists are left out: they are read by functions. Kinds: choice, checkbox, number, decimal, date,
    datetime, time, reference, text; "" where nobody can tell.

    Args:
        files: Of the procedure, and of those that it calls below "calls/<procedure>/".
        given: The names that callers hand over.
    """
    material = read_material(files, "", Surroundings())
    for diagram in material.diagrams:
        flow = diagram.flows.get(element)
        node = diagram.nodes.get(flow.source if flow is not None else element)
        if node is None:
            continue
        reading = _Reading(files, material, diagram, 0 if chinese else 1)
        handed = [{"path": f"input.{name}", "label": name, "kind": "", "choices": [], "from": ""} for name in given]
        return [*reading.before(node, drawn=flow is not None), *handed]
    return None


class _Reading:
    def __init__(self, files: Mapping[str, bytes], material: Material, diagram: Diagram, language: int) -> None:
        self.files, self.material, self.diagram, self.language = files, material, diagram, language

    def before(self, node: Node, *, drawn: bool) -> Iterator[dict[str, Any]]:
        role = "condition" if drawn or "conditionalEventDefinition" in node.events else ""
        order = Order(self.diagram)
        for source in self.diagram.nodes.values():
            if source.multi is None and order.known_at(source, node, role):
                for name, described in self._of(source):
                    yield {"path": f"{source.id}.{name}", **described, "from": source.name or source.id}

    def _of(self, node: Node) -> Iterator[tuple[str, Described]]:
        by_tag: dict[str, Callable[[Node], Iterator[tuple[str, Described]]]] = {
            "userTask": self._asked,
            "startEvent": self._asked,
            "serviceTask": self._answered,
            "businessRuleTask": self._decided,
            "callActivity": self._handed_back,
        }
        found = by_tag.get(node.tag)
        return found(node) if found is not None else iter(())

    def _asked(self, node: Node) -> Iterator[tuple[str, Described]]:
        form = self.material.own_forms.get(node.properties.get("form", f"{self.diagram.procedure}/{node.id}"))
        for key, component in form.components.items() if form is not None else ():
            if form is not None and form.fields.get(key) and component.get("type") not in LISTS:
                yield key, self._described(component, key)

    def _described(self, component: Mapping[str, Any], key: str) -> Described:
        kind = KINDS.get(kind_of(component)) or ("reference" if component.get("type") == "textfield" else "")
        if component.get("type") == "datetime":
            kind = str(component.get("subtype") or "datetime")
        elif component.get("type") == "select" and not kind:
            kind = "reference"
        values = component.get("values") if kind == "choice" else None
        choices = [
            {"value": str(one.get("value")), "label": self._label(one, one, str(one.get("value")))}
            for one in values or ()
            if isinstance(one, dict)
        ]
        properties = component.get("properties")
        english = properties if isinstance(properties, dict) else {}
        return {"label": self._label(component, english, key), "kind": kind, "choices": choices}

    def _label(self, one: Mapping[str, Any], english: Mapping[str, Any], otherwise: str) -> str:
        chinese = str(one.get("label") or one.get("dateLabel") or one.get("timeLabel") or otherwise)
        return str(english.get("label_en") or chinese) if self.language else chinese

    def _answered(self, node: Node) -> Iterator[tuple[str, Described]]:
        called = service_call(node)
        registry.load()
        operation = registry.OPERATIONS.get(called[0]) if called else None
        for name in sorted(operation.results or ()) if operation is not None else ():
            yield name, {"label": name, "kind": "", "choices": []}

    def _decided(self, node: Node) -> Iterator[tuple[str, Described]]:
        table = self.material.table(called_decision(node) or "")
        for column in table.outputs if table is not None else ():
            values = [str(value) for value in given_by(table, column.name)]
            choices = [{"value": value, "label": value} for value in values]
            described = {"label": column.text or column.name, "kind": "choice" if choices else "", "choices": choices}
            yield column.name, described

    def _handed_back(self, node: Node) -> Iterator[tuple[str, Described]]:
        """What a call gives is described as the called procedure asked it, where it hands on a plain field."""
        called = self._called(node.xml.get("calledElement", ""))
        for name, text in node.properties.items():
            if name.startswith("output."):
                tree = tree_of(text)
                fields = fields_in(tree) if tree is not None else []
                plain = fields[0] if len(fields) == 1 and text.strip() == ".".join(fields[0]) else None
                described = called.described(*plain) if called is not None and plain is not None else None
                key = name.removeprefix("output.")
                yield key, described or {"label": key, "kind": "", "choices": []}
        ends = called.diagram.of_tag("endEvent") if called is not None else ()
        states = {end.properties["end_state"]: end.name for end in ends if "end_state" in end.properties}
        choices = [{"value": value, "label": name or value} for value, name in states.items()]
        yield "end_state", {"label": ("结果", "End state")[self.language], "kind": "choice", "choices": choices}

    def described(self, element: str, field: str) -> Described | None:
        node = self.diagram.nodes.get(element)
        return dict(self._of(node)).get(field) if node is not None and node.multi is None else None

    def _called(self, process: str) -> "_Reading | None":
        prefix = f"calls/{process.replace('_', '-')}/"
        inside = {path: content for path, content in self.files.items() if path.startswith(prefix)}
        if not inside:
            return None
        material = read_material(inside, prefix, Surroundings())
        diagram = next((one for one in material.diagrams if one.id == process), None)
        return _Reading(self.files, material, diagram, self.language) if diagram is not None else None
