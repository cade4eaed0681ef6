"""What the list of cases shows: what was asked for, and a line per case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from engine.errors import InvalidCommand
from engine.queries import deadline_clock
from engine.working_time import Calendar
from web import due_words, words
from web.due_words import Due
from web.naming import named

SIZE = 30
STATUSES = {"open": ("running", "suspended"), "suspended": ("suspended",), "closed": ("completed", "cancelled")}
MOST_STEPS = 2


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The filters of the list; empty text where there is none."""

    text: str
    procedure: str | None
    status: str
    after: tuple[datetime, str] | None

    @property
    def statuses(self) -> tuple[str, ...]:
        return STATUSES.get(self.status, ())

    @property
    def narrow(self) -> bool:
        """Whether anything but the whole list was asked for."""
        return bool(self.text or self.procedure or self.status or self.after)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A case in the list: its row, the time of what is due first, the open steps and who has them."""

    row: Mapping[str, Any]
    due: Due | None
    steps: list[str]
    more: int
    who: str


def read(args: Mapping[str, str]) -> Asked:
    """Read the address's filters.

    Raises:
        InvalidCommand: `after` is no position in the list.
    """
    status = args.get("status", "")
    return Asked(
        text=args.get("q", "").strip()[:100],
        procedure=args.get("procedure", "")[:100] or None,
        status=status if status in STATUSES else "",
        after=_position(args["after"]) if args.get("after") else None,
    )


def position(row: Mapping[str, Any]) -> str:
    """Where the list goes on behind a row."""
    return f"{row['started_at'].isoformat()}_{row['id']}"


def line(
    connection: Any,
    row: Mapping[str, Any],
    steps: Sequence[Mapping[str, Any]],
    names: Mapping[str, str],
    calendar: Calendar,
    now: datetime,
) -> Line:
    """A line of the list; `steps` are the open tasks, earliest deadline first."""
    holders = dict.fromkeys(
        words.principal(key, names)
        for step in steps
        for key in ([step["assignee"]] if step["assignee"] else step["candidates"])
    )
    shown = dict.fromkeys(named(step["name"], row["deployment_id"]) for step in steps)
    return Line(
        row=row,
        due=_due(connection, row, steps[0], calendar, now) if steps else None,
        steps=list(shown)[:MOST_STEPS],
        more=max(0, len(shown) - MOST_STEPS),
        who=_(", ").join(list(holders)[:MOST_STEPS]),
    )


def _due(connection: Any, row: Mapping[str, Any], step: Mapping[str, Any], calendar: Calendar, now: datetime) -> Due:
    span = due_words.Span(
        opened_at=step["created_at"],
        due_at=step["due_at"],
        not_before=step["not_before"],
        suspended_at=row["suspended_at"],
        clock=deadline_clock.clock_of(connection, row["deployment_id"], step["deadline"]),
    )
    return due_words.due(span, now, calendar)


def _position(text: str) -> tuple[datetime, str]:
    moment, _mark, key = text.partition("_")
    try:
        at = datetime.fromisoformat(moment.replace(" ", "+"))  # a plus that came undecoded
        bytes.fromhex(key)
    except ValueError:
        raise InvalidCommand(field="after") from None
    if at.tzinfo is None or len(key) != 32:
        raise InvalidCommand(field="after")
    return at, key
