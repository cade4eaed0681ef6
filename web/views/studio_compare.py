"""What changes between two versions of a procedure, on the diagram and in sentences, and where it is decided."""

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _

from engine import clock
from engine.errors import NotFound
from engine.queries import compare
from engine.queries.compare import Comparison
from engine.stories import trial
from web import identity
from web.language import language
from web.permissions import OWNERS, access

pages = Blueprint("studio_compare", __name__, url_prefix="/studio/<procedure>/compare")
AREAS = ("diagram", "forms", "decisions", "parameters", "documents")


@pages.get("")
@access(OWNERS)
def page(procedure: str) -> Any:
    """Two versions side by side; without any asked for, the draft against the version in force."""
    with identity.reading() as connection:
        found = compare.comparison(connection, procedure, _asked("from"), _asked("to"), clock.now())
        told = trial.find(connection, identity.engine().settings, procedure).report() if found.draft else None
    groups = {area: [one for one in found.changes if one.area == area] for area in AREAS}
    return render_template(
        "studio/compare.html",
        procedure=procedure,
        found=found,
        groups={area: rows for area, rows in groups.items() if rows},
        marked={mark: sum(one.mark == mark for one in found.changes) for mark in ("add", "chg", "rem")},
        stories=told,
        island=_island(found),
        sentence=_sentence,
    )


@pages.get("/diagram")
@access(OWNERS)
def diagram(procedure: str) -> Any:
    """The BPMN file of a version, for the script that draws it."""
    version = _asked("version")
    if version is None:
        raise NotFound(procedure=procedure)
    with identity.reading() as connection:
        content = compare.diagram(connection, procedure, version)
    response = Response(content, mimetype="application/xml")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _asked(name: str) -> int | str | None:
    text = request.args.get(name, "")
    if not text:
        return None
    if text == compare.DRAFT:
        return compare.DRAFT
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise NotFound(version=text[:20])
    return int(text)


def _sentence(change: Any) -> str:
    return str(change.message_zh if language() == "zh_CN" else change.message_en)


def _island(found: Comparison) -> dict[str, Any]:
    """What the script draws: the diagrams' addresses, and the shapes that changed."""

    def address(version: int | str | None) -> str | None:
        if version is None:
            return None
        return url_for("studio_compare.diagram", procedure=found.procedure, version=version)

    shapes = [
        {"element": one.element, "mark": one.mark, "brief": one.brief_zh if language() == "zh_CN" else one.brief_en}
        for one in found.changes
        if one.area == "diagram"
    ]
    words = {"add": _("added"), "chg": _("changed"), "rem": _("removed")}
    return {"before": address(found.before), "after": address(found.after), "shapes": shapes, "words": words}
