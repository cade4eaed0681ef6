"""Tell the time: UTC inside, Asia/Shanghai on the screen; tests and replays hold it still."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

OFFICE = ZoneInfo("Asia/Shanghai")

_held: ContextVar[datetime | None] = ContextVar("held instant", default=None)


def now() -> datetime:
    """Return the present instant, aware, in UTC, with microseconds; the held one inside `hold`."""
    return _held.get() or datetime.now(UTC)


@contextmanager
def hold(instant: datetime) -> Iterator[datetime]:
    """Let `now` give this instant until the block ends. Blocks may be nested; a new thread starts unheld.

    Raises:
        ValueError: The instant has no zone.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant without a zone can't be held")
    token = _held.set(instant.astimezone(UTC))
    try:
        yield instant
    finally:
        _held.reset(token)
