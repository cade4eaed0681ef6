"""导出: the record for other programs, of one case or of a period."""

from typing import Any

from flask import Blueprint, render_template, request

from engine import clock, exports
from engine.errors import InvalidCommand, NotFound
from engine.exports.events import Selection
from engine.queries import proof
from web import audit_find, identity, noting, streaming
from web.permissions import AUDITORS, access
from web.streaming import Taken

pages = Blueprint("audit_export", __name__, url_prefix="/audit/export")


@pages.get("")
@access(AUDITORS)
def page() -> Any:
    return render_template("audit/export.html", typed=request.args, problem=None)


@pages.get("/file")
@access(AUDITORS)
def file() -> Any:
    """The file, written while it is sent."""
    form, case = request.args.get("format", ""), request.args.get("case", "").replace("\0", "").strip()[:100]
    if form not in exports.WRITERS:
        raise InvalidCommand(field="format")
    since, until = audit_find.day(request.args, "since"), audit_find.day(request.args, "until")
    if case and (since or until):
        return _again("both"), 400
    selection = Selection(case=case or None, since=since, until=until, names="names" in request.args)
    name = f"renoflow-{case or format(clock.now().astimezone(clock.OFFICE), '%Y-%m-%d')}.{form}"
    try:
        return streaming.sent(
            lambda connection: exports.WRITERS[form](connection, selection),
            name,
            exports.MEDIA_TYPES[form],
            _taken(selection),
        )
    except NotFound:
        return _again("case"), 404


def _taken(selection: Selection) -> Taken:
    """What the access log says of it."""
    typed = {"since": request.args.get("since", ""), "until": request.args.get("until", "")}
    typed |= {"names": "yes"} if selection.names else {}
    case = None
    if selection.case is not None:
        with identity.reading() as connection:
            case = proof.by_number(connection, selection.case)
    return Taken(what="events", selection=noting.selection(typed), rows=selection.counted.total, case=case)


def _again(problem: str) -> str:
    return render_template("audit/export.html", typed=request.args, problem=problem)
