"""One task: its facts, its form, and everything that a person may do with it."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from engine.commands.attach_file import AttachFile
from engine.commands.comment import Comment
from engine.commands.complete_task import CompleteTask
from engine.commands.release_task import ReleaseTask
from engine.commands.report_progress import ReportProgress
from engine.commands.reschedule import Reschedule
from engine.commands.save_draft import SaveDraft
from engine.commands.transfer_task import TransferTask
from engine.errors import FormRejected, InvalidCommand, NotFound, Stale
from engine.queries import form_page, worklist
from web import errors, identity, noting, numbers, task_form, uploads
from web.moments import typed_instant
from web.permissions import EVERYONE, STAFF, access
from web.refusals import said_again

pages = Blueprint("tasks", __name__, url_prefix="/tasks")
REASON_LENGTH = 500
TEXT_LENGTH = 2000


@pages.get("/<hex:task_id>")
@access(EVERYONE)
def task(task_id: str) -> Any:
    return _page(task_id)


@pages.post("/<hex:task_id>/complete")
@access(STAFF)
def complete(task_id: str) -> Any:
    """Submit the form; go on with what comes next."""
    posted = task_form.posted(task_id)
    if posted.errors:
        return _again(task_id, posted, FormRejected(posted.errors))
    command = CompleteTask(task_id=task_id, revision=_revision(), values=posted.values)
    try:
        done = identity.execute(command)
    except FormRejected as rejected:
        return _again(task_id, posted, rejected)
    except Stale as stale:
        return _changed(task_id, posted, stale)
    with identity.reading() as connection:
        following = worklist.next_task(connection, identity.actor(), done.stream)
    where = url_for("tasks.task", task_id=following) if following else url_for("worklist.inbox")
    return redirect(where + "?done=1", 303)


@pages.post("/<hex:task_id>/draft")
@access(STAFF)
def draft(task_id: str) -> Any:
    """Keep what was typed so far; the answer shows what is asked because of it."""
    posted, before = task_form.posted(task_id), set(request.form.get("shown", "").split())
    kept = {key: value for key, value in posted.values.items() if value != [] or key in before}  # else it was not asked
    identity.engine().execute(SaveDraft(task_id=task_id, values=kept), identity.actor())
    if not request.headers.get("HX-Request"):
        return redirect(url_for("tasks.task", task_id=task_id), 303)
    with identity.reading() as connection:
        shown = task_form.shown(connection, task_id, FormRejected(posted.errors))
    changed = [view for view in shown.views if view.field.show_if and (view.field.key in before) != view.shown]
    changed += [view for view in shown.views if view.field.type == "filepicker" and _was_uploaded(view.name)]
    return render_template("tasks/_draft.html", shown=shown, changed=changed)


@pages.post("/<hex:task_id>/release")
@access(STAFF)
def release(task_id: str) -> Any:
    identity.execute(ReleaseTask(task_id=task_id))
    return redirect(url_for("worklist.inbox", tab="group"), 303)


@pages.post("/<hex:task_id>/transfer")
@access(STAFF)
@said_again(lambda task_id: _page(task_id))
def transfer(task_id: str) -> Any:
    command = TransferTask(task_id=task_id, to=request.form.get("to", ""), reason=_text("reason", REASON_LENGTH))
    identity.execute(command)
    return redirect(url_for("worklist.inbox"), 303)


@pages.post("/<hex:task_id>/comment")
@access(STAFF)
@said_again(lambda task_id: _page(task_id))
def comment(task_id: str) -> Any:
    identity.execute(Comment(case_id=_case_of(task_id), text=_text("text", TEXT_LENGTH)))
    return _back(task_id, "comments")


@pages.post("/<hex:task_id>/files")
@access(STAFF)
def attach(task_id: str) -> Any:
    """Put a file to the case of a task."""
    case_id, file = _case_of(task_id), request.files.get("file")
    with identity.reading() as connection:
        task_form.require_seeing(connection, case_id)  # before anything is kept
    if file is None or not file.filename:
        raise InvalidCommand(field="file")
    kept = uploads.store(identity.engine().settings, file)
    identity.execute(
        AttachFile(
            case_id=case_id, digest=kept["digest"], name=kept["name"], size_bytes=kept["size"], media_type=kept["type"]
        )
    )
    return _back(task_id, "files")


@pages.post("/<hex:task_id>/numbers")
@access(STAFF)
def show_number(task_id: str) -> Any:
    """Show one masked number among the facts, and put on record who saw it."""
    return _page(task_id, shown=numbers.show(_case_of(task_id)))


@pages.post("/<hex:task_id>/progress")
@access(STAFF)
@said_again(lambda task_id: _page(task_id))
def progress(task_id: str) -> Any:
    """Tell the case that the work goes on; what was said is a comment on it."""
    case_id, text = _case_of(task_id), _text("text", TEXT_LENGTH)
    identity.execute(ReportProgress(case_id=case_id, message=request.form.get("message", "")))
    if text:
        identity.engine().execute(Comment(case_id=case_id, text=text), identity.actor())
    return _back(task_id, "comments")


@pages.post("/<hex:task_id>/reschedule")
@access(STAFF)
@said_again(lambda task_id: _page(task_id))
def reschedule(task_id: str) -> Any:
    """Move the due time of the task's deadline, as a person who directs the work."""
    command = Reschedule(
        case_id=_case_of(task_id),
        timer_id=request.form.get("timer", ""),
        due_at=typed_instant(request.form.get("due_at", ""), "due_at"),
        reason=_text("reason", REASON_LENGTH, required=True),
    )
    identity.execute(command)
    return _back(task_id)


def _page(task_id: str, values: dict[str, Any] | None = None, rejected: FormRejected | None = None, **more: Any) -> str:
    with identity.reading() as connection:
        found = task_form.page(connection, task_id, values, rejected)
    noting.note("task", case=found.case["id"], subject=task_id)
    return render_template("tasks/task.html", page=found, **more)


def _again(task_id: str, posted: Any, rejected: FormRejected) -> Any:
    """The form with its errors; what was typed is kept as a draft too, so that its files stay."""
    identity.engine().execute(SaveDraft(task_id=task_id, values=posted.values), identity.actor())
    return _page(task_id, posted.values, rejected), 422


def _changed(task_id: str, posted: Any, stale: Stale) -> Any:
    """The task as it is now with what was typed, where this person still has it."""
    with identity.reading() as connection:
        found = task_form.page(connection, task_id, posted.values, None)
    if not found.may_complete:
        raise stale
    return render_template("tasks/task.html", page=found, changed=True), errors.status_of(stale)


def _revision() -> int | None:
    text = request.form.get("revision")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InvalidCommand(field="revision")
    return int(text)


def _text(name: str, most: int, *, required: bool = False) -> str:
    text = request.form.get(name, "").strip()
    if len(text) > most or (required and not text):
        raise InvalidCommand(field=name)
    return text


def _case_of(task_id: str) -> str:
    """The case of a task; whether it may be seen is for the command to say."""
    with identity.reading() as connection:
        row = form_page.holder(connection, task_id)
    if row is None:
        raise NotFound(task=task_id)
    return str(row["case_id"])


def _back(task_id: str, anchor: str | None = None) -> Any:
    return redirect(url_for("tasks.task", task_id=task_id, _anchor=anchor), 303)


def _was_uploaded(name: str) -> bool:
    files: MultiDict[str, Any] = request.files
    return any(file.filename for file in files.getlist(name))
