"""What auditors look for, read from the address, and the list of what was found for spreadsheets."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _

from engine.clock import OFFICE
from engine.errors import InvalidCommand
from engine.queries.case_search import Wanted
from web import case_list
from web.naming import named

LONGEST = 100
STATUSES = {"running": ("running",), **case_list.STATUSES, "cancelled": ("cancelled",)}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The filters as they were typed, and what they mean."""

    typed: Mapping[str, str]
    wanted: Wanted
    after: tuple[datetime, str] | None


def read(args: Mapping[str, str]) -> Asked:
    """Read the address's filters.

    Raises:
        InvalidCommand: A day is none, or `after` is no position in the list.
    """
    names = ("q", "customer", "who", "procedure", "status", "since", "until", "missed")
    typed = {name: args.get(name, "").replace("\0", "").strip()[:LONGEST] for name in names}
    since, until = day(args, "since"), day(args, "until")
    wanted = Wanted(
        text=typed["q"],
        customer=typed["customer"],
        person=typed["who"],
        procedure=typed["procedure"],
        statuses=STATUSES.get(typed["status"], ()),
        since=datetime.combine(since, time(), OFFICE) if since else None,
        until=datetime.combine(until + timedelta(days=1), time(), OFFICE) if until else None,
        missed=typed["missed"],
    )
    return Asked(
        typed={key: text for key, text in typed.items() if text}, wanted=wanted, after=case_list.read(args).after
    )


def day(args: Mapping[str, str], name: str) -> date | None:
    """A day of the office as <input type=date> sends it.

    Raises:
        InvalidCommand: It is none.
    """
    text = args.get(name, "").strip()
    try:
        found = date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidCommand(field=name) from None
    if found is not None and not 2000 <= found.year < 2200:
        raise InvalidCommand(field=name)
    return found


def header() -> list[str]:
    """The columns of the list."""
    return [
        *(_("Case number"), _("Procedure"), _("Version"), _("Subject"), _("State")),
        *(_("Begun"), _("Ended"), _("End state"), _("Missed deadlines")),
    ]


def titles(procedures: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Procedure → what the page's language calls it; of rows of `queries.instance.procedures`."""
    return {one["procedure"]: named(one["title"], one["id"]) for one in procedures}


def states() -> dict[str, str]:
    """Status → what people call it."""
    return {"running": _("Open"), "suspended": _("Suspended"), "completed": _("Closed"), "cancelled": _("Cancelled")}


def lines(
    rows: Iterable[Mapping[str, Any]], titles: Mapping[str, str], states: Mapping[str, str]
) -> Iterator[Sequence[Any]]:
    """A line for each case found; asks Flask nothing."""
    for row in rows:
        yield [
            *(row["business_key"], titles.get(row["procedure"], row["title"]), row["version"], row["subject"]),
            *(states.get(row["status"], row["status"]), row["started_at"], row["ended_at"], row["end_state"]),
            row["missed"],
        ]
