"""Find what is wrong with a form before anybody fills it: for the lint, the form editor and `Form.read`.

Everything that a form-js schema may say and we do not do is a problem: a limit that looks set and is not checked would
be worse than one that can't be set.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from engine.form_schema.expression import own_names
from engine.form_schema.field import (
    ASKING,
    CHOICES,
    LARGEST,
    REGISTERS,
    ROUTING,
    TEXTAREA_LENGTH,
    bound_of,
    is_set,
    key_of,
    label_of,
)
from engine.messages import LONGEST_PARAMETER, say

OLDEST_VERSION = 16
KEY = re.compile(r"[a-z][a-z0-9_]{0,62}")
RESERVED = ("item", "input")  # of a multi-instance task and of a called process
VALIDATIONS = {
    "textfield": ("required", "minLength", "maxLength", "validationType"),
    "textarea": ("required", "minLength", "maxLength"),
    "number": ("required", "min", "max"),
}
CUSTOM = (
    "label_en",
    "text_en",
    "help",
    "help_en",
    "register",
    "unit",
    "counts_as_done",
    "prefill",
    "show_if",
    "subject",
)
UNSUPPORTED = ("conditional", "valuesKey", "valuesExpression", "expression")  # form-js's FEEL and variables
LABELS = ("label", "label_en")


class FormProblem(NamedTuple):
    """One thing to mend in a form; `field` is a field key, `list.field` in a repeated group, or ""."""

    code: str
    field: str
    message_zh: str
    message_en: str


def problems(json: Any) -> tuple[FormProblem, ...]:
    """Return what is wrong with a form-js schema, in the order of the page; empty if it can be used. Never raises."""
    if not isinstance(json, Mapping) or not _are_records(json.get("components")):
        return (_problem("not_a_form"),)
    found = []
    version = json.get("schemaVersion")
    if not isinstance(version, int) or version < OLDEST_VERSION:
        found.append(_problem("version", oldest=OLDEST_VERSION))
    if not (json.get("title") and json.get("title_en")):
        found.append(_problem("title_missing"))
    found += _components(json["components"], "")
    found += _rules(json.get("rules", ()), json["components"])
    return tuple(found)


def _problem(code: str, field: str = "", **parameters: Any) -> FormProblem:
    code = f"form_schema.{code}"
    return FormProblem(code, field, say(code, "zh", **parameters), say(code, "en", **parameters))


def _are_records(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(part, Mapping) for part in value)


def _components(components: Sequence[Mapping[str, Any]], group: str) -> Iterator[FormProblem]:
    seen: set[str] = set()
    instants = 0
    for component in components:
        key = key_of(component)
        yield from _component(component, f"{group}{key}", group)
        if key and key in seen:
            yield _problem("duplicate_key", f"{group}{key}", key=key)
        custom = _mapping(component.get("properties"))
        yield from _condition(custom.get("show_if"), f"{group}{key}", components, seen)
        seen.add(key)
        instants += is_set(custom.get("counts_as_done"))
    if instants > 1:
        yield _problem("two_instants")


def _component(component: Mapping[str, Any], field: str, group: str) -> Iterator[FormProblem]:
    kind, key, custom = component.get("type"), key_of(component), _mapping(component.get("properties"))
    for name in [*(name for name in UNSUPPORTED if component.get(name)), *(custom.keys() - set(CUSTOM))]:
        yield _problem("unsupported", field, name=name)
    if kind == "text":
        if not label_of(component):
            yield _problem("label_missing", field)
        if not custom.get("text_en"):
            yield _problem("label_en_missing", field)
        return
    if kind not in ASKING:
        yield _problem("unknown_type", field, type=str(kind))
        return
    if not key:
        yield _problem("key_missing", field)
    elif key in RESERVED:
        yield _problem("reserved_key", field, key=key)
    elif not KEY.fullmatch(key):
        yield _problem("key_form", field, key=key)
    if not label_of(component):
        yield _problem("label_missing", field)
    if not custom.get("label_en"):
        yield _problem("label_en_missing", field)
    if bool(custom.get("help")) != bool(custom.get("help_en")):
        yield _problem("help_in_one_language", field)
    yield from _limits(component, field)
    yield from _register(component, custom, field)
    if kind in CHOICES and "register" not in custom:
        yield from _options(component.get("values"), field)
    if kind == "datetime" and component.get("subtype") not in ("date", "time", "datetime"):
        yield _problem("subtype", field)
    if is_set(custom.get("counts_as_done")) and (kind != "datetime" or component.get("subtype") != "datetime" or group):
        yield _problem("instant_expected", field)
    yield from _prefill(custom.get("prefill"), field)
    if kind == "dynamiclist":
        yield from _columns(component, field)
    elif group and kind == "filepicker":
        yield _problem("nested", field, type=kind)


def _columns(component: Mapping[str, Any], field: str) -> Iterator[FormProblem]:
    parts = component.get("components")
    if not _are_records(parts) or not parts:
        yield _problem("columns_missing", field)
        return
    for part in parts:
        if part.get("type") == "dynamiclist":
            yield _problem("nested", f"{field}.{key_of(part)}", type="dynamiclist")
    yield from _components([part for part in parts if part.get("type") != "dynamiclist"], f"{field}.")


def _limits(component: Mapping[str, Any], field: str) -> Iterator[FormProblem]:
    kind, validate = str(component.get("type")), component.get("validate") or {}
    if not isinstance(validate, Mapping):
        yield _problem("unsupported", field, name="validate")
        return
    for name in sorted(validate.keys() - set(VALIDATIONS.get(kind, ("required",)))):
        yield _problem("unsupported", field, name=f"validate.{name}")
    if validate.get("validationType") not in (None, "", "phone"):
        yield _problem("unsupported", field, name="validate.validationType")
    if not isinstance(validate.get("required", False), bool):
        yield _problem("limits", field)
    try:
        digits = component.get("decimalDigits") or 0
        ordered = bound_of(validate.get("min"), -LARGEST) <= bound_of(validate.get("max"), LARGEST)
        shortest, longest = validate.get("minLength") or 0, validate.get("maxLength") or TEXTAREA_LENGTH
        usable = digits in range(7) and 0 <= shortest <= longest <= 10 * TEXTAREA_LENGTH and ordered
    except (InvalidOperation, TypeError):
        usable = False
    if usable and not digits:
        usable = all(bound_of(validate.get(name), Decimal()) % 1 == 0 for name in ("min", "max"))
    if not usable:
        yield _problem("limits", field)


def _register(component: Mapping[str, Any], custom: Mapping[str, Any], field: str) -> Iterator[FormProblem]:
    if "register" not in custom:
        return
    if custom["register"] not in REGISTERS:
        yield _problem("unknown_register", field, register=str(custom["register"]), registers=", ".join(REGISTERS))
    if component.get("type") not in ("select", "checklist", "textfield") or component.get("values"):
        yield _problem("register_type", field)


def _options(values: object, field: str) -> Iterator[FormProblem]:
    if not _are_records(values) or not values:
        yield _problem("options_missing", field)
        return
    assert isinstance(values, list)
    chosen = [value.get("value") for value in values]
    if not all(isinstance(value, str) and value for value in chosen) or len(set(map(str, chosen))) < len(chosen):
        yield _problem("option_values", field)
    if not all(isinstance(value.get(name), str) and value[name] for value in values for name in LABELS):
        yield _problem("option_labels", field)


def _prefill(prefill: object, field: str) -> Iterator[FormProblem]:
    if prefill is not None and _names(prefill) is None:
        yield _problem("expression", field, expression=str(prefill))


def _condition(
    condition: object, field: str, components: Sequence[Mapping[str, Any]], above: set[str]
) -> Iterator[FormProblem]:
    """A condition reads fields above: the form is checked from top to bottom, as it is filled."""
    if condition is None:
        return
    yield from _reading(condition, field, components)
    keys = {key_of(component) for component in components}
    for name in sorted(((_names(condition) or frozenset()) & keys) - above):
        yield _problem("order", field, name=name)


def _rules(rules: object, components: Sequence[Mapping[str, Any]]) -> Iterator[FormProblem]:
    if not isinstance(rules, list | tuple) or not all(isinstance(rule, Mapping) for rule in rules):
        yield _problem("rule_incomplete")
        return
    for rule in rules:
        texts = [rule.get(name) for name in ("check", "field", "message", "message_en")]
        if not all(isinstance(text, str) and text for text in texts):
            yield _problem("rule_incomplete", str(rule.get("field") or ""))
            continue
        if max(len(rule["message"]), len(rule["message_en"])) > LONGEST_PARAMETER:
            yield _problem("rule_too_long", rule["field"], limit=LONGEST_PARAMETER)
        name, _, column = rule["field"].rpartition(".")
        read = components if not name else [part for one in components if key_of(one) == name for part in _parts(one)]
        if column not in {key_of(component) for component in read}:
            yield _problem("unknown_field", rule["field"], name=rule["field"])
        yield from _reading(rule["check"], rule["field"], read)


def _reading(expression: object, field: str, components: Sequence[Mapping[str, Any]]) -> Iterator[FormProblem]:
    """What an expression may read of its own form: fields whose values route."""
    names = _names(expression)
    if names is None:
        yield _problem("expression", field, expression=str(expression))
        return
    routes = {key_of(component): _routes(component) for component in components}
    for name in sorted(names):
        if name not in routes:
            yield _problem("unknown_field", field, name=name)
        elif not routes[name]:
            yield _problem("private_field", field, name=name)


def _names(expression: object) -> frozenset[str] | None:
    try:
        return own_names(expression) if isinstance(expression, str) else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _routes(component: Mapping[str, Any]) -> bool:
    if component.get("type") == "dynamiclist":
        parts = component.get("components")
        return isinstance(parts, list) and any(isinstance(part, Mapping) and _routes(part) for part in parts)
    return component.get("type") in ROUTING or "register" in _mapping(component.get("properties"))


def _parts(component: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The columns of a repeated group; none of anything else."""
    parts = component.get("components") if component.get("type") == "dynamiclist" else ()
    return [part for part in parts if isinstance(part, Mapping)] if isinstance(parts, list) else []


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
