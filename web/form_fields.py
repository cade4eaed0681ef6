"""Turn a posted HTML form into field values, and a form's fields into what the macros of `_fields.html` draw.

Parsing and presenting only: what a value must be is the engine's business (`engine.form_schema`), so a number that
can't be read stays text and the engine says so. A field's input is called `f.<key>`, a row's `f.<list>.<n>.<key>`, so
that no field can stand in for a control of the page (`revision`, `csrf_token`).
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as data_field
from typing import Any, Protocol, TypeAlias

from werkzeug.datastructures import FileStorage, MultiDict

from engine.errors import FormRejected, UsageError
from engine.form_schema import Field, Form
from engine.messages import say

PREFIX = "f."
EMPTY_ROWS = 2
SHOWN_ROWS = 5  # filled rows are shown however many there are
WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
ROW = re.compile(r"([0-9]{1,3})\.([^.]+)")

Files: TypeAlias = "MultiDict[str, FileStorage]"
Errors: TypeAlias = Mapping[str, tuple[str, Mapping[str, Any]]]
Choices: TypeAlias = Callable[[str], Sequence[tuple[str, str]]]  # register → (key, label) of what may be chosen


class Uploads(Protocol):
    """Where the files of this task go; a file is {digest, name, size, type}."""

    def add(self, file: FileStorage) -> Mapping[str, Any]:
        """Keep a new file. Raises FileRefused or FileTooLarge."""

    def find(self, digest: str) -> Mapping[str, Any] | None:
        """The file that was uploaded for this task before."""


@dataclass(frozen=True, kw_only=True)
class Posted:
    """What came in: values by field id as typed, and what was wrong with files."""

    values: dict[str, Any]
    errors: dict[str, tuple[str, dict[str, Any]]] = data_field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One radio card, box or option."""

    id: str
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class FieldView:
    """One field as the page shows it, in one language."""

    field: Field
    id: str
    name: str
    label: str
    help: str
    value: Any = None  # text for inputs, bool for a box, list of files
    error: str = ""
    shown: bool = True  # False: its condition is not met; its place stays empty
    choices: tuple[Choice, ...] = ()
    rows: tuple[tuple["FieldView", ...], ...] = ()
    folded: int = 0  # of the rows the last ones, which are empty and come when asked for

    @property
    def described_by(self) -> str:
        """Ids for aria-describedby."""
        parts = (("help", self.help or self.counted), ("error", self.error))
        return " ".join(f"{self.id}-{name}" for name, text in parts if text)

    @property
    def counted(self) -> bool:
        """Whether the page says how long the text may be."""
        return self.field.type == "textarea"

    @property
    def photos(self) -> bool:
        """Whether a phone opens its camera first."""
        return self.field.accept == ("image/*",)


def posted_values(form: Form, data: MultiDict[str, str], files: Files, uploads: Uploads) -> Posted:
    """Read a posted form: only inputs whose name starts with `f.`; a key that comes twice becomes a list."""
    fields = {field.key: field for field in form.asked}
    values: dict[str, Any] = {}
    errors: dict[str, tuple[str, dict[str, Any]]] = {}
    for name in data:
        if not name.startswith(PREFIX):
            continue
        key = name.removeprefix(PREFIX)
        group = fields.get(key.partition(".")[0])
        if group is not None and group.type == "dynamiclist":
            continue
        values[key] = _parsed(fields.get(key), data.getlist(name))
    for field in form.asked:
        if field.type == "dynamiclist":
            values[field.key] = _rows(field, data)
        elif field.type == "filepicker":
            try:
                values[field.key] = _files(field, data, files, uploads)
            except UsageError as refused:
                errors[field.key] = refused.code, refused.context
    return Posted(values=values, errors=errors)


def _parsed(field: Field | None, texts: list[str]) -> Any:
    if field is not None and field.type == "checklist":
        return [text for text in texts if text]
    if len(texts) > 1:
        return texts
    text = texts[0]
    if field is not None and field.type == "checkbox":
        return text == "yes" or text
    if field is not None and field.type == "number":
        return _number(field, text)
    return text


