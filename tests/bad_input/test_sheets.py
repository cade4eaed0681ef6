"""Excel files that people really send: the page says what is wrong and where, and nothing is written."""

import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest
from lxml import html
from openpyxl import Workbook
from werkzeug.datastructures import FileStorage

from engine.executor import Engine
from tests.bad_input.browsing import Browser
from tests.bad_input.untouched import nothing_changes

ADMINISTRATOR = 9
HEADER = ("编号", "姓名", "电话")
PERSON = (None, "林婉清", "000-1000-0001")


def book(rows: Iterable[Sequence[Any]], merged: str = "") -> bytes:
    """Rows as Excel writes them; `merged` merges a range."""
    workbook = Workbook()
    page = workbook.worksheets[0]
    for row in rows:
        page.append(list(row))
    if merged:
        page.merge_cells(merged)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


WRONG: list[tuple[str, Callable[[], bytes], tuple[str, ...]]] = [
    ("a formula", lambda: book([HEADER, PERSON, (None, "=A1&B1", "1")]), ("第 3 行", "B 列", "公式")),
    ("a merged cell", lambda: book([HEADER, PERSON, PERSON], merged="B2:B3"), ("B2:B3", "合并")),
    ("a wrong header", lambda: book([(*HEADER, "密码"), (*PERSON, "x")]), ("密码",)),
    ("no header", lambda: book([PERSON, PERSON]), ("林婉清",)),
    ("a hundred thousand rows", lambda: book([HEADER, *[PERSON] * 100_000]), ("5000",)),
    ("no Excel file", lambda: b"%PDF-1.7 \x00\xff", ("Excel",)),
]


@pytest.mark.parametrize(("content", "said"), [one[1:] for one in WRONG], ids=[one[0] for one in WRONG])
def test_a_file_that_can_not_be_taken_is_refused_in_words(
    company: Engine, visit: Callable[..., Browser], content: Callable[[], bytes], said: tuple[str, ...]
) -> None:
    browser = visit(ADMINISTRATOR)

    with nothing_changes(company):
        sheet = FileStorage(io.BytesIO(content()), filename="客户.xlsx")
        answer = browser.post_body("/registers/customers/import", {"sheet": sheet}, "multipart/form-data")

    page = html.fromstring(answer.text)
    words = " ".join(page.get_element_by_id("main").text_content().split())
    assert answer.status_code == 422
    assert all(one in words for one in said), words
    assert not page.xpath("//form[contains(@action, '/confirm')]")
