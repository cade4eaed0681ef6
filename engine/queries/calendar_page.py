"""The calendar for pages: one year's special days, and the calendar that words of time left are reckoned with."""

from datetime import date

import sqlalchemy as sa

from engine.db.models import calendar_day, calendar_year
from engine.registers import calendar
from engine.working_time import Calendar


def current(connection: sa.Connection) -> Calendar:
    """The calendar as it is now; read again only when it has changed."""
    return calendar.current(connection)


def special_days(connection: sa.Connection, year: int) -> list[sa.RowMapping]:
    """Holidays and make-up working days of a year: day, working, name."""
    within = calendar_day.c.day.between(date(year, 1, 1), date(year, 12, 31))
    return list(connection.execute(sa.select(calendar_day).where(within).order_by(calendar_day.c.day)).mappings())


def years(connection: sa.Connection) -> dict[int, bool]:
    """Year → whether its holidays are published."""
    return {
        row.year: row.published for row in connection.execute(sa.select(calendar_year).order_by(calendar_year.c.year))
    }
