"""流程图: the diagram of a draft in its editor, and worked examples of its deadlines."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, jsonify, render_template, request
from flask_babel import gettext as _

from engine import clock
from engine.clock import OFFICE
from engine.errors import ExpressionError
from engine.messages import say
from engine.queries.studio_diagram import heading, worked_example
from web import due_words, identity, studio_words
from web.language import language
from web.permissions import OWNERS, access

pages = Blueprint("studio_diagram", __name__, url_prefix="/studio/<procedure>")
ARRIVALS = ((2, 13, 10), (4, 16, 30))  # weekday from Monday, hour, minute: over the lunch break, over the weekend
CALENDAR = ("working_hours", "working_days", "next_slot")


@pages.get("/")
@access(OWNERS)
def page(procedure: str) -> Any:
    """The diagram editor."""
    with identity.reading() as connection:
        found = heading(connection, procedure)
    return render_template("studio/diagram.html", procedure=procedure, draft=found, words=studio_words.words())


@pages.get("/example")
@access(OWNERS)
def example(procedure: str) -> Any:
    """When a deadline falls due: {examples: [sentence], about}, or {error} where the expression can't be read."""
    text = request.args.get("expression", "")
    try:
        with identity.reading() as connection:
            found = worked_example(connection, procedure, text, arrivals(clock.now()))
    except ExpressionError as error:
        return jsonify(error=say(error.reason, language(), **error.parameters), examples=[])
    about = _("Lunch, weekends and holidays are left out") if any(name in text for name in CALENDAR) else ""
    return jsonify(examples=[_sentence(arrival, due) for arrival, due in found], about=about if found else "")


def arrivals(now: datetime) -> list[datetime]:
    """The next moments of ARRIVALS."""
    here = now.astimezone(OFFICE)
    found = []
    for weekday, hour, minute in ARRIVALS:
        day = here + timedelta(days=(weekday - here.weekday()) % 7)
        found.append(day.replace(hour=hour, minute=minute, second=0, microsecond=0))
    return found


def _sentence(arrival: datetime, due: datetime) -> str:
    """“周三 13:10 到达，周四 14:00 到期”; the day itself where it is not in the same week or the next days."""
    due = due.astimezone(OFFICE)
    near = due - arrival < timedelta(days=6)
    until = f"{due_words.weekday(due)} {due:%H:%M}" if near else due_words.moment(due, arrival)
    since = f"{due_words.weekday(arrival)} {arrival:%H:%M}"
    said: str = _("Arrives %(since)s, due %(until)s", since=since, until=until)
    return said
