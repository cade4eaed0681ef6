"""A register as an Excel file: to work on at the desk, or, without rows, as a template to fill in."""

import io
from collections.abc import Iterable, Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from engine.sheets.contents import Words
from engine.sheets.layout import Column, Sheet
from engine.sheets.reading import MOST_ROWS

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTHS = {"text": 22, "date": 13, "money": 16, "choice": 12, "yes_no": 8, "groups": 40, "key": 14}


def write(sheet: Sheet, rows: Iterable[Mapping[str, Any]], words: Words, *, english: bool = False) -> bytes:
    """The file; every cell is text or a number, so that nothing in it is ever calculated."""
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet.title[english][:31])
    page.freeze_panes = "A2"
    for number, column in enumerate(sheet.columns, 1):
        page.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(column.kind, 18)
        _offer(page, column, get_column_letter(number), english)
    page.append([_header(page, column, english) for column in sheet.columns])
    for row in rows:
        values = [(column, words.written(column.kind, row[column.name])) for column in sheet.columns]
        page.append([_cell(page, column, value, english) for column, value in values])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _offer(page: Any, column: Column, letter: str, english: bool) -> None:
    """The choices of a column as a list to pick from."""
    said = [names[english] for names in column.choices.values()]
    if column.kind == "yes_no":
        said = ["yes", "no"] if english else ["是", "否"]
    if said:
        offered = DataValidation(type="list", formula1='"' + ",".join(said) + '"', allow_blank=True)
        offered.add(f"{letter}2:{letter}{MOST_ROWS + 1}")
        page.data_validations.append(offered)


def _header(page: Any, column: Column, english: bool) -> Any:
    cell = WriteOnlyCell(page, value=column.title[english])
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="EFECE5" if not column.required else "E2EFEC")
    return cell


def _cell(page: Any, column: Column, value: Any, english: bool) -> Any:
    if value is not None and column.kind == "choice":
        value = column.names[value][english] if value in column.names else value
    if isinstance(value, bool):
        value = ("yes" if value else "no") if english else ("是" if value else "否")
    cell = WriteOnlyCell(page, value=None)
    if value is None:
        return cell
    cell.value = str(value)
    cell.data_type = "s"  # "=1+1" is what somebody is called, not something to calculate
    if column.kind == "money":
        cell.alignment = Alignment(horizontal="right")
    return cell
