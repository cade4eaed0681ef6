"""Who may open a view: declared on the view itself, looked at before every request.

What a person may do with one task or case is the engine's business; here stands only who gets as far as asking.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

from engine.actor import ADMINISTRATOR, AUDITOR, PROCESS_OWNER
from engine.errors import Forbidden
from web import identity

View = TypeVar("View", bound=Callable[..., Any])

ANYONE = "anyone"  # without logging in
EVERYONE = "everyone"  # who is logged in
STAFF = "staff"  # who is logged in and may change something: auditors only read
AUDITORS = "auditors"  # auditors and administrators: the auditor's room
OWNERS = "owners"  # process owners and administrators: the studio
ACCESS = (ANYONE, EVERYONE, STAFF, AUDITORS, OWNERS, ADMINISTRATOR)
MOST_OF_A_FORM = 4 * 1024 * 1024  # bytes; only forms with files, of who is logged in, may be larger
SHARED = ("static",)  # Flask's own views


def access(who: str) -> Callable[[View], View]:
    """Declare who may open a view: one of ACCESS."""
    assert who in ACCESS

    def declare(view: View) -> View:
        view.access = who  # type: ignore[attr-defined]
        return view

    return declare


def is_open_to(who: str, roles: frozenset[str]) -> bool:
    """Whether a logged-in person with these roles may open a view that declares `who`."""
    if who == ADMINISTRATOR:
        return ADMINISTRATOR in roles
    if who == AUDITORS:
        return not roles.isdisjoint((AUDITOR, ADMINISTRATOR))
    if who == OWNERS:
        return ADMINISTRATOR in roles or (PROCESS_OWNER in roles and AUDITOR not in roles)
    return who != STAFF or AUDITOR not in roles or ADMINISTRATOR in roles


def init_app(app: Flask) -> None:
    """Guard every view; one that declares nothing is open to nobody."""
    app.before_request(_guard)


def _guard() -> Any:
    if request.endpoint is None or request.endpoint in SHARED:
        return None
    who = getattr(current_app.view_functions[request.endpoint], "access", None)
    if who == ANYONE or request.mimetype != "multipart/form-data":
        request.max_content_length = MOST_OF_A_FORM
    if who == ANYONE:
        return None
    person = identity.person()
    if person is None:
        return identity.ask_to_log_in()
    if who is None or not is_open_to(who, person.actor.roles):
        raise Forbidden()
    return None
