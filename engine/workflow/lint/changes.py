"""What is different from the version in force, in words: `compare`. Used before a procedure is deployed.

It compares what the engine reads, not the XML: a diagram that was only laid out anew has one change, `layout`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.workflow.lint.decision_table import DecisionTable
from engine.workflow.lint.diagram import (
    Diagram,
    Node,
    called_decision,
    condition_text,
    extensions_of,
    service_call,
    timer_of,
)
from engine.workflow.lint.material import Material, read_material
from engine.workflow.lint.problem import shorten
from engine.workflow.lint.reading import content_of, local
from engine.workflow.lint.surroundings import Surroundings
from engine.workflow.lint.texts_of_changes import FACTS, TEXTS

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `element` is an element id, a field key, a parameter or a row, as `kind` says."""

    kind: str
    file: str
    element: str
    message_zh: str
    message_en: str


def compare(old_files: Mapping[str, bytes], new_files: Mapping[str, bytes]) -> tuple[Change, ...]:
    """Say what changed between two sets of files named as for `lint.check`; files that can't be read say nothing."""
    old, new = (read_material(files, "", Surroundings()) for files in (old_files, new_files))
    found = [*_diagrams(old, new), *_settings(old, new), *_decisions(old, new), *_forms(old, new)]
    told = {change.file for change in found}
    for name in sorted(old_files.keys() | new_files.keys()):
        if name not in told and old_files.get(name) != new_files.get(name):
            found.append(_of_file(name, old_files.get(name), new_files.get(name)))
    return tuple(found)


def _change(kind: str, file: str, element: str, *, property_name: str = "", **context: object) -> Change:
    zh, en = TEXTS[kind]
    shown = {key: shorten(str(value)) for key, value in context.items()} | {"element": shorten(element)}
    if "fact" in shown:
        chinese, english = ({**shown, "fact": FACTS[shown["fact"]][n] + property_name} for n in (0, 1))
    else:
        chinese = english = shown
    return Change(kind, file, element, zh.format_map(chinese), en.format_map(english))


def _of_file(name: str, old: bytes | None, new: bytes | None) -> Change:
    if old is None or new is None:
        return _change("file_added" if old is None else "file_removed", name, name)
    return _change("layout" if name.endswith(".bpmn") else "file_changed", name, name)


# Diagrams


def _diagrams(old: Material, new: Material) -> Iterator[Change]:
    before = {diagram.id: diagram for diagram in old.diagrams}
    for diagram in new.diagrams:
        if diagram.id in before:
            yield from _elements(before[diagram.id], diagram)
            yield from _flows(before[diagram.id], diagram)


def _elements(old: Diagram, new: Diagram) -> Iterator[Change]:
    gone = [node for name, node in old.nodes.items() if name not in new.nodes]
    come = [node for name, node in new.nodes.items() if name not in old.nodes]
    for node in list(gone):
        twin = next((other for other in come if node.name and (other.tag, other.name) == (node.tag, node.name)), None)
        if twin is not None:
            gone.remove(node)
            come.remove(twin)
            yield _change("element_id", new.file, twin.id, old=node.id, name=node.name)
    for node in gone:
        yield _change("element_removed", new.file, node.id, name=node.name)
    for node in come:
        yield _change("element_added", new.file, node.id, name=node.name)
    for name, node in new.nodes.items():
        if name in old.nodes:
            before, after = facts_of(old.nodes[name]), facts_of(node)
            for fact in [*after, *(key for key in before if key not in after)]:
                if before.get(fact, "") != after.get(fact, ""):
                    yield _fact(new.file, name, fact, before.get(fact, ""), after.get(fact, ""))


def _fact(file: str, element: str, fact: str, old: str, new: str) -> Change:
    if fact == "name":
        return _change("element_renamed", file, element, old=old, new=new)
    known = fact if fact in FACTS else "property"
    texts = {"fact": known, "old": old or NOTHING, "new": new or NOTHING}
    return _change("element_changed", file, element, property_name=f" {fact}" if known == "property" else "", **texts)


