"""Rules about expressions: each compiles under the evaluator, calls known functions, names what there is and routes."""

import ast
from collections.abc import Iterator

from engine.workflow.lint.deadlines import is_literal
from engine.workflow.lint.diagram import Diagram
from engine.workflow.lint.kinds import check_kinds
from engine.workflow.lint.language import DECIDING, understood
from engine.workflow.lint.material import Material
from engine.workflow.lint.problem import Problem, problem
from engine.workflow.lint.references import Place, bare_names_in, calls_in, fields_in, places_of, text_in
from engine.workflow.lint.vocabulary import Vocabulary, vocabulary_of

ELEMENT_FUNCTIONS = {"done_at", "rounds", "doer_of"}
DEADLINE_FUNCTIONS = {"due_of", "breaches"}
GROUP_FUNCTIONS = {"group", "head_of"}
RESERVED = {"item", "input"}


def check(material: Material) -> Iterator[Problem]:
    for diagram in material.diagrams:
        known = vocabulary_of(material, diagram)
        for place in places_of(diagram):
            if place.role == "timer" and is_literal(place.text):
                continue  # deadlines.literal says it better
            if place.foreign is not None:
                yield from _foreign(material, diagram, place)
            else:
                yield from check_text(material, diagram.file, place, known)
        yield from _prefills(material, diagram, known)


def check_text(
    material: Material, file: str, place: Place, known: Vocabulary, extra: frozenset[str] = frozenset()
) -> Iterator[Problem]:
    """Every problem of one expression; `extra` are bare names that are known besides."""
    tree, found = understood(file, place)
    yield from found
    if tree is None:
        return
    for name in bare_names_in(tree):
        if name not in extra and not (name == "item" and place.item):
            code = "expressions.whole_element" if name in known.nodes else "expressions.unknown_name"
            if not (name in known.elements and _inside_list_function(tree, name)):
                yield problem(code, file, place.element, role=place.role, name=name, text=place.text)
    for owner, field in fields_in(tree):
        yield from _field(file, place, known, owner, field)
    yield from _arguments(material, file, place, known, tree)
    yield from check_kinds(file, place, tree, known.components, decides=place.role in DECIDING)


def _inside_list_function(tree: ast.expr, name: str) -> bool:
    """A multi-instance task's id stands alone where a list is wanted: `sum_of(visits, "cost")`, `len(visits)`."""
    return any(
        any(isinstance(argument, ast.Name) and argument.id == name for argument in call.args)
        for _, call in calls_in(tree)
    )


def _field(
    file: str, place: Place, known: Vocabulary, owner: str, field: str, *, listed: bool = False
) -> Iterator[Problem]:
    context = {"role": place.role, "owner": owner, "field": field}
    if owner == "input":
        if known.inputs is None or field not in known.inputs:
            yield problem("expressions.unknown_input", file, place.element, **context)
        return
    if owner == "item" and place.item:
        return
    if owner not in known.elements:
        code = "expressions.no_data" if owner in known.nodes else "expressions.unknown_element"
        yield problem(code, file, place.element, **context)
        return
    fields = known.elements[owner]
    if known.nodes[owner].multi is not None and not listed:
        yield problem("expressions.list_field", file, place.element, **context)
    if fields is None:
        return
    if field not in fields:
        yield problem(
            "expressions.unknown_field", file, place.element, known=", ".join(sorted(fields)) or "–", **context
        )
    elif not fields[field]:
        yield problem("expressions.private_field", file, place.element, **context)


def _arguments(material: Material, file: str, place: Place, known: Vocabulary, tree: ast.expr) -> Iterator[Problem]:
    """Literal arguments that name an element, a deadline, a parameter, a group, a field of a list."""
    for function, call in calls_in(tree):
        first = text_in(call.args[0]) if call.args else None
        context = {"role": place.role, "function": function}
        if function in ELEMENT_FUNCTIONS and first is not None and first not in known.nodes:
            yield problem("expressions.unknown_element", file, place.element, owner=first, field="", **context)
        elif function in DEADLINE_FUNCTIONS and first is not None and first not in known.deadlines:
            yield problem("expressions.unknown_deadline", file, place.element, name=first, **context)
        elif function == "parameter" and first not in known.parameters:
            yield problem("expressions.unknown_parameter", file, place.element, name=first, **context)
        elif (
            function in GROUP_FUNCTIONS and first is not None and first not in (material.surroundings.groups or [first])
        ):
            yield problem("tasks.unknown_group", file, place.element, group=first)
        if function in ("sum_of", "count_of", "any_of", "all_of", "pick") and len(call.args) > 1:
            listed, field = call.args[0], text_in(call.args[1])
            if isinstance(listed, ast.Name) and listed.id in known.elements and field is not None:
                yield from _field(file, place, known, listed.id, field, listed=True)


def _foreign(material: Material, diagram: Diagram, place: Place) -> Iterator[Problem]:
    """An output is an expression over the data of the called process."""
    called = material.callee(place.foreign or "")
    tree, found = understood(diagram.file, place)
    yield from found
    for owner, field in fields_in(tree) if tree is not None else ():
        if called is not None and called.elements is not None and owner not in called.elements | RESERVED:
            context = {"role": place.role, "owner": owner, "field": field}
            yield problem("expressions.unknown_element", diagram.file, place.element, **context)


def _prefills(material: Material, diagram: Diagram, known: Vocabulary) -> Iterator[Problem]:
    """A form's `prefill` reads the case; its `show_if` and rules read its own fields (and may read the case)."""
    for node in diagram.of_tag("userTask", "startEvent"):
        key = node.properties.get("form", f"{diagram.procedure}/{node.id}")
        form = material.own_forms.get(key)
        if form is None:
            continue
        file = material.form_files[key]
        for field, text in form.prefills:
            place = Place(field, "prefill", text, node.multi is not None)
            yield from check_text(material, file, place, known)
        for field, text in form.own:
            own = frozenset(form.fields) | form.columns(field)
            yield from check_text(material, file, Place(field, "rule", text, node.multi is not None), known, own)
