"""流程设计: a draft's forms, decision tables, parameters and papers."""

import base64
import json
import re
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from engine.commands.remove_draft_file import RemoveDraftFile
from engine.commands.rename_draft_file import RenameDraftFile
from engine.commands.save_draft_file import SaveDraftFile
from engine.errors import DraftChanged, InvalidCommand, InvalidFormSchema, NotFound, PaperFailed
from engine.queries import people, studio, studio_tables
from engine.queries.studio_diagram import heading
from engine.studio import procedure_settings
from web import identity, procedure_form, studio_new_files, task_form, uploads, words
from web.form_fields import posted_values
from web.language import language
from web.permissions import OWNERS, access
from web.studio_tables_words import form_words

pages = Blueprint("studio_tables", __name__, url_prefix="/studio/<procedure>")
NAMES = {"forms": re.compile(r"[a-z][a-z0-9_]{0,59}"), "documents": re.compile(r"[a-z][a-z0-9-]{0,59}")}
NAMES["decisions"] = NAMES["forms"]
PATHS = {"forms": "forms/{procedure}/{name}.json", "decisions": "{name}.dmn", "documents": "documents/{name}.typ"}
NEW: dict[str, Callable[[str, str], str]] = {
    "forms": studio_new_files.form,
    "decisions": studio_new_files.decision,
    "documents": lambda _name, title: studio_new_files.document(title),
}
SETTINGS = "procedure.toml"


@pages.get("/forms", defaults={"form": None})
@pages.get("/forms/<form>")
@access(OWNERS)
def forms(procedure: str, form: str | None) -> Any:
    return _page("forms", procedure, form)


@pages.get("/decisions", defaults={"decision": None})
@pages.get("/decisions/<decision>")
@access(OWNERS)
def decisions(procedure: str, decision: str | None) -> Any:
    return _page("decisions", procedure, decision)


@pages.get("/documents", defaults={"document": None})
@pages.get("/documents/<document>")
@access(OWNERS)
def documents(procedure: str, document: str | None) -> Any:
    return _page("documents", procedure, document)


@pages.post("/<any(forms, decisions, documents):kind>")
@access(OWNERS)
def add(procedure: str, kind: str) -> Any:
    """Make a new file with the least in it, and open it."""
    name, title = request.form.get("name", "").strip(), request.form.get("title", "").strip()[:100]
    if problem := _unfit(kind, procedure, name):
        return _page(kind, procedure, None, error=problem), 422
    content = NEW[kind](name, title or name).encode()
    identity.execute(SaveDraftFile(procedure=procedure, path=_path(kind, procedure, name), content=content, revision=0))
    return redirect(_address(kind, procedure, name), 303)


@pages.post("/<any(forms, decisions, documents):kind>/<name>/remove")
@access(OWNERS)
def remove(procedure: str, kind: str, name: str) -> Any:
    path = _path(kind, procedure, name)
    with identity.reading() as connection:
        revision = studio.file(connection, procedure, path)["revision"]
    identity.execute(RemoveDraftFile(procedure=procedure, path=path, revision=revision))
    return redirect(_address(kind, procedure), 303)


@pages.post("/forms/<form>/rename")
@access(OWNERS)
def rename(procedure: str, form: str) -> Any:
    """Give a form another name: the id of the step that asks it."""
    name = request.form.get("name", "").strip()
    if problem := _unfit("forms", procedure, name):
        return _page("forms", procedure, form, error=problem), 422
    with identity.reading() as connection:
        found = studio.file(connection, procedure, _path("forms", procedure, form))
    schema = json.loads(found["content"]) | {"id": name}
    content = (json.dumps(schema, ensure_ascii=False, indent=2) + "\n").encode()
    to = _path("forms", procedure, name)
    command = RenameDraftFile(
        procedure=procedure, path=found["path"], to=to, content=content, revision=found["revision"]
    )
    identity.execute(command)
    return redirect(_address("forms", procedure, name), 303)


@pages.route("/forms/<form>/preview", methods=["GET", "POST"])
@access(OWNERS)
def preview(procedure: str, form: str) -> Any:
    """The form as staff will see it, in a frame; POST: the fields that are asked because of what was typed."""
    with identity.reading() as connection:
        content = studio.file(connection, procedure, _path("forms", procedure, form))["content"]
        try:
            found = studio_tables.form(content.encode())
        except InvalidFormSchema as refused:
            shown, problems = None, [_said(one) for one in refused.problems]
        else:
            problems = []
            values = found.prefilled(lambda _text: None)
            if request.method == "POST":
                shelf = uploads.Shelf(identity.engine().settings)
                values = posted_values(found, request.form, MultiDict(), shelf).values
            shown = task_form.shown_form(connection, found, values, None)
    if request.method == "POST" and shown is not None:
        before = set(request.form.get("shown", "").split())
        changed = [view for view in shown.views if view.field.show_if and (view.field.key in before) != view.shown]
        return render_template("start/_fields.html", shown=shown, changed=changed)
    answer = Response(
        render_template("studio/preview.html", procedure=procedure, form=form, shown=shown, problems=problems)
    )
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"  # our own dialog shows it at two widths
    answer.headers["Content-Security-Policy"] = "default-src 'self'; img-src 'self' data:; frame-ancestors 'self'"
    return answer


@pages.get("/parameters")
@access(OWNERS)
def parameters(procedure: str) -> Any:
    return _parameters(procedure)


