"""Logging in and out, one's own page, the language."""

import re
from collections import defaultdict
from typing import Any

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for

from engine import clock, passwords
from engine.commands.set_password import SetPassword
from engine.errors import LoginRefused, LoginThrottled
from engine.messages import say
from engine.queries import login, people, worklist
from web import errors, identity
from web.language import COOKIE, LANGUAGES, language
from web.moments import end_of_day
from web.permissions import ANYONE, EVERYONE, access

pages = Blueprint("session", __name__)
YEAR_SECONDS = 31_536_000
INSIDE = re.compile(r"/(?![/\\])[^\s\\\x00-\x1f\x7f]*")  # a tab is dropped on the way: "/<tab>/host" is another site
ROLE_ORDER = ("administrator", "auditor", "process_owner")


@pages.get("/login")
@access(ANYONE)
def log_in() -> Any:
    if identity.person() is not None:
        return redirect(_next(), 303)
    return _login_page()


@pages.post("/login")
@access(ANYONE)
def log_in_with_password() -> Any:
    username = request.form.get("username", "").strip()
    try:
        person_id = identity.check_password(username, request.form.get("password", ""))
    except (LoginRefused, LoginThrottled) as refused:
        return _login_page(say(refused.code, language()), username), errors.status_of(refused)
    return identity.begin(redirect(_next(), 303), person_id)  # type: ignore[arg-type]


@pages.post("/login/demo")
@access(ANYONE)
def log_in_to_demo() -> Any:
    """Be anybody of the demo company; in any other installation there is no such page."""
    with identity.reading() as connection:
        number = request.form.get("person", "")
        is_number = number.isascii() and number.isdigit() and len(number) < 10
        if not login.is_demo(connection) or not is_number or people.known(connection, int(number)) is None:
            abort(404)
    return identity.begin(redirect(_next(), 303), int(number))  # type: ignore[arg-type]


@pages.post("/logout")
@access(EVERYONE)
def log_out() -> Any:
    return identity.end(redirect(url_for("session.log_in"), 303))  # type: ignore[arg-type]


@pages.get("/me")
@access(EVERYONE)
def me() -> Any:
    return _my_page()


@pages.post("/me/password")
@access(EVERYONE)
def change_password() -> Any:
    """Change one's own password; all sessions of the person end, this one begins anew."""
    person = identity.person()
    assert person is not None
    new, again = request.form.get("new", ""), request.form.get("again", "")
    if len(new) < passwords.SHORTEST or new != again:
        return _my_page("length" if len(new) < passwords.SHORTEST else "again"), 422
    try:
        identity.check_password(person.username, request.form.get("password", ""))
    except (LoginRefused, LoginThrottled) as refused:
        return _my_page(refused.code), errors.status_of(refused)
    identity.execute(SetPassword(person_id=person.id, password_hash=passwords.hashed(new)))
    return identity.begin(redirect(url_for("session.me", changed=1), 303), person.id)  # type: ignore[arg-type]


@pages.post("/language")
@access(ANYONE)
def change_language() -> Any:
    chosen = request.form.get("language", "")
    response = make_response(redirect(_next(), 303))
    if chosen in LANGUAGES:
        response.set_cookie(COOKIE, chosen, max_age=YEAR_SECONDS, samesite="Lax", secure=request.is_secure)
    return response


def _my_page(error: str = "") -> str:
    person = identity.person()
    assert person is not None
    with identity.reading() as connection:
        names = people.names(connection, set(person.actor.principals), language())
    return render_template("session/me.html", names=names, error=error, shortest=passwords.SHORTEST)


def _login_page(error: str = "", username: str = "") -> str:
    now = clock.now()
    departments: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with identity.reading() as connection:
        demo = login.is_demo(connection)
        for one in login.demo_people(connection) if demo else ():
            known = people.known(connection, int(str(one["id"])))
            assert known is not None
            one["counts"] = worklist.counts(connection, known.actor, now, end_of_day(now))
            one["role"] = next((role for role in ROLE_ORDER if role in known.actor.roles), None)
            departments[str(one["department"] or "")].append(one)
    return render_template(
        "session/log_in.html", demo=demo, departments=departments, error=error, username=username, next=_wanted()
    )


def _wanted() -> str:
    return request.values.get("next", "")


def _next() -> str:
    """Where to go on; only within this site."""
    wanted = _wanted()
    return wanted if INSIDE.fullmatch(wanted) else url_for("worklist.inbox")
