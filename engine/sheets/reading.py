"""An Excel file as somebody sent it → rows of plain values, and what is wrong, by row and column.

The file comes from outside: it is looked at as an archive before anything is parsed (size unpacked, entities, merged
cells), read as a stream, and left as soon as it is too long. Formulas are refused: what they show depends on the desk.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from engine.readable import is_storable, visible
from engine.registers import money
from engine.sheets.layout import LONGEST, Column, Sheet

MOST_ROWS = 5_000
MOST_UNPACKED = 60_000_000  # bytes
_YES_NO = {True: ("是", "yes", "TRUE", "true"), False: ("否", "no", "FALSE", "false")}


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What is wrong: a code of engine.messages, `line` and `column` ("C") as in Excel; 0 and "" for the file."""

    code: str
    line: int = 0
    column: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row: its own key, or None for a new one, and the values of the columns that the file has (None: empty).

    `letters` says where the file has them: column → "C".
    """

    line: int
    key: str | None
    values: Mapping[str, Any]
    letters: Mapping[str, str] = field(default_factory=dict)


class NotReadable(Exception):
    """The file as a whole can't be taken."""

    def __init__(self, code: str, **parameters: Any) -> None:
        super().__init__(code)
        self.problem = Problem(code=code, parameters=parameters)


def read(content: bytes, sheet: Sheet) -> tuple[list[Line], list[Problem]]:
    """The rows of the first worksheet, or all that is wrong with them; nothing is asked of the store here."""
    try:
        _look_into(content)
        lines, problems = _rows(content, sheet)
    except NotReadable as error:
        return [], [error.problem]
    return (lines, problems) if not problems else ([], problems)


def columns_of(header: list[Any], sheet: Sheet) -> dict[int, Column]:
    """Position → column, by either title.

    Raises:
        NotReadable: A title is unknown or stands twice, or one that is needed lacks.
    """
    by_title = {title: column for column in sheet.columns for title in column.title}
    found: dict[int, Column] = {}
    for position, cell in enumerate(header):
        title = str(cell).strip() if cell is not None else ""
        if not title:
            continue
        if title not in by_title:
            raise NotReadable("sheet.header_unknown", column=get_column_letter(position + 1), title=title[:60])
        if by_title[title] in found.values():
            raise NotReadable("sheet.header_twice", title=title)
        found[position] = by_title[title]
    for column in sheet.columns:
        if (column.required or column.name == "key") and column not in found.values():
            raise NotReadable("sheet.header_missing", title=" / ".join(column.title))
    return found


