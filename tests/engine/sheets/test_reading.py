"""Excel files as people send them: read cell by cell, refused by line and column, never half."""

import io
import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.messages import say
from engine.sheets.layout import CONTRACT, CUSTOMER, SHEETS
from engine.sheets.reading import MOST_ROWS, read
from tests.engine.sheets.conftest import Sheetful

HEADER = ["编号", "工地编号", "类别", "合同额（元）", "签约日期"]


def codes(content: bytes, sheet: Any = CONTRACT) -> list[tuple[str, int, str]]:
    lines, problems = read(content, sheet)
    assert not (lines and problems)
    for one in problems:
        assert say(one.code, "zh_CN", **one.parameters) and say(one.code, "en", **one.parameters)
    return [(one.code, one.line, one.column) for one in problems]


def test_cells_become_plain_values_whatever_excel_made_of_them(book: Sheetful) -> None:
    first = [None, "S-001", "施工", 120000.5, datetime(2026, 3, 18)]
    second = ["C-9", " S-002 ", "design", "8,000", "2026-03-01"]

    lines, problems = read(book(HEADER, first, [None] * 5, second), CONTRACT)

    assert problems == []
    assert [(one.line, one.key) for one in lines] == [(2, None), (4, "C-9")]
    assert lines[0].values == {
        "site": "S-001",
        "kind": "construction",
        "amount": "120000.50",
        "signed_on": "2026-03-18",
    }
    assert lines[1].values == {"site": "S-002", "kind": "design", "amount": "8000.00", "signed_on": "2026-03-01"}


def test_titles_may_be_english_and_in_any_order(book: Sheetful) -> None:
    lines, problems = read(book(["Name", "Number", "Phone"], ["林婉清", None, 13900006058]), CUSTOMER)

    assert problems == []
    assert lines[0].key is None
    assert lines[0].values == {"name": "林婉清", "phone": "13900006058"}


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ([None, "S-001", "施工", "=1+1", None], "sheet.formula", "D"),
        ([None, "S-001", "施工", "一万", None], "sheet.not_money", "D"),
        ([None, "S-001", "施工", 1.005, None], "sheet.decimals", "D"),
        ([None, "S-001", "施工", True, None], "sheet.not_money", "D"),
        ([None, "S-001", "拆除", 1, None], "sheet.choice", "C"),
        ([None, "S-001", "施工", 1, "下周三"], "sheet.not_a_date", "E"),
        ([None, "S-001", "施工", 1, "2026-02-30"], "sheet.not_a_date", "E"),
        ([None, None, "施工", 1, None], "sheet.required", "B"),
        ([None, "S" * 501, "施工", 1, None], "sheet.too_long", "B"),
    ],
)
def test_a_wrong_cell_is_named_by_line_and_column(book: Sheetful, row: list[Any], code: str, column: str) -> None:
    assert codes(book(HEADER, ["C-1", "S-001", "设计", 1, None], row)) == [(code, 3, column)]


def test_a_key_stands_once(book: Sheetful) -> None:
    row = ["C-1", "S-001", "设计", 1, None]

    assert codes(book(HEADER, row, row)) == [("sheet.key_twice", 3, "")]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ([*HEADER, "密码"], "sheet.header_unknown"),
        ([*HEADER, "编号"], "sheet.header_twice"),
        (HEADER[:1] + HEADER[2:], "sheet.header_missing"),
        (HEADER[1:], "sheet.header_missing"),
        ([None], "sheet.header_missing"),
    ],
)
def test_a_wrong_header_is_refused_as_a_whole(book: Sheetful, header: list[Any], code: str) -> None:
    assert codes(book(header, ["C-1"] * len(header))) == [(code, 0, "")]


def test_merged_cells_are_refused_with_their_range(book: Sheetful) -> None:
    content = book(HEADER, ["C-1", "S-001", "设计", 1, None], ["C-2"], merged="B2:B3")
    _, problems = read(content, CONTRACT)

    assert [(one.code, one.parameters) for one in problems] == [("sheet.merged", {"cells": "B2:B3"})]


def test_a_hundred_thousand_rows_are_refused_without_reading_them_all() -> None:
    rows = [("Number", "Name"), *((f"K{number}", "x") for number in range(100_000))]

    content = replaced(sheet_data(rows))

    assert codes(content, CUSTOMER) == [("sheet.too_many_rows", 0, "")]


def sheet_data(rows: Iterable[tuple[str, ...]]) -> bytes:
    """Rows of texts as Excel writes them."""
    cells = ("".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in row) for row in rows)
    return f"<sheetData>{''.join(f'<row>{row}</row>' for row in cells)}</sheetData>".encode()


def replaced(data: bytes) -> bytes:
    """A workbook whose first sheet has this data."""
    from openpyxl import Workbook

    source, target = io.BytesIO(), io.BytesIO()
    Workbook().save(source)
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = part.replace(b"<sheetData></sheetData>", data)
                assert data in part
            new.writestr(name, part)
    return target.getvalue()


def test_what_unpacks_to_too_much_is_refused_before_it_is_parsed() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        for number in range(7):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", b" " * 10_000_000)

    assert codes(target.getvalue()) == [("sheet.too_large", 0, "")]


def test_entities_are_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("xl/workbook.xml", b'<!DOCTYPE a [<!ENTITY b "bb">]><workbook>&b;</workbook>')

    assert codes(target.getvalue()) == [("sheet.not_excel", 0, "")]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"id,name\n1,a", b"\xd0\xcf\x11\xe0" + bytes(600)])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    assert codes(content) == [("sheet.not_excel", 0, "")]


def test_an_empty_sheet_says_so(book: Sheetful) -> None:
    assert codes(book(HEADER)) == [("sheet.empty", 0, "")]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_workbook_never_breaks_the_reader(data: st.DataObject) -> None:
    whole = _WHOLE
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]

    lines, problems = read(damaged, CUSTOMER)

    assert bool(lines) != bool(problems)


def _make_whole() -> bytes:
    return replaced(sheet_data([("Number", "Name"), ("K1", "Lin")]))


_WHOLE = _make_whole()


def test_limits_are_as_documented() -> None:
    assert MOST_ROWS == 5_000
    assert {"customer", "site", "contract", "crew", "person", "ledger", "warranty_card"} <= SHEETS.keys()
