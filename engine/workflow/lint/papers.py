"""Rules about printed papers: a service task `make_paper` names a template that there is, and that can be set."""

from collections.abc import Iterator

from engine.workflow.lint.diagram import Node, service_call
from engine.workflow.lint.material import Material
from engine.workflow.lint.problem import Problem, problem
from engine.workflow.lint.references import text_in, tree_of

OPERATION = "make_paper"


def check(material: Material) -> Iterator[Problem]:
    for diagram in material.diagrams:
        for node in diagram.of_tag("serviceTask"):
            yield from _made(material, diagram.file, node)
    typeset = material.surroundings.typeset
    for path, content in material.templates.items():
        reason = typeset(content) if typeset is not None else None
        if reason is not None:
            yield problem("papers.broken", material.prefix + path, reason=reason)


def _made(material: Material, file: str, node: Node) -> Iterator[Problem]:
    called = service_call(node)
    if called is None or called[0] != OPERATION or "document" not in called[1]:
        return
    tree = tree_of(called[1]["document"])
    name = text_in(tree) if tree is not None else None
    if name is None:
        yield problem("papers.not_named", file, node.id)
    elif f"documents/{name}.typ" not in material.templates:
        yield problem("papers.missing", file, node.id, path=f"documents/{name}.typ")
