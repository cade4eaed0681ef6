"""What a refusal or a failure looks like: the only map from an error's code to a status and a page."""

import secrets
import traceback

import structlog
from flask import Flask, Response, g, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadHost, HTTPException, RequestEntityTooLarge

from engine import clock
from engine.errors import EngineError, Failure
from engine.messages import say
from engine.queries import form_page, people
from web import due_words, identity, noting, words
from web.language import language

LOG = structlog.get_logger("web")
STATUS = {
    "request.not_found": 404,
    "access.forbidden": 403,
    "login.refused": 422,
    "login.throttled": 429,
    "command.invalid": 400,
    "person.unavailable": 422,
    "request.duplicate": 409,
    "form.rejected": 422,
    "file.refused": 422,
    "file.too_large": 413,
    "task.already_completed": 409,
    "task.already_claimed": 409,
    "task.stale": 409,
    "task.too_early": 409,
    "case.suspended": 409,
    "case.closed": 409,
    "case.key_taken": 409,
    "draft.unreadable": 422,
    "draft.changed": 409,
    "draft.open": 409,
    "draft.frozen": 409,
    "draft.not_submitted": 409,
    "draft.unchanged": 409,
    "draft.overtaken": 409,
    "draft.own_approval": 403,
    "package.refused": 422,
    "database.unavailable": 503,
    "database.busy": 503,
}
LOST_RACES = ("task.already_completed", "task.already_claimed")
NOT_KEPT = ("csrf_token", "request_id", "password", "new", "again")


def status_of(error: EngineError) -> int:
    """The HTTP status of an engine's error."""
    return STATUS.get(error.code, 500 if isinstance(error, Failure) else 400)


def init_app(app: Flask) -> None:
    """Let every error end in a page that says what to do."""
    app.register_error_handler(EngineError, _engine_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _broken)


def _engine_error(error: EngineError) -> Response:
    status = status_of(error)
    if status >= 500:
        return _broken(error)
    noting.note_refusal(error)
    text = say(error.code, language(), **error.context)
    if error.code in LOST_RACES:
        text = _lost_race(error) or text
    return page(status, text)


def _lost_race(error: EngineError) -> str:
    """“这一项 14:18 已由丁楠签收”: who was faster, and when."""
    task_id = (request.view_args or {}).get("task_id")
    if task_id is None or identity.person() is None:
        return ""
    with identity.reading() as connection:
        row = form_page.holder(connection, task_id)
        names = people.names(connection, {row["assignee"]}) if row and row["assignee"] else {}
    if row is None or not row["assignee"]:
        return ""
    at = row["completed_at"] or row["claimed_at"]
    moment = due_words.moment(at, clock.now()) if at else ""
    name = words.principal(row["assignee"], names)
    if row["completed_at"]:
        return _("%(name)s completed this task at %(moment)s.", name=name, moment=moment)
    return _("%(name)s claimed this task at %(moment)s.", name=name, moment=moment)


def _csrf_error(error: CSRFError) -> Response:
    return page(400, _("The page was open for too long or comes from elsewhere. Send it again."), keeps=True)


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if isinstance(error, RequestEntityTooLarge):
        limit = identity.engine().settings.upload_megabytes
        return page(413, say("file.too_large", language(), limit_megabytes=limit))
    if isinstance(error, BadHost):  # no address can be made from it, so no page either
        return Response(say("request.refused", language()), status, mimetype="text/plain")
    if status in (301, 302, 303, 304, 307, 308):
        return error.get_response()  # type: ignore[return-value]
    texts = {404: "request.not_found", 403: "access.forbidden"}
    return page(status, say(texts.get(status, "request.refused"), language()))


def _broken(error: Exception) -> Response:
    _know_person()
    number = f"E-{secrets.token_hex(4).upper()}"
    trace = "".join(traceback.format_exception(error))  # without the values of variables: they may be personal
    LOG.error("broken", number=number, path=request.path, method=request.method, trace=trace)
    status = status_of(error) if isinstance(error, EngineError) else 500
    busy = isinstance(error, EngineError) and error.retryable
    text = say(error.code, language()) if isinstance(error, EngineError) and busy else ""
    return page(status, text or _("It was not saved; what you typed is kept below."), number=number, keeps=True)


def page(status: int, text: str, *, number: str = "", keeps: bool = False) -> Response:
    """An error page, or for a script that asked for a part of a page, one line.

    Args:
        number: What an operator finds in the log.
        keeps: Offer to send again what was typed.
    """
    g.pop("shell", None)
    kept = request.form if keeps and request.method == "POST" else MultiDict()  # one too large can't be read again
    if request.headers.get("HX-Request"):
        part = make_response(render_template("errors/part.html", text=text, number=number), status)
        part.headers["HX-Retarget"], part.headers["HX-Reswap"] = "#notice", "innerHTML"
        return part
    return make_response(
        render_template(
            "errors/page.html",
            status=status,
            title=titles().get(status, titles()[400]),
            text=text,
            number=number,
            retry=[(name, value) for name, value in kept.items(multi=True) if name not in NOT_KEPT],
            retry_id=kept.get("request_id", ""),
            signed_in=_signed_in(),
        ),
        status,
    )


def _signed_in() -> bool:
    return identity.person() is not None


def _know_person() -> None:
    """Find out who is asking, or do without: the page must come even where the store is what failed."""
    try:
        identity.person()
    except Exception:
        LOG.warning("person.unknown")
        setattr(g, identity.UNKNOWN, True)


def titles() -> dict[int, str]:
    """Status → heading."""
    return {
        400: _("This did not work"),
        403: _("Not yours to open"),
        404: _("Nothing here"),
        409: _("Something has changed meanwhile"),
        413: _("The file is too large"),
        422: _("Something needs a change"),
        429: _("Too many tries"),
        500: _("Not saved"),
        503: _("Not saved"),
    }
