"""消息: what a person was told."""

from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request

from engine import clock
from engine.commands.see_notices import SeeNotices
from engine.errors import InvalidCommand
from engine.messages import say
from engine.queries import notices
from web import due_words, identity
from web.language import language
from web.permissions import EVERYONE, access
from web.shell import shell

pages = Blueprint("notices", __name__, url_prefix="/notices")


@pages.get("")
@access(EVERYONE)
def index() -> Any:
    """The notices, newest first; from then on they count as seen."""
    person = identity.person()
    assert person is not None
    before = _before()
    with identity.reading() as connection:
        found = notices.notices(connection, person.actor, before=before)
        unseen = notices.unseen(connection, person)
    if unseen and before is None:
        identity.engine().execute(SeeNotices(person_id=person.id), person.actor)
        shell()["unseen"] = 0
    since = person.notices_seen_at
    rows = [{"row": row, "text": _text(row), "is_new": since is None or row["at"] > since} for row in found]
    return render_template("notices/index.html", notices=rows, full=len(found) == notices.PAGE)


def _before() -> datetime | None:
    text = request.args.get("before")
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidCommand(field="before") from None


def _text(row: Any) -> str:
    parameters = dict(row["parameters"])
    for name in ("due_at", "effective_at"):
        if isinstance(parameters.get(name), str):
            parameters[name] = due_words.moment(datetime.fromisoformat(parameters[name]), clock.now())
    return say(row["code"], language(), **parameters)
