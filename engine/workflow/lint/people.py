"""The rule that somebody stands behind the groups that do the work, as far as it is known who is in them."""

from collections.abc import Iterator

from engine.workflow.lint.diagram import Diagram
from engine.workflow.lint.material import Material
from engine.workflow.lint.problem import Problem, problem
from engine.workflow.lint.references import calls_in, text_in, tree_of

FUNCTIONS = {"group": "group", "head_of": "head"}


def check(material: Material) -> Iterator[Problem]:
    people = material.surroundings.people
    for diagram in material.diagrams if people is not None else ():
        for element, principal in dict.fromkeys(_doers(material, diagram)):
            if (people or {}).get(principal) == 0:
                yield problem("tasks.empty_group", diagram.file, element, group=principal)


def _doers(material: Material, diagram: Diagram) -> Iterator[tuple[str, str]]:
    """(lane or task, principal key): a lane's where a task names no candidate, else the groups that it names."""
    for node in diagram.of_tag("userTask"):
        candidate = node.properties.get("candidate", "")
        if not candidate and node.lane is not None:
            yield node.lane.id, material.settings.lanes.get(node.lane.name) or ""
        tree = tree_of(candidate) if candidate else None
        for function, call in calls_in(tree) if tree is not None else ():
            key = text_in(call.args[0]) if call.args else None
            if function in FUNCTIONS and key is not None:
                yield node.id, f"{FUNCTIONS[function]}:{key}"
