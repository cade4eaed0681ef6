"""What a person filled in, as a Chinese paper prints it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from engine.clock import OFFICE
from engine.form_schema import Field, Form

Names = Callable[[str, str], str]  # (register, key) → what people call the row


def printed(form: Form | None, values: Mapping[str, Any], name_of: Names) -> dict[str, Any]:
    """Field id → {label, text, value}, of a repeated group {label, rows}; what was left empty is left out."""
    if form is None:
        return {}
    return _fields(form.asked, values, name_of)


def _fields(fields: tuple[Field, ...], values: Mapping[str, Any], name_of: Names) -> dict[str, Any]:
    given = [field for field in fields if values.get(field.key) not in (None, "", [])]
    return {field.key: _printed(field, values[field.key], name_of) for field in given}


def _printed(field: Field, value: Any, name_of: Names) -> dict[str, Any]:
    if field.type == "dynamiclist":
        return {"label": field.label, "rows": [_fields(field.fields, row, name_of) for row in value]}
    parts = value if isinstance(value, list) else [value]
    return {"label": field.label, "text": "、".join(_text(field, part, name_of) for part in parts), "value": value}


def _text(field: Field, value: Any, name_of: Names) -> str:
    if field.type == "filepicker":
        return str(value["name"])
    if field.type == "checkbox":
        return "是" if value else "否"
    if field.register:
        return name_of(field.register, str(value))
    if field.options:
        return {option.value: option.label for option in field.options}.get(value, str(value))
    if field.type == "number":
        return f"{grouped(str(value))} {field.unit}".strip()
    if field.type == "datetime" and field.subtype != "time":
        return moment(str(value))
    return str(value)


def moment(text: str) -> str:
    """A date or an instant in ISO as "2025年9月26日" or "2025年9月26日 14:00" of the office."""
    found = datetime.fromisoformat(text)
    local = found.astimezone(OFFICE) if found.tzinfo else found
    day = f"{local.year}年{local.month}月{local.day}日"
    return f"{day} {local:%H:%M}" if len(text) > len("2025-09-26") else day


def grouped(number: str) -> str:
    """A number with its thousands apart."""
    sign, digits = ("-", number[1:]) if number.startswith("-") else ("", number)
    whole, point, places = digits.partition(".")
    return f"{sign}{int(whole):,}{point}{places}"
