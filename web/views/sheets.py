"""Registers to Excel and back: written out, a template, and rows brought in after a preview."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for

from engine import authorization, clock, file_store
from engine.actor import ADMINISTRATOR
from engine.commands.import_rows import ImportRows
from engine.errors import NotFound, SheetChanged, SheetWrong
from engine.queries import registers, sheets
from engine.sheets.layout import Sheet
from engine.sheets.reading import Problem
from engine.sheets.writing import MEDIA_TYPE
from web import identity, noting, register_words, uploads
from web.language import language
from web.permissions import EVERYONE, access

pages = Blueprint("sheets", __name__, url_prefix="/registers")
LARGEST = 10  # megabytes
MOST_SHOWN = 200  # lines of a preview, or of what is wrong


@pages.get("/<register:register>/export.xlsx")
@access(EVERYONE)
def export(register: str) -> Response:
    """The whole register."""
    sheet = registers.sheet_of(register)
    actor = identity.actor()
    if not authorization.sees_money(actor) and any(column.kind == "money" for column in sheet.columns):
        raise NotFound(register=register)
    with identity.reading() as connection:
        content = sheets.written(connection, sheet, english=language() == "en")
        count = sheets.size(connection, sheet)
    noting.note("export", subject=f"register:{register}", format="xlsx", rows=count)
    return _file(content, f"{sheet.title[0]} {clock.now().astimezone(clock.OFFICE):%Y-%m-%d}.xlsx")


@pages.get("/<register:register>/template.xlsx")
@access(ADMINISTRATOR)
def template(register: str) -> Response:
    """The sheet without rows."""
    sheet = _taken(register)
    with identity.reading() as connection:
        content = sheets.written(connection, sheet, english=language() == "en", empty=True)
    return _file(content, f"{sheet.title[0]}.xlsx")


@pages.get("/<register:register>/import")
@access(ADMINISTRATOR)
def ask(register: str) -> Any:
    _taken(register)
    return render_template("registers/import.html", register=register, most=sheets.MOST_ROWS, largest=LARGEST)


@pages.post("/<register:register>/import")
@access(ADMINISTRATOR)
def look(register: str) -> Any:
    """Show what a file would change; the file is kept until it is confirmed."""
    sheet = _taken(register)
    content = uploads.looked_at(request.files.get("sheet"), LARGEST)
    return _preview(sheet, content)


@pages.post("/<register:register>/import/confirm")
@access(ADMINISTRATOR)
def confirm(register: str) -> Any:
    """Write what was shown."""
    sheet = _taken(register)
    digest = request.form.get("digest", "")
    content = uploads.looked_at_before(identity.engine().settings, digest, LARGEST)
    lines, problems = sheets.read(content, sheet)
    if problems:
        return _preview(sheet, content)
    try:
        identity.execute(ImportRows(register=register, lines=lines, shown=request.form.get("shown", "")))
    except (SheetChanged, SheetWrong) as error:
        return _preview(sheet, content, error), 409
    return redirect(url_for("registers.rows", register=register, brought=len(lines)), 303)


def _preview(sheet: Sheet, content: bytes, error: SheetChanged | SheetWrong | None = None) -> Any:
    lines, problems = sheets.read(content, sheet)
    with identity.reading() as connection:
        words = registers.words(connection)
        seen = sheets.preview(connection, sheet, lines, clock.now()) if not problems else None
    found: list[Problem] = [*problems, *(seen.problems if seen else ())]
    digest = "" if found else file_store.keep(identity.engine().settings, content)
    page = render_template(
        "registers/import.html",
        register=sheet.register,
        most=sheets.MOST_ROWS,
        largest=LARGEST,
        problems=found[:MOST_SHOWN],
        problem_count=len(found),
        seen=seen,
        lines=register_words.changes(sheet, seen.changes[:MOST_SHOWN], words) if seen else [],
        most_shown=MOST_SHOWN,
        digest=digest,
        error=error,
    )
    return (page, 422) if found else page


def _taken(register: str) -> Sheet:
    sheet = registers.sheet_of(register)
    if not sheet.taken:
        raise NotFound(register=register)
    return sheet


def _file(content: bytes, name: str) -> Response:
    found = Response(content, mimetype=MEDIA_TYPE)
    found.headers.set("Content-Disposition", "attachment", filename=name)
    return found
