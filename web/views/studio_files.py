"""A procedure out as a ZIP, and in as a ZIP or a single diagram: looked at first, then kept as a draft."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request

from engine import file_store
from engine.commands.import_draft import ImportDraft
from engine.errors import DraftChanged, DraftFrozen, DraftUnreadable, PackageRefused
from engine.messages import say
from engine.queries import packages, people
from engine.studio import packing
from web import identity, uploads
from web.language import language
from web.permissions import OWNERS, access

pages = Blueprint("studio_files", __name__, url_prefix="/studio")
LARGEST = 10  # megabytes
MOST_SHOWN = 100  # problems or changes of a preview


@pages.get("/import")
@access(OWNERS)
def ask() -> Any:
    """Choose a file."""
    return _page()


@pages.post("/import")
@access(OWNERS)
def look() -> Any:
    """Show what a file holds and would change; it is kept until it is confirmed."""
    content = uploads.looked_at(request.files.get("package"), LARGEST)
    return _preview(content, request.form.get("procedure", "").strip())


@pages.post("/import/confirm")
@access(OWNERS)
def confirm() -> Any:
    """Make what was shown the procedure's draft."""
    content = uploads.looked_at_before(identity.engine().settings, request.form.get("digest", ""), LARGEST)
    name, seen = request.form.get("procedure", ""), request.form.get("revision", "")
    package = packing.unpack(content, name)
    revision = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0
    try:
        identity.execute(ImportDraft(procedure=package.procedure, files=package.files, revision=revision))
    except (DraftChanged, DraftFrozen) as error:
        page, _status = _preview(content, name, say(error.code, language(), **error.context))
        return page, 409
    return redirect(f"{request.script_root}/studio/{package.procedure}/", 303)


@pages.get("/<procedure>/zip")
@access(OWNERS)
def export(procedure: str) -> Response:
    """A version, or the draft, as a ZIP."""
    version = request.args.get("version", "draft")
    with identity.reading() as connection:
        content = packages.packed(connection, procedure, version)
    found = Response(content, mimetype="application/zip")
    found.headers.set("Content-Disposition", "attachment", filename=f"{procedure}-{version}.zip")
    return found


def _preview(content: bytes, name: str, conflict: str = "") -> tuple[str, int]:
    """The page with what a file holds; 422 with the reason where it can't be brought in."""
    try:
        package = packing.unpack(content, name)
        for path, data in package.files.items():
            packages.require_readable(path, data)
    except PackageRefused as error:
        return _page(refused=say(f"package.{error.context['reason']}", language(), **error.context), name=name), 422
    except DraftUnreadable as error:
        return _page(refused=say(error.code, language(), **error.context), problems=error.problems, name=name), 422
    with identity.reading() as connection:
        seen = packages.preview(connection, package)
        by = seen.draft.saved_by if seen.draft else ""
        names = people.names(connection, {by}, language()) if by else {}
    digest = file_store.keep(identity.engine().settings, content)
    return _page(
        package=package, seen=seen, digest=digest, name=name, conflict=conflict, by=by, names=names,
        problems=seen.problems[:MOST_SHOWN],
    ), 200  # fmt: skip


def _page(**shown: Any) -> str:
    blank: dict[str, Any] = dict.fromkeys(("package", "seen", "digest", "name", "conflict", "refused"), "")
    return render_template(
        "studio/import.html",
        largest=LARGEST,
        most_shown=MOST_SHOWN,
        chinese=language() == "zh_CN",
        **{**blank, "problems": (), **shown},
    )
