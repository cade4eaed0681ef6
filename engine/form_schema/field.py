"""What a form asks: one component of a form-js schema as plain data, and the JSON Schema of its value.

A component that `problems` accepts can be read; what it refuses is not looked at again here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeAlias

import jsonschema
from jsonschema.validators import extend

JsonValue: TypeAlias = "bool | int | str | list[Any] | dict[str, Any] | None"

CHOICES = ("select", "radio", "checklist")
ROUTING = ("number", "datetime", "select", "radio", "checkbox", "checklist")
ASKING = (*ROUTING, "textfield", "textarea", "filepicker", "dynamiclist")
LISTS = ("checklist", "filepicker", "dynamiclist")
REGISTERS = (
    *("customer", "site", "contract", "contract_to_end", "crew", "equipment", "case"),
    *("person", "employee", "foreman", "project_manager", "department", "group"),
)

TEXTFIELD_LENGTH = 200
TEXTAREA_LENGTH = 2000
REFERENCE_LENGTH = 100
MOST_ROWS = 200  # as for multi-instance items, which such a list may become
MOST_FILES = 20
LARGEST = Decimal(10**15 - 1)  # as in the expression language

FILE_SCHEMA = {
    "type": "object",
    "properties": {
        "digest": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "name": {"type": "string", "minLength": 1, "maxLength": 255},
        "size": {"type": "integer", "minimum": 0},
        "type": {"type": "string", "maxLength": 127},
    },
    "required": ["digest", "name", "size", "type"],
    "additionalProperties": False,
}


def _whole(_checker: object, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)  # JSON Schema would take 3.0, a float


_Validator = extend(  # type: ignore[no-untyped-call]
    jsonschema.Draft202012Validator,
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("integer", _whole),
)


@dataclass(frozen=True, slots=True)
class Option:
    """One value that may be chosen."""

    value: str
    label: str
    label_en: str


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a form, or a text that is only shown (type `text`, empty key)."""

    type: str
    key: str = ""
    label: str = ""
    label_en: str = ""
    subtype: str = ""  # of a datetime: date, time, datetime
    required: bool = False
    options: tuple[Option, ...] = ()
    register: str | None = None
    fields: tuple["Field", ...] = ()  # of a dynamiclist: its columns
    min_length: int = 0
    max_length: int = 0
    phone: bool = False
    digits: int = 0  # decimal places of a number
    least: Decimal = -LARGEST
    most: Decimal = LARGEST
    unit: str = ""
    accept: tuple[str, ...] = ()  # of a filepicker: "image/*", ".pdf", …
    multiple: bool = False
    counts_as_done: bool = False
    subject: bool = False
    prefill: str | None = None
    show_if: str | None = None
    default: JsonValue = None
    help: str = ""
    help_en: str = ""
    half: bool = False  # takes half a line where there is room

    @property
    def routing(self) -> bool:
        """Whether its value goes into the log and the process data."""
        if self.type == "dynamiclist":
            return any(field.routing for field in self.fields)
        return self.type in ROUTING or self.register is not None

    @property
    def many(self) -> bool:
        """Whether its value is a list."""
        return self.type in LISTS

    @cached_property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema (2020-12) of its canonical value; rows of a list without their conditions."""
        match self.type:
            case "checkbox":
                return {"type": "boolean"}
            case "number":
                return self._number_schema()
            case "datetime":
                return {"type": "string", "format": {"datetime": "date-time"}.get(self.subtype, self.subtype)}
            case "checklist":
                return {"type": "array", "items": self._choice_schema(), "uniqueItems": True, "maxItems": MOST_ROWS}
            case "filepicker":
                return {"type": "array", "items": FILE_SCHEMA, "maxItems": MOST_FILES if self.multiple else 1}
            case "dynamiclist":
                return {"type": "array", "items": object_schema(self.fields), "maxItems": MOST_ROWS}
            case "select" | "radio":
                return self._choice_schema()
        if self.register:
            return self._choice_schema()
        text: dict[str, Any] = {"type": "string", "minLength": max(1, self.min_length), "maxLength": self.max_length}
        return text | ({"pattern": r"^[0-9+\- ]{5,20}$"} if self.phone else {})

    @cached_property
    def validator(self) -> Any:
        """Of `schema`; made once, as making one takes longer than a check."""
        return _Validator(self.schema)

    def _choice_schema(self) -> dict[str, Any]:
        if self.register:
            return {"type": "string", "minLength": 1, "maxLength": REFERENCE_LENGTH}
        return {"enum": [option.value for option in self.options]}

    def _number_schema(self) -> dict[str, Any]:
        if self.digits:
            return {"type": "string", "pattern": rf"^-?(0|[1-9][0-9]{{0,14}})\.[0-9]{{{self.digits}}}$"}
        return {"type": "integer", "minimum": int(self.least), "maximum": int(self.most)}


def object_schema(fields: tuple[Field, ...]) -> dict[str, Any]:
    """The JSON Schema of the values of some fields; what is asked only on a condition is not required in it."""
    asked = [field for field in fields if field.type in ASKING]
    return {
        "type": "object",
        "properties": {field.key: field.schema | {"title": field.label} for field in asked},
        "required": [field.key for field in asked if field.required and not field.show_if],
        "additionalProperties": False,
    }


def read_field(component: Mapping[str, Any]) -> Field:
    """Read one component that `problems` found nothing wrong with."""
    validate, custom = component.get("validate") or {}, component.get("properties") or {}
    kind = component["type"]
    default_length = TEXTAREA_LENGTH if kind == "textarea" else TEXTFIELD_LENGTH
    return Field(
        type=kind,
        key=key_of(component),
        label=label_of(component),
        label_en=custom.get("text_en" if kind == "text" else "label_en", ""),
        subtype=component.get("subtype") or "",
        required=bool(validate.get("required")),
        options=tuple(Option(v["value"], v["label"], v["label_en"]) for v in component.get("values") or ()),
        register=custom.get("register"),
        fields=tuple(read_field(part) for part in component.get("components") or ()),
        min_length=validate.get("minLength") or 0,
        max_length=validate.get("maxLength") or default_length,
        phone=validate.get("validationType") == "phone",
        digits=component.get("decimalDigits") or 0,
        least=bound_of(validate.get("min"), -LARGEST),
        most=bound_of(validate.get("max"), LARGEST),
        unit=custom.get("unit", ""),
        accept=tuple(part.strip() for part in str(component.get("accept") or "").split(",") if part.strip()),
        multiple=bool(component.get("multiple")),
        counts_as_done=is_set(custom.get("counts_as_done")),
        subject=is_set(custom.get("subject")),
        prefill=custom.get("prefill"),
        show_if=custom.get("show_if"),
        default=component.get("defaultValue"),
        help=custom.get("help", ""),
        help_en=custom.get("help_en", ""),
        half=(component.get("layout") or {}).get("columns") == 8,
    )


def key_of(component: Mapping[str, Any]) -> str:
    """The field's key; form-js calls a repeated group's key its path."""
    return str(component.get("key") or component.get("path") or "")


def label_of(component: Mapping[str, Any]) -> str:
    """The Chinese label; form-js gives a date and time labels of their own."""
    names = ("text",) if component.get("type") == "text" else ("label", "dateLabel", "timeLabel")
    return next((str(component[name]) for name in names if component.get(name)), "")


def bound_of(value: Any, default: Decimal) -> Decimal:
    """A limit of a number; the form editor stores it as a number or as text."""
    return default if value in (None, "") else Decimal(str(value))


def is_set(value: object) -> bool:
    """Whether a custom property is on; the form editor stores every one as text."""
    return value is True or value == "true"
