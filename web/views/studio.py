"""流程设计: all procedures with what becomes of them: versions, drafts, approvals."""

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for

from engine.commands.open_draft import OpenDraft
from engine.errors import InvalidCommand
from engine.queries import definitions
from web import identity
from web.permissions import OWNERS, access

pages = Blueprint("studio", __name__, url_prefix="/studio")
EDITOR = "studio_diagram.page"


@pages.get("/")
@access(OWNERS)
def index() -> Any:
    """All procedures."""
    with identity.reading() as connection:
        found = definitions.procedures(connection, identity.actor())
    return render_template("studio/index.html", procedures=found)


@pages.post("/<procedure>/open")
@access(OWNERS)
def open_draft(procedure: str) -> Any:
    """Make a draft, or go on with the one that is there."""
    identity.execute(OpenDraft(procedure=procedure, version=_version()))
    return redirect(_editor(procedure), 302)


def _version() -> int | None:
    text = request.form.get("version", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise InvalidCommand(field="version")
    return int(text)


def _editor(procedure: str) -> str:
    return url_for(EDITOR if EDITOR in current_app.view_functions else "studio.index", procedure=procedure)
