"""Whether an expression uses a form's fields as what they are: choices that exist, numbers, yes or no.

A misspelt choice would make a condition that never holds, and a mixed kind stops the case when it gets there.
"""

import ast
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from engine.workflow.lint.problem import Problem, problem
from engine.workflow.lint.references import Place, calls_in, text_in

Components: TypeAlias = Mapping[str, Mapping[str, Mapping[str, Any]]]  # element id → field key → form-js component
MEMBER_FUNCTIONS = {"count_of", "any_of", "all_of"}
WITH_ORDER = ast.Eq | ast.NotEq | ast.Lt | ast.LtE | ast.Gt | ast.GtE


def check_kinds(file: str, place: Place, tree: ast.expr, components: Components, *, decides: bool) -> Iterator[Problem]:
    """Every use of a known field that can't work; fields of forms that are not at hand are passed over."""
    for name, field, value in _comparisons(tree):
        component = components.get(name, {}).get(field)
        if component is not None and not fits(component, value):
            context = {
                "owner": name,
                "field": field,
                "value": repr(value),
                "known": known_values(component, name, field),
            }
            yield problem("expressions.mismatch", file, place.element, role=place.role, **context)
    for code, node in [*_decided(tree, decides=decides), *_reckoned(tree)]:
        name, field = _field_of(node) or ("", "")
        component = components.get(name, {}).get(field)
        wanted = "yes_no" if code == "expressions.not_yes_no" else "number"
        if component is not None and kind_of(component) not in ("", wanted):
            yield problem(code, file, place.element, role=place.role, owner=name, field=field)


def kind_of(component: Mapping[str, Any]) -> str:
    """What a field's value is in the data; "" where it can't be told from the form."""
    kind = component.get("type")
    if kind == "checkbox":
        return "yes_no"
    if kind == "number":
        return "decimal" if component.get("decimalDigits") else "number"
    return "choice" if kind in ("select", "radio") and _values(component) else ""


def fits(component: Mapping[str, Any], value: object) -> bool:
    """Whether a field's value could ever equal, or be compared with, a constant."""
    kind = kind_of(component)
    if value is None or not kind:
        return True
    if kind == "yes_no":
        return isinstance(value, bool)
    if kind == "number":
        return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return isinstance(value, str) and (kind == "decimal" or value in _values(component))


def known_values(component: Mapping[str, Any], name: str, field: str) -> str:
    """What may stand in place of a constant that does not fit."""
    kind = kind_of(component)
    if kind == "decimal":
        return f"number({name}.{field})"
    return {"yes_no": "True, False", "number": "1, 2, 3"}.get(kind) or ", ".join(_values(component))


def choices_of(component: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(value, label) of each choice that a field offers."""
    values = component.get("values")
    rows = [one for one in values if isinstance(one, dict)] if isinstance(values, list) else []
    return [(str(one.get("value")), str(one.get("label") or "")) for one in rows]


def _values(component: Mapping[str, Any]) -> list[str]:
    return [value for value, _ in choices_of(component)]


def _field_of(node: ast.expr) -> tuple[str, str] | None:
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.value.id, node.attr
    return None


def _comparisons(tree: ast.expr) -> Iterator[tuple[str, str, object]]:
    """(element, field, constant) of each comparison of a field with a constant."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            for left, operator, right in zip(sides, node.ops, sides[1:], strict=False):
                yield from _compared(left, operator, right)
    for function, call in calls_in(tree):
        if function in MEMBER_FUNCTIONS and len(call.args) == 3 and isinstance(call.args[0], ast.Name):
            field = text_in(call.args[1])
            if field is not None and isinstance(call.args[2], ast.Constant):
                yield call.args[0].id, field, call.args[2].value


def _compared(left: ast.expr, operator: ast.cmpop, right: ast.expr) -> Iterator[tuple[str, str, object]]:
    for one, other in ((left, right), (right, left)) if isinstance(operator, WITH_ORDER) else ():
        found = _field_of(one)
        if found and isinstance(other, ast.Constant):
            yield *found, other.value
    found = _field_of(left)
    if found and isinstance(operator, ast.In | ast.NotIn) and isinstance(right, ast.List):
        for item in right.elts:
            if isinstance(item, ast.Constant):
                yield *found, item.value


def _decided(tree: ast.expr, *, decides: bool) -> Iterator[tuple[str, ast.expr]]:
    """What stands where yes or no is wanted."""
    if decides:
        yield "expressions.not_yes_no", tree
    for node in ast.walk(tree):
        if isinstance(node, ast.BoolOp):
            yield from (("expressions.not_yes_no", value) for value in node.values)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield "expressions.not_yes_no", node.operand
        elif isinstance(node, ast.IfExp):
            yield "expressions.not_yes_no", node.test


def _reckoned(tree: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """What stands where a number is wanted."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp):
            yield from (("expressions.not_a_number", side) for side in (node.left, node.right))
