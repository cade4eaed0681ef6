"""工作日历: which days are worked; administrators change it."""

import calendar as months
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from engine import clock
from engine.actor import ADMINISTRATOR
from engine.clock import OFFICE
from engine.commands.set_calendar_day import SetCalendarDay
from engine.errors import InvalidCommand
from engine.queries import calendar_page
from web import identity
from web.permissions import EVERYONE, access

pages = Blueprint("calendar", __name__, url_prefix="/calendar")
YEARS = range(2000, 2101)
KINDS = {"working": True, "holiday": False, "weekday": None}


@pages.get("")
@access(EVERYONE)
def year() -> Any:
    today = clock.now().astimezone(OFFICE).date()
    shown = request.args.get("year", today.year, type=int)
    if shown not in YEARS:
        raise InvalidCommand(field="year")
    with identity.reading() as connection:
        special = {row["day"]: row for row in calendar_page.special_days(connection, shown)}
        published = calendar_page.years(connection).get(shown, False)
    weeks = months.Calendar().yeardatescalendar(shown, 12)[0]
    return render_template(
        "calendar/year.html", year=shown, weeks=weeks, special=special, published=published, today=today
    )


@pages.post("")
@access(ADMINISTRATOR)
def set_day() -> Any:
    try:
        day = date.fromisoformat(request.form.get("day", ""))
        working = KINDS[request.form.get("kind", "")]
    except (ValueError, KeyError):
        raise InvalidCommand(field="day") from None
    if day.year not in YEARS:
        raise InvalidCommand(field="day")
    identity.execute(SetCalendarDay(day=day, working=working, name=request.form.get("name", "").strip()[:50]))
    return redirect(url_for("calendar.year", year=day.year), 303)