def facts_of(node: Node) -> dict[str, str]:
    """What the engine reads of one element: fact or property → text."""
    timer, called = timer_of(node), service_call(node)
    found = {
        "name": node.name,
        "kind": " ".join((node.tag, *node.events)),
        "lane": node.lane.name if node.lane else "",
        "host": node.host or "",
        "interrupting": "" if node.host is None else str(node.interrupting),
        "multi": node.multi or "",
        "timer": timer[1] if timer else "",
        "condition": condition_text(node),
        "operation": called[0] if called else "",
        "decision": called_decision(node) or "",
        "called": node.xml.get("calledElement", ""),
        "default": node.default or "",
        "inside": node.scope.owner.id if node.scope.owner else "",
        "documentation": " ".join(content_of(child) for child in node.xml if local(child) == "documentation"),
    }
    found |= {f"parameter {name}": value for name, value in (called[1] if called else {}).items()}
    found |= {name: value for name, value in node.properties.items()}
    found["extensions"] = " ".join(
        sorted(local(entry) for entry in extensions_of(node.xml) if local(entry) != "properties")
    )
    return {name: value for name, value in found.items() if value}


def _flows(old: Diagram, new: Diagram) -> Iterator[Change]:
    before = {(flow.source, flow.target): flow for flow in old.flows.values()}
    after = {(flow.source, flow.target): flow for flow in new.flows.values()}
    for ends, flow in before.items():
        if ends not in after and set(ends) <= new.nodes.keys():
            yield _change("flow_removed", new.file, flow.id, source=ends[0], target=ends[1])
    for ends, flow in after.items():
        if ends not in before and set(ends) <= old.nodes.keys():
            yield _change("flow_added", new.file, flow.id, source=ends[0], target=ends[1])
        elif ends in before and before[ends].condition != flow.condition:
            texts = {"old": before[ends].condition or "", "new": flow.condition or ""}
            yield _change("condition_changed", new.file, flow.id, source=ends[0], target=ends[1], **texts)


# Settings, decisions, forms


def _settings(old: Material, new: Material) -> Iterator[Change]:
    file = new.settings_file
    sections = (
        ("parameter", old.settings.parameters, new.settings.parameters),
        ("lane", old.settings.lanes, new.settings.lanes),
        ("setting", _plain(old.settings.values), _plain(new.settings.values)),
    )
    for kind, before, after in sections:
        yield from _mappings(kind, file, before, after)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key not in ("lanes", "parameters")}


def _mappings(kind: str, file: str, before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[Change]:
    for name in before.keys() - after.keys():
        yield _change(f"{kind}_removed", file, name)
    for name, value in after.items():
        if name not in before:
            yield _change(f"{kind}_added", file, name, new=value)
        elif before[name] != value:
            yield _change(f"{kind}_changed", file, name, old=before[name], new=value)


def _decisions(old: Material, new: Material) -> Iterator[Change]:
    before = {table.id: table for table in old.tables}
    for table in new.tables:
        if table.id in before:
            yield from _rows(before[table.id], table)


def _rows(old: DecisionTable, new: DecisionTable) -> Iterator[Change]:
    if old.hit_policy != new.hit_policy:
        yield _change("hit_policy_changed", new.file, new.id, old=old.hit_policy, new=new.hit_policy)
    heads = [[(column.name, column.text) for column in [*table.inputs, *table.outputs]] for table in (old, new)]
    if heads[0] != heads[1]:
        shown = ["; ".join(f"{name} {text}".strip() for name, text in head) for head in heads]
        yield _change("columns_changed", new.file, new.id, old=shown[0], new=shown[1])
    before, after = ({row.id: " | ".join([*row.cells, *row.results]) for row in table.rows} for table in (old, new))
    yield from _mappings("row", new.file, before, after)


def _forms(old: Material, new: Material) -> Iterator[Change]:
    for key, form in new.own_forms.items():
        if key not in old.own_forms or form.json is None:
            continue
        file = new.form_files[key]
        before, after = old.own_forms[key].components, form.components
        for name in before.keys() - after.keys():
            yield _change("field_removed", file, name, form=key)
        for name, component in after.items():
            if name not in before:
                yield _change("field_added", file, name, form=key)
            else:
                for part in sorted(component.keys() | before[name].keys()):
                    values = before[name].get(part), component.get(part)
                    if part not in ("id", "layout") and values[0] != values[1]:
                        yield _change("field_changed", file, name, form=key, part=part, old=values[0], new=values[1])
