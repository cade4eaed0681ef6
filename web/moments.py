"""Instants as pages need them: the end of today, a typed date and time."""

from datetime import datetime, time

from engine.clock import OFFICE
from engine.errors import InvalidCommand


def end_of_day(now: datetime) -> datetime:
    """The last instant of the office's day."""
    return datetime.combine(now.astimezone(OFFICE).date(), time.max, OFFICE)


def typed_instant(text: str, field: str) -> datetime:
    """Read what <input type=datetime-local> sends, in office time.

    Raises:
        InvalidCommand: It is none.
    """
    try:
        return datetime.fromisoformat(text).replace(tzinfo=OFFICE)
    except ValueError:
        raise InvalidCommand(field=field) from None
