"""Files that are written while they are sent, so that they are never whole in memory."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any

from flask import Response

from engine import clock
from engine.exports import cells
from engine.sheets.writing import MEDIA_TYPE
from web import identity

PIECE = 1 << 16  # bytes


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What the access log says of a file: what it is, what it was narrowed to, how many rows went out so far."""

    what: str
    selection: Mapping[str, Any]
    rows: Callable[[], int]
    case: str | None = None


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A list that goes out as a file: its columns, connection → lines, what the access log says of it."""

    title: str
    header: Sequence[str]
    lines: Callable[[Any], Iterator[Sequence[Any]]]
    taken: Taken


def sent(pieces: Callable[[Any], Iterator[bytes]], name: str, media_type: str, taken: Taken) -> Response:
    """Send what is written with a connection of its own; what fails before the first piece fails the request.

    Args:
        pieces: Given the connection; it runs on when the request has ended, so it asks Flask nothing.
    """
    engine, actor, now = identity.engine(), identity.actor(), clock.now()

    def written() -> Iterator[bytes]:
        began = whole = False
        try:
            with engine.snapshot() as connection:
                for piece in pieces(connection):
                    began = True
                    yield piece
            whole = True
        finally:
            if began:  # also where the receiver has hung up: what was sent is sent
                about = {"format": name.rpartition(".")[2], "selection": dict(taken.selection), "rows": taken.rows()}
                about |= {} if whole else {"cut": True}
                engine.access.note("export", actor.key, at=now, case=taken.case, subject=taken.what, **about)

    found = written()
    answer = Response(_from_first(next(found, b""), found), content_type=media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def as_csv(listed: Listed, name: str) -> Response:
    """A list as a CSV file."""
    return sent(
        lambda connection: cells.written(listed.header, listed.lines(connection)),
        _named(name, "csv"),
        "text/csv; charset=utf-8",
        listed.taken,
    )


def as_excel(listed: Listed, name: str) -> Response:
    """A list as an Excel file."""

    def write(connection: Any) -> Iterator[bytes]:
        return spooled(lambda file: cells.workbook(listed.title, listed.header, listed.lines(connection), file))

    return sent(write, _named(name, "xlsx"), MEDIA_TYPE, listed.taken)


def _named(name: str, ending: str) -> str:
    return f"{name}-{clock.now().astimezone(clock.OFFICE):%Y-%m-%d}.{ending}"


def spooled(write: Callable[[Any], None]) -> Iterator[bytes]:
    """What a function writes into a file on disk, piece by piece."""
    with TemporaryFile() as file:
        write(file)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _from_first(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
