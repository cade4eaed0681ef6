"""流程设计: all procedures with what becomes of them: drafts, approvals, versions. Editors are views of their own."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _

from engine.actor import ADMINISTRATOR
from engine.commands.approve_draft import ApproveDraft
from engine.commands.drop_draft import DropDraft
from engine.commands.new_procedure import NewProcedure
from engine.commands.open_draft import OpenDraft
from engine.commands.return_draft import ReturnDraft
from engine.commands.set_option import SetOption
from engine.commands.submit_draft import SubmitDraft
from engine.errors import InvalidCommand, InvalidDiagram
from engine.queries import people, studio_overview
from web import errors, identity
from web.language import language
from web.moments import typed_instant
from web.permissions import OWNERS, access
from web.refusals import said_again
from web.views import studio_compare

pages = Blueprint("studio", __name__, url_prefix="/studio")


@pages.get("/")
@access(OWNERS)
def index() -> Any:
    """All procedures, what waits for approval first."""
    return _index()


@pages.post("/")
@access(OWNERS)
def begin() -> Any:
    """Begin a new procedure."""
    typed = {name: request.form.get(name, "").strip() for name in ("procedure", "title", "group")}
    try:
        identity.execute(NewProcedure(**typed))
    except InvalidCommand as refused:
        return _index(typed, {str(refused.context["field"]): _why(refused)}), 422
    return redirect(_editor(typed["procedure"]), 303)


@pages.get("/<procedure>/versions")
@access(OWNERS)
def versions(procedure: str) -> Any:
    """The versions of a procedure, and its draft."""
    with identity.reading() as connection:
        title, deployment_id = studio_overview.title(connection, procedure)
        found = studio_overview.versions(connection, procedure)
        draft = studio_overview.find_draft(connection, procedure)
        told = {key for row in found for key in (row["author"], row["approver"], row["deployed_by"]) if key}
        names = people.names(connection, told | _people_of(draft), language())
    return render_template(
        "studio/versions.html",
        procedure=procedure,
        title=title,
        deployment_id=deployment_id,
        versions=found,
        draft=draft,
        names=names,
    )


@pages.post("/<procedure>/open")
@access(OWNERS)
def open_draft(procedure: str) -> Any:
    """Make a draft, or go on with the one that is there."""
    identity.execute(OpenDraft(procedure=procedure, version=_version()))
    return redirect(_editor(procedure), 302)


@pages.post("/<procedure>/drop")
@access(OWNERS)
def drop(procedure: str) -> Any:
    """Let the draft go."""
    identity.execute(DropDraft(procedure=procedure))
    return redirect(url_for("studio.index", done="dropped"), 303)


def _deciding(procedure: str) -> Any:
    """The page on which a draft is decided, again."""
    return studio_compare.page(procedure=procedure)


@pages.post("/<procedure>/submit")
@access(OWNERS)
@said_again(_deciding)
def submit(procedure: str) -> Any:
    """Have the draft approved by somebody else."""
    text = request.form.get("effective_at", "").strip()
    at = typed_instant(text, "effective_at") if text else None
    reason = request.form.get("reason", "").strip()
    try:
        identity.execute(SubmitDraft(procedure=procedure, reason=reason, effective_at=at))
    except InvalidDiagram as refused:  # the page lists what must be changed
        return _deciding(procedure), errors.status_of(refused)
    return redirect(url_for("studio.index", done="submitted"), 303)


@pages.post("/<procedure>/approve")
@access(OWNERS)
def approve(procedure: str) -> Any:
    """Publish what somebody else submitted."""
    try:
        done = identity.execute(ApproveDraft(procedure=procedure, digest=request.form.get("digest") or None))
    except InvalidDiagram as refused:
        return _deciding(procedure), errors.status_of(refused)
    came = "published" if "version" in done.body else "approved"
    return redirect(url_for("studio.index", done=came), 303)


@pages.post("/<procedure>/return")
@access(OWNERS)
@said_again(_deciding)
def give_back(procedure: str) -> Any:
    """Let a draft that was submitted be changed again."""
    identity.execute(ReturnDraft(procedure=procedure, reason=request.form.get("reason", "").strip()))
    return redirect(url_for("studio.index", done="returned"), 303)


@pages.post("/four-eyes")
@access(ADMINISTRATOR)
def four_eyes() -> Any:
    """Switch whether a second owner must approve."""
    identity.execute(SetOption(name="four_eyes", on=request.form.get("on") == "1"))
    return redirect(url_for("studio.index"), 303)


@pages.app_template_global("studio_parts")
def parts(procedure: str) -> dict[str, int] | None:
    """How many forms, tables and papers a draft has, for its tabs; None without a draft."""
    with identity.reading() as connection:
        return studio_overview.parts(connection, procedure)


@pages.app_template_global("studio_decision")
def decision(procedure: str) -> dict[str, Any]:
    """What may be decided on a draft, for studio/_decide.html: a queries.studio_overview.Decision with `names`."""
    with identity.reading() as connection:
        found = studio_overview.decision(connection, identity.actor(), procedure)
        names = people.names(connection, _people_of(found.draft), language())
    return {**{name: getattr(found, name) for name in found.__dataclass_fields__}, "names": names}


def _index(typed: dict[str, str] | None = None, error: dict[str, str] | None = None) -> str:
    with identity.reading() as connection:
        found = studio_overview.lines(connection, identity.actor())
        told = {key for one in found for key in _people_of(one.draft)}
        names = people.names(connection, told, language())
        groups = people.groups(connection)
        needs_two = studio_overview.four_eyes(connection)
    return render_template(
        "studio/index.html",
        procedures=found,
        waiting=[one for one in found if one.waits_for_me],
        names=names,
        groups=groups,
        four_eyes=needs_two,
        typed=typed or {},
        error=error or {},
        done=_done().get(request.args.get("done", "")),
    )


def _people_of(draft: Any) -> set[str]:
    columns = (draft.saved_by, draft.submitted_by, draft.approved_by) if draft is not None else ()
    return {key for key in columns if key}


def _done() -> dict[str, str]:
    return {
        "submitted": _("Submitted. The other process owners are told."),
        "approved": _("Approved. It takes effect on its day."),
        "published": _("Published. New cases follow the new version."),
        "returned": _("Returned. It can be changed again."),
        "dropped": _("The draft is dropped."),
    }


def _why(refused: InvalidCommand) -> str:
    if refused.context.get("taken"):
        return _("There is a procedure of this name.")
    return {
        "procedure": _("Lower-case letters, digits and hyphens, as in repair-handling. It stays."),
        "title": _("A title of up to 60 characters."),
        "group": _("Choose a group."),
    }[str(refused.context["field"])]


def _version() -> int | None:
    text = request.form.get("version", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise InvalidCommand(field="version")
    return int(text)


def _editor(procedure: str) -> str:
    return url_for("studio_diagram.page", procedure=procedure)
