"""Rows as CSV for programs that calculate: a text never becomes a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from engine.clock import OFFICE

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
