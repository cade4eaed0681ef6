"""A submission as it is read afterwards: labels and texts, nothing to type into."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.form_schema import Field, Form
from web.form_fields import in_language

WEEKDAYS_ZH = "一二三四五六日"


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One answer: text, or files, or rows of answers; a phone number is masked by the page.

    Attributes:
        key: Of the field; in a row `list.0.field`.
    """

    label: str
    key: str = ""
    text: str = ""
    phone: bool = False
    number: bool = False
    files: tuple[Mapping[str, Any], ...] = ()
    rows: tuple[tuple["Shown", ...], ...] = ()


def submission_views(
    form: Form, values: Mapping[str, Any], *, language: str, name_of: Callable[[str, str], str]
) -> list[Shown]:
    """Return what was answered, in the order of the form; fields that were left empty are left out.

    Args:
        values: The stored values of a submission.
        name_of: (register, key) → how the row is called today.
    """
    reading = _Reading(language, name_of)
    return [
        reading.answer(field, values[field.key])
        for field in form.asked
        if values.get(field.key) not in (None, "", [], False)
    ]


@dataclass(frozen=True)
class _Reading:
    language: str
    name_of: Callable[[str, str], str]

    def answer(self, field: Field, value: Any, within: str = "") -> Shown:
        key = within + field.key
        label = in_language(self.language, field.label, field.label_en)
        if field.type == "filepicker":
            return Shown(label=label, key=key, files=tuple(value))
        if field.type == "dynamiclist":
            rows = tuple(self._row(field, row, f"{key}.{number}.") for number, row in enumerate(value))
            return Shown(label=label, key=key, rows=rows)
        values = value if isinstance(value, list) else [value]
        between = in_language(self.language, "、", ", ")
        text = between.join(self._text(field, part) for part in values)
        return Shown(label=label, key=key, text=text, phone=field.phone, number=field.type == "number")

    def _row(self, field: Field, row: Mapping[str, Any], within: str) -> tuple[Shown, ...]:
        return tuple(self.answer(column, row[column.key], within) for column in field.fields if column.key in row)

    def _text(self, field: Field, value: Any) -> str:
        if field.register:
            return self.name_of(field.register, str(value))
        if field.options:
            labels = {o.value: in_language(self.language, o.label, o.label_en) for o in field.options}
            return labels.get(value, str(value))
        if field.type == "checkbox":
            return in_language(self.language, "是" if value else "否", "yes" if value else "no")
        if field.type == "number":
            return f"{_grouped(str(value))} {field.unit}".strip()
        if field.type == "datetime" and field.subtype != "time":
            return self._moment(str(value))
        return str(value)

    def _moment(self, value: str) -> str:
        day = date.fromisoformat(value[:10])
        weekday = f"周{WEEKDAYS_ZH[day.weekday()]}" if self.language.startswith("zh") else day.strftime("%a")
        clock = datetime.fromisoformat(value).strftime(" %H:%M") if len(value) > len("2026-11-19") else ""
        return f"{day.isoformat()} {weekday}{clock}"


def _grouped(number: str) -> str:
    sign, digits = ("−", number[1:]) if number.startswith("-") else ("", number)
    whole, point, places = digits.partition(".")
    return f"{sign}{int(whole):,}{point}{places}"
