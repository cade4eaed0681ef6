"""The company's calendar: `calendar_day` and `calendar_year` are the only truth about working days."""

import threading
from collections.abc import Mapping
from datetime import date
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from engine.db.models import calendar_day, calendar_year, command
from engine.working_time import Calendar

STREAM = "calendar"
VERSION = sa.select(sa.func.max(command.c.seq)).where(command.c.stream == STREAM).scalar_subquery()

_known: WeakKeyDictionary[sa.Engine, tuple[int | None, Calendar]] = WeakKeyDictionary()
_guard = threading.Lock()


def calendar(connection: sa.Connection, version: int | None) -> Calendar:
    """The calendar as of a version (the seq of its stream's last command, if any), read when that has changed."""
    with _guard:
        known = _known.get(connection.engine)
    if known is not None and known[0] == version:
        return known[1]
    found = read(connection)
    with _guard:
        _known[connection.engine] = (version, found)
    return found


def current(connection: sa.Connection) -> Calendar:
    """The calendar as it is now, for one statement; read again only when it has changed."""
    return calendar(connection, connection.scalar(sa.select(VERSION)))


def read(connection: sa.Connection) -> Calendar:
    """The calendar as this transaction sees it."""
    days = {
        row.day: "working" if row.working else "holiday"
        for row in connection.execute(sa.select(calendar_day.c.day, calendar_day.c.working))
    }
    years = connection.scalars(sa.select(calendar_year.c.year).where(calendar_year.c.published))
    return Calendar(days=days, published=frozenset(years))  # type: ignore[arg-type]


def put_days(connection: sa.Connection, days: Mapping[date, tuple[bool, str]]) -> None:
    """Set days: day → (working, name)."""
    connection.execute(calendar_day.delete().where(calendar_day.c.day.in_(list(days))))
    rows = [{"day": day, "working": working, "name": name} for day, (working, name) in days.items()]
    if rows:
        connection.execute(calendar_day.insert(), rows)


def remove_day(connection: sa.Connection, day: date) -> None:
    """Let a day go by its weekday again."""
    connection.execute(calendar_day.delete().where(calendar_day.c.day == day))


def remove_year(connection: sa.Connection, year: int) -> None:
    """Let all days of a year go by their weekday again."""
    within = calendar_day.c.day.between(date(year, 1, 1), date(year, 12, 31))
    connection.execute(calendar_day.delete().where(within))


def put_year(connection: sa.Connection, year: int, *, published: bool) -> None:
    """Mark a year as published or provisional."""
    connection.execute(calendar_year.delete().where(calendar_year.c.year == year))
    connection.execute(calendar_year.insert(), {"year": year, "published": published})
