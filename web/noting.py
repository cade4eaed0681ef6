"""What pages put into the access log (engine.access): who looked at what, who took what along, who was refused."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from flask import request

from engine.errors import EngineError
from web import identity

Row = TypeVar("Row")
REFUSALS = ("access.forbidden", "request.not_found")
FREE = frozenset({"q", "customer", "who"})  # filters in which people type names and numbers: only that they were used
_KEY = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


class Tally:
    """Counts the rows that pass."""

    def __init__(self) -> None:
        self.rows = 0

    def count(self) -> int:
        return self.rows

    def of(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            self.rows += 1
            yield row


def note(kind: str, *, case: str | None = None, subject: str | None = None, **about: Any) -> None:
    """Put on record that who is logged in sees this; costs no statement."""
    identity.engine().access.note(kind, identity.actor().key, case=case, subject=subject, **about)


def note_refusal(error: EngineError) -> None:
    """Put on record that a page was refused; what a command was refused for, the engine has recorded."""
    person = identity.person()
    if person is None or error.recorded or error.code not in REFUSALS:
        return
    case = str((request.view_args or {}).get("case_id", ""))
    asked = f"{request.method} {request.path}"
    identity.engine().access.note("refused", person.actor.key, case=case, subject=asked, code=error.code)


def selection(typed: Mapping[str, str]) -> dict[str, Any]:
    """What a list was narrowed to, without what was typed freely."""
    return {
        name: text if name not in FREE and _KEY.fullmatch(text) else True
        for name, text in sorted(typed.items())
        if text
    }
