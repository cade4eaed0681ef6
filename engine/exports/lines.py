"""A line for each event as CSV, or for each command of the log as JSON."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from engine.db.models import command
from engine.exports import cells, events
from engine.exports.events import Selection
from engine.queries import people

_OF_CASE = ("business_key", "procedure", "title", "version", "status", "end_state")
_OF_EVENT = ("seq", "activity", "transition", "at", "resource", "group", "kind", "element", "instance")
HEADER = ("case", *_OF_CASE[1:], "seq", "activity", "transition", "timestamp", *_OF_EVENT[4:])
_ROWS = sa.select(command)
_OTHERS = sa.select(command.c.stream).where(command.c.seq == 1, sa.func.length(command.c.stream) != 32)
AT_ONCE = 1000  # rows


def csv_of_events(connection: sa.Connection, selection: Selection) -> Iterator[bytes]:
    """A line for each event; with names a last column says what the case is about.

    Raises:
        NotFound: There is no such case; before the first piece.
    """
    rows = (
        [
            *(case[name] for name in _OF_CASE),
            *(getattr(event, name) for name in _OF_EVENT),
            *([case["subject"]] if selection.names else []),
        ]
        for case, happened in events.traces(connection, selection)
        for event in happened
    )
    return cells.written([*HEADER, *(["subject"] if selection.names else [])], rows)


def jsonl_of_commands(connection: sa.Connection, selection: Selection) -> Iterator[bytes]:
    """A line for each row of the log with all that its hash covers: the chain can be checked without the database.

    Of the period's cases the whole log; of the streams of people, registers, calendar … what was done in the period.

    Raises:
        NotFound: There is no such case; before the first piece.
    """
    for some in events.cases(connection, selection):
        numbers = {case["id"]: case["business_key"] for case in some}
        rows = _ROWS.where(command.c.stream.in_(list(numbers))).order_by(command.c.stream, command.c.seq)
        yield from _pieces(connection, rows, numbers, selection)
    if selection.case is None:
        others = list(connection.scalars(_OTHERS.order_by(command.c.stream)))
        rows = _ROWS.where(command.c.stream.in_(others), selection.within(command.c.at))
        yield from _pieces(connection, rows.order_by(command.c.stream, command.c.seq), {}, selection)


def _pieces(
    connection: sa.Connection, rows: "sa.Select[Any]", numbers: Mapping[str, str], selection: Selection
) -> Iterator[bytes]:
    found = connection.execute(rows.execution_options(yield_per=AT_ONCE)).mappings()
    for some in found.partitions():
        called = people.names(connection, {row["actor"] for row in some}) if selection.names else {}
        selection.counted["rows"] += len(some)
        yield b"".join(_line(dict(row), numbers, called) for row in some)


def _line(row: Mapping[str, Any], numbers: Mapping[str, str], called: Mapping[str, str]) -> bytes:
    said = {name: _plain(value) for name, value in row.items()}
    if row["stream"] in numbers:
        said["case"] = numbers[row["stream"]]
    if row["actor"] in called:
        said["actor_name"] = called[row["actor"]]
    return json.dumps(said, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace") + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.hex() if isinstance(value, bytes) else value
