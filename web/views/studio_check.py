"""What the editors offer and try: the catalogue of names, the fields at a point, and the stories played on a draft."""

from typing import Any

from flask import Blueprint, jsonify, request

from engine.errors import EngineError, InvalidDiagram
from engine.stories import trial
from engine.studio import catalogue, checking
from web import identity
from web.language import language
from web.permissions import OWNERS, access
from web.views.studio_api import refused

pages = Blueprint("studio_check", __name__, url_prefix="/studio/<procedure>")
pages.register_error_handler(EngineError, refused)


@pages.get("/catalogue")
@access(OWNERS)
def offered(procedure: str) -> Any:
    """Groups, forms, decisions, procedures, operations, functions, deadlines and parameters that may be named."""
    with identity.reading() as connection:
        return jsonify(catalogue.catalogue(connection, procedure, language()))


@pages.get("/fields")
@access(OWNERS)
def fields(procedure: str) -> Any:
    """The fields that an expression at `element` may read."""
    with identity.reading() as connection:
        found = catalogue.fields(connection, procedure, request.args.get("element", ""), language())
    return jsonify(fields=found)


@pages.post("/stories")
@access(OWNERS)
def play(procedure: str) -> Any:
    """Play the stories on the draft, unless that is being done, or has been since it was last saved."""
    settings = identity.engine().settings
    with identity.reading() as connection:
        found = checking.check(connection, catalogue.files(connection, procedure))
        if errors := [one for one in found if one.severity == "error"]:
            raise InvalidDiagram(errors)
        asked = trial.find(connection, settings, procedure)
        trial.start(connection, settings, asked)
    return jsonify(_told(asked)), 202


@pages.get("/stories")
@access(OWNERS)
def stories(procedure: str) -> Any:
    """How far the stories have come, and what they have shown."""
    with identity.reading() as connection:
        catalogue.files(connection, procedure)
        asked = trial.find(connection, identity.engine().settings, procedure)
    return jsonify(_told(asked))


def _told(asked: trial.Trial) -> dict[str, Any]:
    """The report in the page's language."""
    report = asked.report()
    chosen = "zh" if language() == "zh_CN" else "en"
    return report | {"results": [one | {"reason": one["reason"][chosen]} for one in report["results"]]}
