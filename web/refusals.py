"""A small form that was not taken (a reason, a comment, a hand-over): its page again, with what was typed and why.

Forms of procedures have their own way (web/form_fields.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import g, request
from flask_babel import gettext as _

from engine.errors import InvalidCommand, PersonUnavailable
from engine.messages import say
from web import errors
from web.language import language

FIELDS = ("reason", "text", "to", "due_at", "effective_at")


@dataclass(kw_only=True)
class Refusal:
    """What was wrong with one field of the form that was sent to `endpoint`."""

    endpoint: str
    field: str
    message: str
    typed: dict[str, str]
    is_said: bool = False

    def say(self) -> str:
        """The message, for the page that shows it at the field."""
        self.is_said = True
        return self.message


def said_again(page: Callable[..., Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a view answer a refused field with `page`, which takes the view's arguments."""

    def around(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def answer(**arguments: Any) -> Any:
            try:
                return view(**arguments)
            except (InvalidCommand, PersonUnavailable) as error:
                field = error.context.get("field")
                if field not in FIELDS:
                    raise
                g.refusal = Refusal(
                    endpoint=str(request.endpoint),
                    field=field,
                    message=_message(error, field),
                    typed={**request.form.to_dict(), **{key: str(value) for key, value in arguments.items()}},
                )
                answer = page(**arguments)
                if not g.refusal.is_said:  # the page has no such form (any more): the error's own page says it
                    raise
                return answer, errors.status_of(error)

        return answer

    return around


def refusal(endpoint: str, **of: str) -> Refusal | None:
    """What was wrong with the form that goes to `endpoint`; `of` tells several such forms of a page apart."""
    found: Refusal | None = g.get("refusal")
    if found is None or found.endpoint != endpoint or any(found.typed.get(key) != text for key, text in of.items()):
        return None
    return found


def _message(error: InvalidCommand | PersonUnavailable, field: str) -> str:
    typed = request.form.get(field, "").strip()
    if typed and field in ("reason", "text"):
        return _("This is too long, or nothing that can be read.")
    if field == "effective_at":
        return say("studio.effective_past", language())
    missing = {
        "reason": _("Say why, so that others understand it later."),
        "text": _("Write something."),
        "to": _("Choose somebody."),
        "due_at": _("Give the day and the time."),
    }
    return missing[field] if not typed or field == "due_at" else say(error.code, language())
