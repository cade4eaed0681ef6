"""Files that are written while they are sent, so that they are never whole in memory."""

from collections.abc import Callable, Iterator
from tempfile import TemporaryFile
from typing import Any

from flask import Response

from web import identity

PIECE = 1 << 16  # bytes


def sent(pieces: Callable[[Any], Iterator[bytes]], name: str, media_type: str) -> Response:
    """Send what is written with a connection of its own; what fails before the first piece fails the request.

    Args:
        pieces: Given the connection; it runs on when the request has ended, so it asks Flask nothing.
    """
    engine = identity.engine()

    def written() -> Iterator[bytes]:
        with engine.snapshot() as connection:
            yield from pieces(connection)

    found = written()
    answer = Response(_from_first(next(found, b""), found), content_type=media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


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
