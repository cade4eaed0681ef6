"""What the lint has to know of a form: which fields it asks for and which of their values route.

`engine.form_schema` judges whether a form is right; this reads even a broken one as far as it goes.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

FormFields: TypeAlias = Mapping[str, bool]  # field key → does its value route?

ROUTING_TYPES = {"number", "datetime", "select", "radio", "checkbox", "checklist"}
ASKING_TYPES = ROUTING_TYPES | {"textfield", "textarea", "filepicker", "dynamiclist"}
DEEPEST = 8


@dataclass(slots=True)
class FormFile:
    """A form as far as it can be read; `json` is None where it is not a JSON object."""

    json: Mapping[str, Any] | None
    fields: dict[str, bool] = field(default_factory=dict)
    prefills: list[tuple[str, str]] = field(default_factory=list)  # (field key, expression over the case)
    components: dict[str, Mapping[str, Any]] = field(default_factory=dict)  # field key → as it stands in the schema
    own: list[tuple[str, str]] = field(default_factory=list)  # (field key or "rules", expression over the form)

    def columns(self, place: str) -> frozenset[str]:
        """The columns that a rule at "list.column" reads; none of any other place."""
        name, _, column = place.partition(".")
        parts = self.components.get(name, {}).get("components") if column else ()
        return frozenset(str(part.get("key")) for part in parts or () if isinstance(part, dict))


@lru_cache(maxsize=512)  # nobody changes what is given
def read_form(content: bytes) -> FormFile:
    """Read a form-js schema; never raises."""
    try:
        schema = json.loads(content)
    except (ValueError, RecursionError):
        return FormFile(None)
    if not isinstance(schema, dict):
        return FormFile(None)
    found = FormFile(schema)
    for component in _components(schema, 0):
        key, properties = component.get("key") or component.get("path"), _mapping(component.get("properties"))
        if isinstance(key, str):
            found.components.setdefault(key, component)
        if isinstance(key, str) and component.get("type") in ASKING_TYPES:
            found.fields[key] = routes(component)
        for name, into in (("prefill", found.prefills), ("show_if", found.own)):
            if isinstance(properties.get(name), str):
                into.append((str(key), properties[name]))
    for rule in schema.get("rules") or () if isinstance(schema.get("rules"), list) else ():
        if isinstance(rule, dict) and isinstance(rule.get("check"), str):
            found.own.append((str(rule.get("field") or "rules"), rule["check"]))
    return found


def routes(component: Mapping[str, Any]) -> bool:
    """Whether a field's value may be used in an expression: choices, numbers, dates, references."""
    if component.get("type") == "dynamiclist":
        parts = [part for part in component.get("components") or () if isinstance(part, dict)]
        return any(routes(part) for part in parts)
    return component.get("type") in ROUTING_TYPES or "register" in _mapping(component.get("properties"))


def _components(container: Mapping[str, Any], depth: int) -> Iterator[Mapping[str, Any]]:
    parts = container.get("components")
    for part in parts if isinstance(parts, list) and depth < DEEPEST else ():
        if isinstance(part, dict):
            yield part
            if part.get("type") != "dynamiclist":  # its parts have a name space of their own
                yield from _components(part, depth + 1)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