def _look_into(content: bytes) -> None:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        if sum(member.file_size for member in archive.infolist()) > MOST_UNPACKED or len(archive.infolist()) > 500:
            raise NotReadable("sheet.too_large", limit=MOST_UNPACKED // 1_000_000)
        for member in archive.infolist():
            if member.filename.endswith((".xml", ".rels")):
                part = archive.read(member)
                if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
                    raise NotReadable("sheet.not_excel")
                if member.filename.startswith("xl/worksheets/") and b"<mergeCell " in part:
                    at = part.index(b"<mergeCell ")
                    raise NotReadable("sheet.merged", cells=part[at:].split(b'"', 2)[1][:20].decode("ascii", "replace"))
        if "xl/workbook.xml" not in archive.namelist():
            raise NotReadable("sheet.not_excel")
    except NotReadable:
        raise
    except Exception as error:  # zipfile and zlib fail in many ways on what is no archive
        raise NotReadable("sheet.not_excel") from error


def _rows(content: bytes, sheet: Sheet) -> tuple[list[Line], list[Problem]]:
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        worksheet = book.worksheets[0]
        worksheet.reset_dimensions()  # what the file says of its size may be wrong
        cells = worksheet.iter_rows(max_col=60)
        header = [cell.value for cell in next(cells, ())]
    except NotReadable:
        raise
    except Exception as error:  # openpyxl fails in many ways on what is not a workbook
        raise NotReadable("sheet.not_excel") from error
    columns = columns_of(header, sheet)
    lines: list[Line] = []
    problems: list[Problem] = []
    keys: dict[str, int] = {}
    for number, row in _numbered(cells):
        if all(cell.value in (None, "") for cell in row):
            continue
        if len(lines) >= MOST_ROWS:
            raise NotReadable("sheet.too_many_rows", limit=MOST_ROWS)
        line, wrong = _line(number, row, columns)
        problems += wrong
        if line.key is not None and keys.setdefault(line.key, number) != number:
            problems.append(Problem(code="sheet.key_twice", line=number, parameters={"first": keys[line.key]}))
        lines.append(line)
        if len(problems) > 200:
            break
    if not lines:
        raise NotReadable("sheet.empty")
    return lines, problems


def _numbered(cells: Iterator[Any]) -> Iterator[tuple[int, Any]]:
    try:
        yield from enumerate(cells, 2)
    except Exception as error:  # as above: a damaged sheet breaks in the middle
        raise NotReadable("sheet.not_excel") from error


def _line(number: int, row: Any, columns: Mapping[int, Column]) -> tuple[Line, list[Problem]]:
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for position, column in columns.items():
        cell = row[position] if position < len(row) else None
        value = None if cell is None else cell.value
        where: dict[str, Any] = {"line": number, "column": get_column_letter(position + 1)}
        if cell is not None and cell.data_type == "f":
            problems.append(Problem(code="sheet.formula", **where))
            continue
        try:
            values[column.name] = typed(column, value)
        except ValueError as error:
            problems.append(Problem(code=str(error), parameters=limits(column), **where))
            continue
        if column.required and values[column.name] is None:
            problems.append(Problem(code="sheet.required", **where))
    key = values.pop("key", None)
    letters = {column.name: get_column_letter(position + 1) for position, column in columns.items()}
    return Line(line=number, key=key, values=values, letters=letters), problems


def limits(column: Column) -> dict[str, Any]:
    """What a message about a wrong cell says of its column."""
    return {
        "limit": LONGEST,
        "choices": ", ".join(" / ".join(dict.fromkeys(names)) for names in column.choices.values()),
    }


def typed(column: Column, value: Any) -> Any:
    """A cell's value as plain JSON: text, ISO date, money text, True or False, a choice; None where it is empty.

    Raises:
        ValueError: It is none; says the code of engine.messages.
    """
    if isinstance(value, str):
        value = value.strip()
    if value is None or value == "":
        return None
    if column.kind == "date":
        return _date(value)
    if column.kind == "money":
        return _money(value)
    if column.kind == "yes_no":
        said = next((yes for yes, words in _YES_NO.items() if value is yes or str(value) in words), None)
        if said is None:
            raise ValueError("sheet.not_yes_no")
        return said
    text = _text(value)
    if column.kind == "choice":
        chosen = next((name for name, words in column.names.items() if text in (name, *words)), None)
        if chosen is None:
            raise ValueError("sheet.choice")
        return chosen
    return text


def _date(value: Any) -> str:
    if isinstance(value, datetime):
        if value.time() != time():
            raise ValueError("sheet.not_a_date")
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    with suppress(ValueError):
        return date.fromisoformat(str(value).replace("/", "-")).isoformat()
    raise ValueError("sheet.not_a_date")


def _money(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("sheet.not_money")
    written = repr(value) if isinstance(value, float) else str(value).replace(",", "")
    try:
        amount = money.fen(written)
    except (ValueError, TypeError):
        raise ValueError("sheet.not_money") from None
    if amount != Decimal(written):
        raise ValueError("sheet.decimals")
    return money.text(amount)


def _text(value: Any) -> str | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # Excel keeps a typed phone number as a number
    text = visible(str(value))
    if len(text) > LONGEST:
        raise ValueError("sheet.too_long")
    if not is_storable(text):
        raise ValueError("sheet.unreadable")
    return text or None
