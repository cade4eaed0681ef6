"""Every paper asks for what its procedure, those that call it and those that it calls do know: no name is misspelt."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from engine.service_tasks import registry
from engine.settings import ROOT
from engine.workflow.lint.diagram import Diagram, service_call
from engine.workflow.lint.folder import diagrams_of, procedure_folders

PROCESSES, FORMS = ROOT / "processes", ROOT / "forms"
TEMPLATES = sorted(PROCESSES.glob("*/documents/*.typ"))
ASKING = re.compile(r"\b(said|known|rows-of|answer)\(((?:\s*\"[^\"]+\",?)+)\s*\)")
ACTING = re.compile(r"\b(who|when|rounds)\(\"([a-z_0-9]+)\"\)")
SIGNING = re.compile(r"\bsign\(\"[^\"]+\"((?:,\s*\"[^\"]+\")*)\)")


registry.load()


@cache
def diagrams() -> dict[str, Diagram]:
    """Process id → diagram."""
    return {one.id: one for folder in procedure_folders(PROCESSES) for one in diagrams_of(folder)}


@cache
def calls(process: str) -> frozenset[str]:
    found = (node.xml.get("calledElement", "") for node in diagrams()[process].of_tag("callActivity"))
    return frozenset(name for name in found if name in diagrams())


def reached(process: str, downwards: bool) -> set[str]:
    """The processes that one calls, or that call it, directly or not."""
    seen, queue = set[str](), [process]
    while queue:
        here = queue.pop()
        near = calls(here) if downwards else {name for name in diagrams() if here in calls(name)}
        queue += near - seen
        seen |= near
    return seen


def around(process: str) -> dict[str, Diagram]:
    """The process, its callers, and all that these call: whose submissions a case of any of them may hold."""
    callers = reached(process, downwards=False) | {process}
    return {name: diagrams()[name] for name in callers.union(*(reached(one, downwards=True) for one in callers))}


def fields_of(diagram: Diagram, element: str) -> set[str]:
    """What the form of an element asks; columns of its lists are not among it."""
    node = diagram.nodes[element]
    path = FORMS / f"{node.properties.get('form', f'{diagram.procedure}/{element}')}.json"
    if not path.is_file():
        return set()
    return {part.get("key") or part.get("path") for part in json.loads(path.read_text())["components"]}


def knows(diagram: Diagram, element: str, field: str) -> bool:
    """Whether an element may have this field: its form's, or whatever an operation, decision or call gives."""
    if element not in diagram.nodes:
        return False
    node = diagram.nodes[element]
    if node.tag == "callActivity":
        return f"output.{field}" in node.properties
    if node.tag == "serviceTask":
        called = service_call(node)
        results = registry.OPERATIONS[called[0]].results if called else frozenset()
        return results is None or field in results
    return node.tag == "businessRuleTask" or field in fields_of(diagram, element)


def questions(text: str) -> Iterator[tuple[str, str]]:
    """(function, "element.field" or "element") of everything that a template asks for."""
    for function, paths in ASKING.findall(text):
        yield from ((function, path) for path in re.findall(r'"([^"]+)"', paths))
    yield from ACTING.findall(text)
    for elements in SIGNING.findall(text):
        yield from (("sign", element) for element in re.findall(r'"([^"]+)"', elements))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.parent.name}/{path.stem}")
def test_a_paper_asks_for_what_there_is(template: Path) -> None:
    process = template.parent.parent.name.replace("-", "_")
    near = around(process)
    asked = list(questions(template.read_text()))

    assert asked
    unknown = set()
    for function, path in asked:
        element, _, field = path.partition(".")
        if element == "input":
            known = any(f"input.{field}" in node.properties for one in near.values() for node in one.nodes.values())
        elif field:
            wanted = fields_of if function in ("said", "rows-of", "answer") else None
            known = any(
                field in wanted(one, element) if wanted else knows(one, element, field)
                for one in near.values()
                if element in one.nodes
            )
        else:
            known = any(element in one.nodes for one in near.values())
        if not known:
            unknown.add(path)
    assert unknown == set()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.parent.name}/{path.stem}")
def test_a_paper_is_made_by_its_procedure(template: Path) -> None:
    (diagram,) = diagrams_of(template.parent.parent)
    made = [service_call(node) for node in diagram.of_tag("serviceTask")]

    assert template.stem in {call[1]["document"].strip("'\"") for call in made if call and call[0] == "make_paper"}
