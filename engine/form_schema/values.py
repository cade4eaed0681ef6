"""Check one field's value and bring it into its canonical form.

Canonical: true or false, whole number, text, list; a decimal as text with its fixed places ("6000.00"), a date
"2025-09-26", a time "16:00", an instant as ISO text with the office's offset
("2025-09-26T16:00:00+08:00"). Never a float.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime, time
from decimal import Decimal
from typing import Any, cast

import jsonschema

from engine.clock import OFFICE
from engine.form_schema.field import LARGEST, Field, JsonValue
from engine.readable import is_storable, visible

NUMBER = re.compile(r"(-?)0*([0-9]{1,15})(?:\.([0-9]*))?")
MOMENTS = {
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "time": re.compile(r"[0-9]{2}:[0-9]{2}(:00)?"),
    "datetime": re.compile(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})?"
    ),
}
YEARS = range(1900, 2200)  # outside of it a year was mistyped


class Rejected(Exception):
    """A value is wrong; becomes one entry of FormRejected."""

    def __init__(self, code: str, **parameters: Any) -> None:
        super().__init__(code)
        self.code, self.parameters = code, parameters


def is_empty(field: Field, value: JsonValue) -> bool:
    """Whether nothing was given: blank text, no choice, an unticked box, rows in which nothing was written."""
    if isinstance(value, str):
        return not visible(value).strip()
    if field.type == "dynamiclist" and isinstance(value, list):
        return all(_is_blank(field, row) for row in value)
    return value is None or value == [] or (field.type == "checkbox" and value is False)


def _is_blank(field: Field, row: Any) -> bool:
    columns = {column.key: column for column in field.fields}
    return isinstance(row, dict) and all(key in columns and is_empty(columns[key], row[key]) for key in row)


_NOT_CHOSEN = {"contract_to_end": "form.contract_to_end"}  # register → what is said of a row that can't be chosen


def canonical_value(field: Field, value: JsonValue, exists: Callable[[str, str], bool]) -> JsonValue:
    """Return the canonical form of a value; a repeated group's rows are checked by the caller.

    Raises:
        Rejected: The value is wrong.
    """
    if value is None:
        value = [] if field.many else False
    if isinstance(value, list) and not field.many:
        raise Rejected("form.duplicate")
    value = _normal(field, value)
    if field.type == "dynamiclist":
        return _rows_as_records(field, value)
    for error in field.validator.iter_errors(value):
        raise _rejected(field, value, error)
    if field.type == "number" and field.digits:
        _within(field, Decimal(cast(str, value)))
    if field.register:
        for key in value if isinstance(value, list) else [value]:
            if not exists(field.register, cast(str, key)):
                raise Rejected(_NOT_CHOSEN.get(field.register, "form.reference"))
    if field.type == "filepicker":
        _accepted(field, cast("list[dict[str, Any]]", value))
    return value


def _normal(field: Field, value: JsonValue) -> JsonValue:
    if field.type in ("textfield", "textarea") and isinstance(value, str):
        return _text(value)
    if field.type == "number" and field.digits and isinstance(value, str | int) and not isinstance(value, bool):
        return _decimal(field, str(value))
    if field.type == "datetime" and isinstance(value, str):
        return _moment(field, value)
    return value


def _text(value: str) -> str:
    """Normalise line ends, take out what is not seen, and refuse what can't be stored."""
    text = unicodedata.normalize("NFC", visible(value).replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not is_storable(text):
        raise Rejected("form.unreadable")
    return text


def _decimal(field: Field, value: str) -> str:
    match = NUMBER.fullmatch(value.strip())
    if match is None:
        raise Rejected("form.number")
    sign, whole, places = match[1], match[2], match[3] or ""
    if len(places.rstrip("0")) > field.digits:
        raise Rejected("form.decimals", limit=field.digits)
    text = f"{whole}.{places[: field.digits].ljust(field.digits, '0')}"
    return text if not Decimal(text) else sign + text


def _moment(field: Field, value: str) -> str:
    text = value.strip()
    try:
        if not MOMENTS[field.subtype].fullmatch(text):
            raise ValueError(text)
        if field.subtype == "time":
            return time.fromisoformat(text).isoformat("minutes")
        moment = datetime.fromisoformat(text)
        if moment.year not in YEARS:
            raise ValueError(text)
        if field.subtype == "date":
            return moment.date().isoformat()
        office = moment.replace(tzinfo=OFFICE) if moment.tzinfo is None else moment.astimezone(OFFICE)
        return office.isoformat(timespec="seconds")
    except ValueError:
        raise Rejected(f"form.not_a_{field.subtype}") from None


def _within(field: Field, number: Decimal) -> None:
    if not field.least <= number <= field.most:
        raise _out_of_range(field)


def _out_of_range(field: Field) -> Rejected:
    if field.most == LARGEST and field.least != -LARGEST:
        return Rejected("form.at_least", least=f"{field.least:,f}")
    if field.least == -LARGEST:
        return Rejected("form.at_most", most=f"{field.most:,f}")
    return Rejected("form.range", least=f"{field.least:,f}", most=f"{field.most:,f}")


def _accepted(field: Field, files: list[dict[str, Any]]) -> None:
    for file in files:
        name, kind = str(file["name"]).lower(), str(file["type"])
        taken = any(
            name.endswith(part) if part.startswith(".") else kind == part or kind.startswith(part.removesuffix("*"))
            for part in field.accept
        )
        if field.accept and not taken:
            raise Rejected("form.file_kind", accept=" ".join(field.accept))


def _rows_as_records(field: Field, value: JsonValue) -> JsonValue:
    """Rows in which nothing was filled are left out: the page shows empty ones to write in."""
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise Rejected("form.type", expected="kind.list")
    filled = [row for row in value if not _is_blank(field, row)]
    if len(filled) > int(field.schema["maxItems"]):
        raise Rejected("form.too_many", limit=field.schema["maxItems"])
    return filled


def _rejected(field: Field, value: JsonValue, error: jsonschema.ValidationError) -> Rejected:
    """Say in our words what the JSON Schema validator found."""
    match error.validator:
        case "minLength":
            return Rejected("form.too_short", limit=error.validator_value, length=len(str(error.instance)))
        case "maxLength":
            return Rejected("form.too_long", limit=error.validator_value, length=len(str(error.instance)))
        case "enum":
            return Rejected("form.option")
        case "minimum" | "maximum":
            return _out_of_range(field)
        case "maxItems":
            return Rejected("form.too_many", limit=error.validator_value)
        case "uniqueItems":
            return Rejected("form.repeated")
        case "pattern" if field.phone:
            return Rejected("form.phone")
        case "pattern" if field.type == "number":
            return Rejected("form.number")
    kinds = {"checkbox": "kind.yes_no", "number": "kind.number", "checklist": "kind.list", "filepicker": "kind.list"}
    if field.type == "number" and isinstance(value, str):
        return Rejected("form.whole" if NUMBER.fullmatch(value.strip()) else "form.number")
    return Rejected("form.type", expected=kinds.get(field.type, "kind.text"))


def minutes_of(moment: datetime) -> str:
    """An instant as a person reads it, in office time."""
    return moment.astimezone(OFFICE).strftime("%Y-%m-%d %H:%M")