def _number(field: Field, text: str) -> int | str:
    """Take full-width digits, spaces and thousands separators as people type them."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "").replace("−", "-")
    return int(plain) if not field.digits and WHOLE.fullmatch(plain) else plain


def _rows(field: Field, data: MultiDict[str, str]) -> list[dict[str, Any]]:
    """The rows in which something was written, in the order of the page."""
    columns = {column.key: column for column in field.fields}
    rows: dict[int, dict[str, Any]] = {}
    start = f"{PREFIX}{field.key}."
    for name in data:
        match = ROW.fullmatch(name.removeprefix(start)) if name.startswith(start) else None
        if match:
            value = _parsed(columns.get(match[2]), data.getlist(name))
            if value not in ("", []):
                rows.setdefault(int(match[1]), {})[match[2]] = value
    return [rows[index] for index in sorted(rows)]


def _files(field: Field, data: MultiDict[str, str], files: Files, uploads: Uploads) -> list[Mapping[str, Any]]:
    name = PREFIX + field.key
    new = [uploads.add(file) for file in files.getlist(name) if file.filename]
    kept = [found for digest in data.getlist(name) if (found := uploads.find(digest)) is not None]
    unique = {str(file["digest"]): file for file in (*kept, *new)}
    return list(unique.values()) if field.multiple or not new else new[-1:]


def field_views(
    form: Form,
    values: Mapping[str, Any],
    *,
    language: str,
    choices: Choices,
    applies: Callable[[str, Mapping[str, Any]], bool],
    errors: Errors | None = None,
) -> list[FieldView]:
    """Return the fields of a form as the page shows them.

    Args:
        values: As prefilled, drafted or just posted; field id → value.
        choices: What may be chosen from a register.
        applies: (condition, the form's routing values) → whether a field is asked. A condition that can't be evaluated
            yet is for the caller to answer with False.
        errors: As in FormRejected.
    """
    draw = _Drawing(language, choices, errors or {})
    routing = {field.key: values.get(field.key) for field in form.asked if field.routing}
    views = []
    for field in form.fields:
        view = draw.field(field, values.get(field.key), field.key)
        if field.show_if and not view.error and not applies(field.show_if, routing):
            routing[field.key] = None
            view = FieldView(field=field, id=view.id, name=view.name, label=view.label, help="", shown=False)
        views.append(view)
    return views


@dataclass(frozen=True)
class _Drawing:
    language: str
    choices: Choices
    errors: Errors

    def field(self, field: Field, value: Any, path: str) -> FieldView:
        code, parameters = self.errors.get(path, ("", {}))
        view_id = "f-" + path.replace(".", "-")
        if code == "form.not_asked":
            value = None  # a chosen radio button could not be taken back
        rows, folded = self._rows(field, value, path)
        return FieldView(
            field=field,
            id=view_id,
            name=PREFIX + path,
            label=in_language(self.language, field.label, field.label_en),
            help=in_language(self.language, field.help, field.help_en),
            value=_shown_value(field, value),
            error=say(code, self.language, **parameters) if code else "",
            choices=self._choices(field, value, view_id),
            rows=rows,
            folded=folded,
        )

    def _choices(self, field: Field, value: Any, view_id: str) -> tuple[Choice, ...]:
        if field.register and field.type in ("select", "checklist"):
            pairs = [*self.choices(field.register)]
        else:
            pairs = [(o.value, in_language(self.language, o.label, o.label_en)) for o in field.options]
        chosen = value if isinstance(value, list) else [value]
        return tuple(
            Choice(id=f"{view_id}-{index}", value=key, label=label, chosen=key in chosen)
            for index, (key, label) in enumerate(pairs)
        )

    def _rows(self, field: Field, value: Any, path: str) -> tuple[tuple[tuple[FieldView, ...], ...], int]:
        """The rows, and how many empty ones are folded: all where the case has filled the list, else all but one."""
        if field.type != "dynamiclist":
            return (), 0
        rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
        empty = max(1, min(EMPTY_ROWS, SHOWN_ROWS - len(rows)))
        asked = not rows and (field.required or not field.prefill)
        views = tuple(
            tuple(self.field(column, row.get(column.key), f"{path}.{index}.{column.key}") for column in field.fields)
            for index, row in enumerate([*rows, *[{}] * empty])
        )
        return views, empty - asked


def in_language(language: str, chinese: str, english: str) -> str:
    """The text of a form in the page's language."""
    return chinese if language.startswith("zh") else english


def _shown_value(field: Field, value: Any) -> Any:
    if field.type == "filepicker":
        return [file for file in value if isinstance(file, Mapping)] if isinstance(value, list) else []
    if field.type == "checkbox":
        return value is True
    if value is None or isinstance(value, list | dict):
        return ""
    if field.type == "datetime" and field.subtype == "datetime":
        return str(value).replace(" ", "T")[: len("2026-11-19T14:02")]  # what <input type=datetime-local> takes
    return str(value)


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One error in the summary above the form; `anchor` is the id of the field."""

    anchor: str
    label: str
    message: str


def error_summary(form: Form, rejected: FormRejected, language: str) -> list[SummaryLine]:
    """Return the errors in the order of the page; what belongs to no field comes last, without an anchor."""
    lines = []
    order = {field.key: (index, field) for index, field in enumerate(form.asked)}
    for path, (code, parameters) in rejected.errors.items():
        key, _, rest = path.partition(".")
        index, field = order.get(key, (len(order), None))
        label = in_language(language, field.label, field.label_en) if field else ""
        if field and rest:
            row, _, column = rest.partition(".")
            names = {part.key: in_language(language, part.label, part.label_en) for part in field.fields}
            label = f"{label} {int(row) + 1} · {names.get(column, column)}"
        anchor = "f-" + path.replace(".", "-") if field else ""
        lines.append((index, SummaryLine(anchor, label, say(code, language, **parameters))))
    return [line for _, line in sorted(lines, key=lambda pair: pair[0])]
