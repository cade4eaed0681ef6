"""What the editors offer and try: the catalogue of names, the fields at a point, and the stories played on a draft."""

from typing import Any

from flask import Blueprint, jsonify, request

from engine.errors import EngineError
from engine.studio import catalogue
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
