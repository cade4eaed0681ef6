"""Headers of every answer. Scripts and styles come from our own files alone: no page has an inline one."""

from flask import Flask, Response, request

POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data:",  # icons inside the bundled style sheet
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
CANVAS = {"style-src": "'self' 'unsafe-inline'"}  # diagram-js writes style attributes into its shapes
CANVAS_VIEWS = frozenset(  # pages of bpmn.io's viewers and editors
    {
        "cases.case",
        "audit_replay.replay",
        "studio_compare.page",
        "studio_diagram.page",
        "studio_tables.forms",
        "studio_tables.decisions",
        "studio.submit",  # these answer with the comparison where they refuse
        "studio.approve",
        "studio.give_back",
    }
)

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), camera=(self)",
}
YEAR_SECONDS = 31_536_000


def init_app(app: Flask) -> None:
    """Put the headers on every answer."""
    app.after_request(_headers)


def _headers(response: Response) -> Response:
    policy = POLICY | (CANVAS if request.endpoint in CANVAS_VIEWS else {})
    response.headers.setdefault("Content-Security-Policy", "; ".join(f"{key} {value}" for key, value in policy.items()))
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR_SECONDS}")
    if request.endpoint == "static" and "v" in request.args:
        response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    elif request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "private, no-store")
    return response
