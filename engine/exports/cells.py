"""Rows as CSV or Excel for programs that calculate: a text never becomes a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from engine.clock import OFFICE

MOST_ROWS = 1_048_575  # of a sheet, without its header
ENOUGH = 1 << 16  # characters in one piece
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe(value: Any) -> Any:
    """What may stand in a cell: a text that would be calculated gets an apostrophe before it."""
    if isinstance(value, datetime):
        return value.astimezone(OFFICE).isoformat(timespec="milliseconds")
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value


def written(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """A CSV file (RFC 4180, UTF-8 with the mark by which Excel knows it), piece by piece."""
    buffer = io.StringIO(newline="")
    lines = csv.writer(buffer)
    buffer.write("\ufeff")
    lines.writerow(header)
    for row in rows:
        lines.writerow([safe(value) for value in row])
        if buffer.tell() >= ENOUGH:
            yield buffer.getvalue().encode("utf-8", "replace")
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode("utf-8", "replace")


def workbook(title: str, header: Sequence[str], rows: Iterable[Sequence[Any]], target: BinaryIO) -> None:
    """An Excel file; every cell is text, so that nothing is ever calculated. Rows beyond Excel's end are left out."""
    book = Workbook(write_only=True)
    page = book.create_sheet(title[:31])
    page.freeze_panes = "A2"
    for row in chain([header], islice(rows, MOST_ROWS)):
        page.append([_text(page, value) for value in row])
    book.save(target)


def _text(page: Any, value: Any) -> Any:
    cell = WriteOnlyCell(page, value=None)
    if isinstance(value, datetime):
        value = f"{value.astimezone(OFFICE):%Y-%m-%d %H:%M:%S}"
    if value not in (None, ""):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", str(value))
        cell.data_type = "s"
    return cell