@pages.post("/parameters")
@access(OWNERS)
def save_parameters(procedure: str) -> Any:
    """Write procedure.toml anew, or show the form again with what is wrong at its fields."""
    with identity.reading() as connection:
        content = studio.file(connection, procedure, SETTINGS)["content"].encode()
        groups = [row["key"] for row in people.groups(connection)]
    posted = procedure_form.read(request.form, procedure_settings.read(content), groups)
    if posted.errors:
        return _parameters(procedure, posted), 422
    changed = procedure_settings.written(content, posted.settings)
    command = SaveDraftFile(procedure=procedure, path=SETTINGS, content=changed, revision=_revision())
    try:
        identity.execute(command)
    except DraftChanged as lost:
        return _parameters(procedure, posted, lost=_lost(procedure, changed, lost)), 409
    return redirect(url_for("studio_tables.parameters", procedure=procedure, saved=1), 303)


@pages.get("/documents/<document>/pages")
@access(OWNERS)
def paper(procedure: str, document: str) -> Any:
    """The saved template with an invented case: {pages: [picture as data: address], reason}."""
    try:
        pictures = _set(procedure, document, studio_tables.paper)
    except PaperFailed as failed:
        return jsonify(pages=[], reason=failed.context["reason"])
    found = ["data:image/png;base64," + base64.b64encode(page).decode() for page in pictures]
    return jsonify(pages=found, reason=None)


@pages.get("/documents/<document>/paper.pdf")
@access(OWNERS)
def paper_as_pdf(procedure: str, document: str) -> Any:
    return Response(_set(procedure, document, studio_tables.paper_as_pdf), mimetype="application/pdf")


def _set(procedure: str, document: str, press: Callable[..., Any]) -> Any:
    with identity.reading() as connection:
        template = studio.file(connection, procedure, _path("documents", procedure, document))["content"]
        return press(connection, studio_tables.contents(connection, procedure).files, template)


def _page(kind: str, procedure: str, name: str | None, error: str = "") -> Any:
    """The list of a draft's files of a kind, or the editor of one of them."""
    with identity.reading() as connection:
        draft = heading(connection, procedure)
        found = studio_tables.contents(connection, procedure)
        if name is not None:
            studio.file(connection, procedure, _path(kind, procedure, name))  # raises NotFound
    path = _path(kind, procedure, name) if name else None
    entries = {
        "forms": [(one.key, one.title) for one in found.forms],
        "decisions": [(one.key, one.name or one.key) for one in found.decisions],
        "documents": [(one, one) for one in found.documents],
    }[kind]
    more = {
        "kind": kind,
        "name": name,
        "path": path,
        "contents": found,
        "entries": entries,
        "error": error,
        "words": form_words(),
    }
    return render_template(f"studio/{kind}.html", procedure=procedure, draft=draft, **more)


def _parameters(procedure: str, posted: procedure_form.Posted | None = None, **more: Any) -> str:
    with identity.reading() as connection:
        draft = heading(connection, procedure)
        file = studio.file(connection, procedure, SETTINGS)
        found = studio_tables.contents(connection, procedure)
        groups = people.groups(connection)
        problems = [one for one in studio.problems(connection, procedure) if one.file == SETTINGS]
    kept = procedure_settings.read(file["content"].encode())
    return render_template(
        "studio/parameters.html",
        procedure=procedure,
        draft=draft,
        revision=request.form.get("revision", file["revision"]) if not more else file["revision"],
        settings=kept,
        shown=posted.settings if posted else kept,
        errors=posted.errors if posted else {},
        contents=found,
        groups=groups,
        principals_known={f"group:{one['key']}" for one in groups},
        kinds=procedure_settings.KINDS,
        problems=[] if posted else [(one.severity, one.element, _said(one)) for one in problems],
        **more,
    )


def _lost(procedure: str, mine: bytes, error: DraftChanged) -> dict[str, Any]:
    """Who saved in between, and what they say otherwise than what was sent."""
    with identity.reading() as connection:
        names = people.names(connection, {error.context["by"]}, language())
        changes = studio.differences(connection, procedure, SETTINGS, mine)
    return {"by": words.principal(error.context["by"], names), "changes": [_said(one) for one in changes]}


def _unfit(kind: str, procedure: str, name: str) -> str:
    """Why a new file may not have this name; "" where it may."""
    if NAMES[kind].fullmatch(name) is None:
        joint = "-" if kind == "documents" else "_"
        return _(
            "“%(name)s” can't be a name: small letters, digits and %(joint)s, a letter first.", name=name, joint=joint
        )
    with identity.reading() as connection:
        try:
            studio.file(connection, procedure, _path(kind, procedure, name))
        except NotFound:
            return ""
    return _("“%(name)s” is there already.", name=name)


def _path(kind: str, procedure: str, name: str) -> str:
    return PATHS[kind].format(procedure=procedure, name=name)


def _address(kind: str, procedure: str, name: str | None = None) -> str:
    own = {"forms": "form", "decisions": "decision", "documents": "document"}[kind]
    return url_for(f"studio_tables.{kind}", procedure=procedure, **({own: name} if name else {}))


def _revision() -> int:
    text = request.form.get("revision", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InvalidCommand(field="revision")
    return int(text)


def _said(one: Any) -> str:
    return str(one.message_zh if language() == "zh_CN" else one.message_en)
