"""What stands around every page: the counts beside the navigation, the clock, the words that templates may use."""

from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, url_for
from flask_babel import gettext as _

from engine import clock
from engine.actor import ADMINISTRATOR, AUDITOR
from engine.clock import OFFICE
from engine.messages import say
from engine.queries import notices, worklist
from web import due_words, identity, naming, refusals, words
from web.language import language
from web.moments import end_of_day
from web.permissions import AUDITORS, OWNERS, is_open_to

DIST_VERSION = Path("dist") / "version"


def init_app(app: Flask) -> None:
    """Give templates their functions."""
    app.jinja_env.filters.update(
        masked=words.masked,
        counted=words.counted,
        initials=words.initials,
        moment=lambda at: due_words.moment(at, clock.now()) if at else "",
        day=lambda at: due_words.day(at, clock.now()) if at else "",
        amount=words.amount,
        principal=words.principal,
        named=naming.named,
    )
    app.jinja_env.globals.update(
        asset=_asset,
        shell=shell,
        say=_say,
        now=clock.now,
        quoted=naming.quoted,
        today_words=today_words,
        is_staff=is_staff,
        is_administrator=is_administrator,
        is_auditor=is_auditor,
        is_owner=is_owner,
        refusal=refusals.refusal,
        request_id=identity.new_request_id,
        has_view=_has_view,
    )


def shell() -> dict[str, Any]:
    """The counts beside the navigation, asked for once a page."""
    if "shell" not in g:
        person = identity.person()
        assert person is not None
        now = clock.now()
        with identity.reading() as connection:
            g.shell = {
                "counts": worklist.counts(connection, person.actor, now, end_of_day(now)),
                "unseen": notices.unseen(connection, person),
            }
    found: dict[str, Any] = g.shell
    return found


def today_words() -> str:
    """“11月19日 周四 14:20”."""
    now = clock.now().astimezone(OFFICE)
    date = _("%(weekday)s %(day)s/%(month)s", month=now.month, day=now.day, weekday=due_words.weekday(now))
    return f"{date} {now:%H:%M}"


def is_staff() -> bool:
    """Whether who is logged in may change anything."""
    person = identity.person()
    return person is not None and (AUDITOR not in person.actor.roles or is_administrator())


def is_administrator() -> bool:
    """Whether who is logged in looks after people and calendar."""
    person = identity.person()
    return person is not None and ADMINISTRATOR in person.actor.roles


def is_auditor() -> bool:
    """Whether the auditor's room is open to who is logged in."""
    person = identity.person()
    return person is not None and is_open_to(AUDITORS, person.actor.roles)


def is_owner() -> bool:
    """Whether the studio is open to who is logged in."""
    person = identity.person()
    return person is not None and is_open_to(OWNERS, person.actor.roles)


def _say(code: str, **parameters: Any) -> str:
    return say(code, language(), **parameters)


def _asset(name: str) -> str:
    """The address of a bundle, new with each build."""
    if "dist_version" not in current_app.extensions:
        stamp = Path(current_app.static_folder or "") / DIST_VERSION
        current_app.extensions["dist_version"] = stamp.read_text()[:16] if stamp.is_file() else "0"
    return url_for("static", filename=f"dist/{name}", v=current_app.extensions["dist_version"])


def _has_view(endpoint: str) -> bool:
    return endpoint in current_app.view_functions
