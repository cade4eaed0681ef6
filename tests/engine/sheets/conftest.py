"""An installation with the story company in it, and sheets made by hand."""

import io
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from openpyxl import Workbook

from engine.executor import Engine
from engine.settings import ROOT
from engine.stories import company

Sheetful = Callable[..., bytes]


@pytest.fixture
def founded(engine: Engine) -> Engine:
    company.found(engine, company.read(ROOT / "processes" / "company.toml"))
    return engine


@pytest.fixture
def book() -> Sheetful:
    """Rows of cells → the file's bytes; `merged` merges a range."""

    def made(*rows: Sequence[Any], merged: str = "") -> bytes:
        workbook = Workbook()
        page = workbook.active
        assert page is not None
        for row in rows:
            page.append(list(row))
        if merged:
            page.merge_cells(merged)
        target = io.BytesIO()
        workbook.save(target)
        return target.getvalue()

    return made
