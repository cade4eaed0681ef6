"""流程说明: every procedure in plain words, for everyone; the version in force, an older one, or an owner's draft."""

from typing import Any

from flask import Blueprint, Response, render_template, request

from engine.errors import NotFound
from engine.queries import explain
from web import identity
from web.language import language
from web.permissions import EVERYONE, OWNERS, access, is_open_to

pages = Blueprint("manual", __name__, url_prefix="/manual")
KINDS = ("hand", "message", "timer", "called")


@pages.get("/")
@access(EVERYONE)
def index() -> Any:
    """All procedures, by how they begin."""
    with identity.reading() as connection:
        found = explain.index(connection, _tongue())
    groups = {kind: [one for one in found if one.kind == kind] for kind in KINDS}
    return render_template("manual/index.html", groups={kind: rows for kind, rows in groups.items() if rows})


@pages.get("/<procedure>")
@access(EVERYONE)
def procedure(procedure: str) -> Any:
    with identity.reading() as connection:
        page = explain.page(connection, procedure, _version(), _tongue())
    return render_template("manual/procedure.html", page=page, told=page.told)


@pages.get("/<procedure>/picture")
@access(EVERYONE)
def picture(procedure: str) -> Any:
    """The diagram as a picture."""
    with identity.reading() as connection:
        drawn = explain.picture(connection, procedure, _version())
    response = Response(drawn, mimetype="image/svg+xml")
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


def _version() -> int | str | None:
    """The version that was asked for; a draft is for owners."""
    asked = request.args.get("version")
    if asked is None:
        return None
    person = identity.person()
    if asked == explain.DRAFT and person is not None and is_open_to(OWNERS, person.actor.roles):
        return explain.DRAFT
    if not (asked.isascii() and asked.isdigit() and len(asked) < 7):
        raise NotFound(version=asked[:20])
    return int(asked)


def _tongue() -> str:
    return "zh" if language() == "zh_CN" else "en"
