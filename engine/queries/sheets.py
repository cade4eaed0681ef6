"""Registers as Excel files, for pages: written out, read, and compared with what stands in the store."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from engine.clock import OFFICE
from engine.sheets import changes, reading, writing
from engine.sheets.contents import Words, contents
from engine.sheets.layout import Sheet

MOST_ROWS = reading.MOST_ROWS
read = reading.read


def written(connection: sa.Connection, sheet: Sheet, *, english: bool, empty: bool = False) -> bytes:
    """The file of a register, or its template."""
    return writing.write(sheet, () if empty else contents(connection, sheet), Words(connection), english=english)


def size(connection: sa.Connection, sheet: Sheet) -> int:
    """How many rows the file of a register has."""
    return sum(1 for _row in contents(connection, sheet))


def preview(connection: sa.Connection, sheet: Sheet, lines: Sequence[reading.Line], now: datetime) -> changes.Preview:
    """What these rows would change."""
    return changes.preview(connection, sheet, lines, now.astimezone(OFFICE).date())
