"""How the rows of registers are said on pages: titles of columns, what stands in them, where a key leads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _
from werkzeug.routing import BaseConverter, ValidationError

from engine import authorization
from engine.queries.registers import RECORDS
from engine.sheets.changes import Change
from engine.sheets.contents import Words
from engine.sheets.layout import SHEETS, Column, Sheet
from web import identity
from web import words as said
from web.language import language

NAMES = {  # register → what addresses call it
    "customer": "customers",
    "site": "sites",
    "contract": "contracts",
    "contract_change": "changes",
    "crew": "crews",
    "person": "people",
    "ledger": "ledger",
    "fault_slip": "fault-slips",
    "award": "awards",
    "inspection": "inspections",
    "warranty_card": "warranty-cards",
    "equipment": "equipment",
}
MONEY = ("contract_change", "ledger", "fault_slip", "award")  # registers that are all about money or penalties
MASKED = "phone"
BRIEF = {  # columns of a table beside a record, where its register has more than there is room for
    "site": ("key", "address", "started_on", "completed_on"),
    "contract": ("key", "kind", "amount", "signed_on", "status"),
}


class RegisterConverter(BaseConverter):
    """A register in an address."""

    regex = "[a-z-]+"
    part_isolating = True

    def to_python(self, value: str) -> str:
        for register, name in NAMES.items():
            if name == value:
                return register
        raise ValidationError()

    def to_url(self, value: str) -> str:
        return NAMES[value]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What stands in a column: `link` leads to the record that it names, `figure` is set to the right."""

    title: str
    text: str
    link: str = ""
    figure: bool = False
    name: str = ""
    narrow: bool = False  # stays on one line


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows of another register that belong to a record."""

    register: str
    title: str
    rows: Sequence[Sequence[Cell]]


def init_app(app: Flask) -> None:
    """Let addresses name registers, and templates their titles."""
    app.url_map.converters["register"] = RegisterConverter
    app.jinja_env.globals.update(
        register_title=register_title,
        register_tabs=register_tabs,
        sees_money=lambda: authorization.sees_money(identity.actor()),
        has_money=lambda register: any(column.kind == "money" for column in SHEETS[register].columns),
        is_taken=lambda register: SHEETS[register].taken,
    )


def register_title(register: str) -> str:
    """What people call a register."""
    return SHEETS[register].title[language() == "en"]


def register_tabs(sees_money: bool) -> list[str]:
    """The registers that a person may open."""
    return [register for register in NAMES if sees_money or register not in MONEY]


def columns(sheet: Sheet, money: bool, without: str = "") -> list[Column]:
    """The columns that are shown; the ids of entries are for Excel alone."""
    hidden = {without, "key"} if sheet.register == "ledger" else {without}
    return [column for column in sheet.columns if column.name not in hidden and (money or column.kind != "money")]


def cells(shown: Iterable[Column], row: Mapping[str, Any], words: Words, register: str = "") -> list[Cell]:
    """A row as it is shown; with its register, its key leads to its record."""
    found = [_cell(column, row, words) for column in shown]
    return [_keyed(cell, row["key"], register, words) if cell.name == "key" else cell for cell in found]


def _keyed(cell: Cell, key: str, register: str, words: Words) -> Cell:
    text = str(words.written("crew", key)) if register == "crew" else cell.text
    if register == "customer":
        return replace(cell, text=text, link=url_for("customers.page", key=key))
    if register in RECORDS:
        return replace(cell, text=text, link=url_for("registers.record", register=register, key=key))
    return cell


def table(sheet: Sheet, without: str, rows: Iterable[Mapping[str, Any]], words: Words, *, money: bool) -> Table:
    """Rows of another register, without the column that they have in common."""
    brief = BRIEF.get(sheet.register)
    shown = [column for column in columns(sheet, money, without) if brief is None or column.name in brief]
    found = [cells(shown, row, words, sheet.register) for row in rows]
    return Table(register=sheet.register, title=register_title(sheet.register), rows=found)


def title_of(sheet: Sheet, row: Mapping[str, Any], words: Words) -> str:
    """What a record is called: its name or address, else its key."""
    if sheet.register == "crew":
        return str(words.written("crew", row["key"]))
    return str(row.get("name") or row.get("address") or row.get("item") or row["key"])


def _cell(column: Column, row: Mapping[str, Any], words: Words) -> Cell:
    value = row[column.name]
    title = column.title[language() == "en"]
    return Cell(
        title=title,
        text=_text(column, value, words),
        link=_link(column, value, row),
        figure=column.kind == "money",
        name=column.name,
        narrow=column.kind not in ("text", "groups"),
    )


def _text(column: Column, value: Any, words: Words) -> str:
    if value is None:
        return ""
    if column.name == "month":
        return str(value)[:7]
    if column.name == MASKED:
        return said.masked(value)
    if column.kind == "money":
        return said.amount(value)
    if column.kind == "choice":
        return _called(column, value)
    if column.kind == "yes_no":
        return _("yes") if value else _("no")
    return str(words.written(column.kind, value))


def looked_up(field: str, value: Any, words: Words) -> tuple[str, str] | None:
    """Title and text of what a step has looked up in a register; None where no register has such a column."""
    of_crew = field.removeprefix("crew_") if field != "crew" else ""
    places = [("crew", of_crew)] if of_crew != field else []
    places += [(register, field) for register in ("site", "contract", "customer", "crew")]
    for register, name in places:
        column = next((one for one in SHEETS[register].columns if one.name == name), None)
        if column is not None and isinstance(value, str | int):
            return column.title[language() == "en"], _text(column, value, words)
    return None


def called(register: str, column: str, value: str) -> str:
    """What people call a value of a column that has names for its values."""
    return _called(SHEETS[register].column(column), value)


def _called(column: Column, value: str) -> str:
    return column.names[value][language() == "en"] if value in column.names else str(value)


def _link(column: Column, value: Any, row: Mapping[str, Any]) -> str:
    if value is None:
        return ""
    if column.name == "case":
        return url_for("cases.numbered", number=value)
    if column.kind == "customer":
        return url_for("customers.page", key=value)
    if column.kind in RECORDS:
        return url_for("registers.record", register=column.kind, key=value)
    return ""


@dataclass(frozen=True, kw_only=True)
class ChangeLine:
    """A row of a preview: its line in the file, its key, and each changed column with what stood there before."""

    line: int
    key: str
    new: bool
    parts: Sequence[tuple[Cell, Cell | None]]


def changes(sheet: Sheet, found: Iterable[Change], words: Words) -> list[ChangeLine]:
    """Changes as a preview shows them."""
    lines = []
    for change in found:
        before = change.before
        parts = [
            (_cell(sheet.column(name), change.after, words), before and _cell(sheet.column(name), before, words))
            for name in change.after
            if before is not None or change.after[name] is not None
        ]
        lines.append(ChangeLine(line=change.line, key=change.key or "", new=before is None, parts=parts))
    return lines
