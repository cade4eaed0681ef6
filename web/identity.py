"""Who is asking: a session's cookie → the person and everything they stand behind, in one statement.

The cookie holds a random token, the store its hash; Flask's own signed session carries nothing but the CSRF token.
"""

import hashlib
import hmac
import secrets
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from flask import Flask, Request, Response, current_app, g, redirect, request, url_for
from flask_login import LoginManager, UserMixin, current_user

from engine import clock, passwords
from engine.actor import Actor
from engine.commands.end_session import EndSession
from engine.commands.open_session import OpenSession
from engine.commands.refuse_login import RefuseLogin
from engine.errors import LoginRefused, LoginThrottled
from engine.executor import Engine
from engine.queries import login, people
from engine.queries.people import Known
from engine.unit_of_work import Command, Done

COOKIE = "renoflow_session"
UNKNOWN = "person_unknown"  # set while an error page is made without the store
MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)


class Visitor(UserMixin):
    """What Flask-Login keeps of a person."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.id = str(known.id)


def init_app(app: Flask) -> None:
    """Let Flask-Login find the person of each request."""
    manager = LoginManager(app, add_context_processor=False)  # templates have `person`
    manager.session_protection = None  # the token is bound to a row in the store
    manager.request_loader(_visitor)
    app.context_processor(lambda: {"person": person()})


def engine() -> Engine:
    """The engine that this application serves."""
    found: Engine = current_app.extensions["renoflow"]
    return found


def reading() -> AbstractContextManager[Any]:
    """A connection for queries."""
    return engine().read()


def person() -> Known | None:
    """Who is logged in; nobody where the store that would know has just failed."""
    if g.get(UNKNOWN):
        return None
    return current_user.known if current_user.is_authenticated else None


def actor() -> Actor:
    """Who acts; only in views that need a log-in."""
    known = person()
    assert known is not None
    return known.actor


def execute(command: Command) -> Done:
    """Carry out a command for who is logged in; a second click with the same form gets the first one's answer."""
    return engine().execute(command, actor(), request_id())


def request_id() -> str | None:
    """The form's token against a second click, if it is one."""
    text = request.form.get("request_id", "")
    return text if len(text) == 32 and set(text) <= set("0123456789abcdef") else None


def new_request_id() -> str:
    """A token for a form."""
    return secrets.token_hex(16)


def ask_to_log_in() -> Any:
    """Send a page to the log-in, and tell a script that asked for a part of one."""
    if request.headers.get("HX-Request"):
        return Response(status=401)  # the script says so; a redirect would take away what was typed
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("session.log_in", next=wanted), 303)


def check_password(username: str, password: str) -> int:
    """Return the id of the person who may log in with these.

    Raises:
        LoginThrottled: Too many failed under this name of late.
        LoginRefused: The name or the password is wrong; never says which.
    """
    with reading() as connection:
        found = people.credentials(connection, username)
        who = Actor(key=f"person:{found[0]}" if found else _unknown(username), principals=frozenset())
        if login.failures(connection, who.key, clock.now() - LOCKED_FOR) >= MOST_FAILURES:
            engine().access.note("login_refused", who.key, code=LoginThrottled.code, client=request.remote_addr)
            raise LoginThrottled()
    if passwords.matches(found[1] if found else None, password) and found:
        return found[0]
    engine().execute(RefuseLogin(address=request.remote_addr), who)
    raise LoginRefused()


def begin(response: Response, person_id: int) -> Response:
    """Open a session and hand out its cookie."""
    token = secrets.token_urlsafe(32)
    who = Actor(key=f"person:{person_id}", principals=frozenset({f"person:{person_id}"}))
    engine().execute(OpenSession(person_id=person_id, token_hash=_hash(token), address=request.remote_addr), who)
    engine().access.note("login", who.key, client=request.remote_addr)
    age = engine().settings.session_hours * 3600
    response.set_cookie(COOKIE, token, max_age=age, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def end(response: Response) -> Response:
    """Close the session."""
    token = request.cookies.get(COOKIE)
    if token:
        engine().execute(EndSession(token_hash=_hash(token)), actor())
        engine().access.note("logout", actor().key, client=request.remote_addr)
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def _visitor(asked: Request) -> Visitor | None:
    token = asked.cookies.get(COOKIE)
    if not token:
        return None
    with reading() as connection:
        known = people.known_by_session(connection, _hash(token), clock.now())
    return Visitor(known) if known else None


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _unknown(username: str) -> str:
    """A key for a name that is nobody's: keyed, since what was typed there may be a password."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return "unknown:" + hmac.new(key, username.encode("utf-8", "replace"), "sha256").hexdigest()[:16]
