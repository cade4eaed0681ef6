"""案件: where a case is, who has it, until when; and what may be done about the whole of it."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for

from engine import clock
from engine.commands.attach_file import AttachFile
from engine.commands.cancel_instance import CancelInstance
from engine.commands.comment import Comment
from engine.commands.report_progress import ReportProgress
from engine.commands.reschedule import Reschedule
from engine.commands.resume_instance import ResumeInstance
from engine.commands.suspend_instance import SuspendInstance
from engine.errors import InvalidCommand
from engine.queries import calendar_page, case_diagrams, customer, instance, people
from engine.unit_of_work import Command
from web import case_list, case_view, identity, noting, numbers, uploads
from web.language import language
from web.moments import typed_instant
from web.permissions import EVERYONE, STAFF, access
from web.refusals import said_again

pages = Blueprint("cases", __name__, url_prefix="/cases")
TABS = ("overview", "history", "forms", "files", "comments", "diagram")
REASON_LENGTH = 500
TEXT_LENGTH = 2000


@pages.get("")
@access(EVERYONE)
def index() -> Any:
    """The cases in which a person's groups take part, newest first."""
    now = clock.now()
    asked = case_list.read(request.args)
    with identity.reading() as connection:
        found = instance.cases(
            connection,
            identity.actor(),
            procedure=asked.procedure,
            statuses=asked.statuses,
            text=asked.text,
            after=asked.after,
            size=case_list.SIZE + 1,
        )
        page = found[: case_list.SIZE]
        steps = instance.open_steps(connection, [row["id"] for row in page])
        procedures = instance.procedures(connection)
        callers = customer.by_number(connection, asked.text)
        keys = {key for rows in steps.values() for row in rows for key in (*row["candidates"], row["assignee"]) if key}
        names = people.names(connection, keys, language()) if keys else {}
        calendar = calendar_page.current(connection)
        lines = [case_list.line(connection, row, steps.get(row["id"], []), names, calendar, now) for row in page]
    return render_template(
        "cases/index.html",
        lines=lines,
        asked=asked,
        procedures=procedures,
        callers=callers,
        next=case_list.position(page[-1]) if len(found) > case_list.SIZE else None,
    )


@pages.get("/<hex:case_id>")
@access(EVERYONE)
def case(case_id: str) -> Any:
    return _page(case_id)


@pages.get("/<number>")
@access(EVERYONE)
def numbered(number: str) -> Response:
    """Where the code on a paper leads: the case with this number."""
    with identity.reading() as connection:
        found = instance.by_number(connection, identity.actor(), number)
    return redirect(url_for("cases.case", case_id=found), 303)


@pages.get("/<hex:case_id>/diagrams/<procedure>")
@access(EVERYONE)
def diagram(case_id: str, procedure: str) -> Any:
    """A diagram of the case's deployment as BPMN, for the script that draws it."""
    with identity.reading() as connection:
        content = case_diagrams.diagram(connection, identity.actor(), case_id, procedure)
    response = Response(content, mimetype="application/xml")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@pages.post("/<hex:case_id>/comment")
@access(STAFF)
@said_again(lambda case_id: _page(case_id, tab="comments"))
def comment(case_id: str) -> Any:
    return _do(Comment(case_id=case_id, text=_text("text", TEXT_LENGTH)), case_id, "comments")


@pages.post("/<hex:case_id>/files")
@access(STAFF)
def attach(case_id: str) -> Any:
    """Put a file to the case."""
    with identity.reading() as connection:
        instance.visible(connection, identity.actor(), case_id)  # before anything is kept
    file = request.files.get("file")
    if file is None or not file.filename:
        raise InvalidCommand(field="file")
    kept = uploads.store(identity.engine().settings, file)
    command = AttachFile(
        case_id=case_id, digest=kept["digest"], name=kept["name"], size_bytes=kept["size"], media_type=kept["type"]
    )
    return _do(command, case_id, "files")


@pages.post("/<hex:case_id>/progress")
@access(STAFF)
@said_again(lambda case_id: _page(case_id))
def progress(case_id: str) -> Any:
    """Tell the case that the work goes on; what was said is a comment on it."""
    text = _text("text", TEXT_LENGTH)
    identity.execute(ReportProgress(case_id=case_id, message=request.form.get("message", "")))
    if text:
        identity.engine().execute(Comment(case_id=case_id, text=text), identity.actor())
    return _back(case_id)


@pages.post("/<hex:case_id>/reschedule")
@access(STAFF)
@said_again(lambda case_id: _page(case_id))
def reschedule(case_id: str) -> Any:
    """Move an appointment."""
    command = Reschedule(
        case_id=case_id,
        timer_id=request.form.get("timer", ""),
        due_at=typed_instant(request.form.get("due_at", ""), "due_at"),
        reason=_reason(),
    )
    return _do(command, case_id)


@pages.post("/<hex:case_id>/suspend")
@access(STAFF)
@said_again(lambda case_id: _page(case_id))
def suspend(case_id: str) -> Any:
    return _do(SuspendInstance(case_id=case_id, reason=_reason()), case_id)


@pages.post("/<hex:case_id>/resume")
@access(STAFF)
@said_again(lambda case_id: _page(case_id))
def resume(case_id: str) -> Any:
    return _do(ResumeInstance(case_id=case_id, reason=_reason()), case_id)


@pages.post("/<hex:case_id>/cancel")
@access(STAFF)
@said_again(lambda case_id: _page(case_id))
def cancel(case_id: str) -> Any:
    return _do(CancelInstance(case_id=case_id, reason=_reason()), case_id)


@pages.post("/<hex:case_id>/numbers")
@access(STAFF)
def show_number(case_id: str) -> Any:
    """Show one masked number, and put on record who saw it."""
    return _page(case_id, tab="forms", shown=numbers.show(case_id))


def _page(case_id: str, tab: str | None = None, shown: tuple[int, str] | None = None) -> str:
    wanted = tab or request.args.get("tab", "overview")
    with identity.reading() as connection:
        found = case_view.view(connection, case_id, clock.now(), request.args.get("diagram"))
    noting.note("case", case=case_id)
    return render_template(
        "cases/case.html",
        view=found,
        part=wanted if wanted in TABS else "overview",
        shown=shown,
        diagram_url=case_view.diagram_url(case_id, found.picture),
    )


def _do(command: Command, case_id: str, tab: str | None = None) -> Any:
    identity.execute(command)
    return _back(case_id, tab)


def _back(case_id: str, tab: str | None = None) -> Any:
    return redirect(url_for("cases.case", case_id=case_id, tab=tab), 303)


def _reason() -> str:
    """Raises InvalidCommand where none was given: the field says that it must be."""
    reason = _text("reason", REASON_LENGTH)
    if not reason:
        raise InvalidCommand(field="reason")
    return reason


def _text(name: str, most: int) -> str:
    text = request.form.get(name, "").strip()
    if len(text) > most:
        raise InvalidCommand(field=name)
    return text
