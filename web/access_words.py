"""The access log in words: what each row says, the filters of its page, its list for spreadsheets."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from engine.clock import OFFICE
from engine.errors import InvalidCommand
from engine.messages import MESSAGES, say
from engine.queries.accesses import Names, Position, Wanted
from web import audit_find
from web.language import language

FILTERS = {  # what the page's choice calls → kinds
    "logins": ("login", "logout", "login_refused"),
    "failed": ("login_refused",),
    "refused": ("refused",),
    "cases": ("case", "task", "replay", "proof"),
    "registers": ("customer", "register"),
    "numbers": ("number",),
    "taken": ("file", "export"),
}
ICONS = {
    **dict.fromkeys(("login", "logout"), "user"),
    **dict.fromkeys(("login_refused", "refused"), "lock"),
    **dict.fromkeys(("customer", "register"), "home"),
    **{"case": "folder", "task": "pencil", "replay": "history", "proof": "shield-check"},
    **{"number": "phone", "file": "paperclip", "export": "download", "lost": "alert-triangle"},
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The filters as they were typed, and what they mean."""

    typed: Mapping[str, str]
    wanted: Wanted
    after: Position | None


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row in words; `link` leads to what was looked at, where that is still to be seen."""

    row: Mapping[str, Any]
    who: str
    what: str
    about: str
    link: str
    refused: bool

    @property
    def icon(self) -> str:
        return ICONS.get(self.row["kind"], "info-circle")


def read(args: Mapping[str, str]) -> Asked:
    """Read the address's filters.

    Raises:
        InvalidCommand: A day is none, or `after` is no position in the list.
    """
    names = ("who", "case", "kind", "since", "until")
    typed = {name: args.get(name, "").replace("\0", "").strip()[: audit_find.LONGEST] for name in names}
    since, until = audit_find.day(args, "since"), audit_find.day(args, "until")
    wanted = Wanted(
        person=typed["who"],
        case=typed["case"],
        kinds=FILTERS.get(typed["kind"], ()),
        since=datetime.combine(since, time(), OFFICE) if since else None,
        until=datetime.combine(until + timedelta(days=1), time(), OFFICE) if until else None,
    )
    after = _position(args["after"]) if args.get("after") else None
    return Asked(typed={key: text for key, text in typed.items() if text}, wanted=wanted, after=after)


def position(row: Mapping[str, Any]) -> str:
    """Where the list goes on behind a row."""
    return f"{row['at'].isoformat()}_{row['seq']}"


def _position(text: str) -> Position:
    moment, _mark, seq = text.partition("_")
    try:
        at = datetime.fromisoformat(moment.replace(" ", "+"))  # a plus that came undecoded
    except ValueError:
        raise InvalidCommand(field="after") from None
    if at.tzinfo is None or not (seq.isascii() and seq.isdigit() and len(seq) < 10):
        raise InvalidCommand(field="after")
    return at, int(seq)


def filters() -> list[tuple[str, str]]:
    """The choices of kinds: key, words."""
    return [
        *(("", _("Everything")), ("logins", _("Log-ins")), ("failed", _("Failed log-ins"))),
        *(("refused", _("Refused")), ("cases", _("Cases looked at")), ("registers", _("Customers and registers"))),
        *(("numbers", _("Numbers shown")), ("taken", _("Files and exports"))),
    ]


def header() -> list[str]:
    """The columns of the list."""
    return [
        *(
            _("Number"),
            _("At"),
            _("Person"),
            _("What"),
            _("Case number"),
            _("About"),
            _("From"),
            _("Key of the person"),
        ),
    ]


def teller() -> Callable[[Mapping[str, Any], Names, Callable[[str, str | None], str]], tuple[str, str, str]]:
    """Return (row, names, name of a step) → who, what, about; made with a request, it asks Flask nothing afterwards."""
    kinds, words, tongue = _kinds(), _words(), language()

    def told(row: Mapping[str, Any], names: Names, step: Callable[[str, str | None], str]) -> tuple[str, str, str]:
        key = row["actor"]
        who = words["unknown"] if key.startswith("unknown:") else names.people.get(key, words.get(key, key))
        return (
            who,
            kinds.get(row["kind"], row["kind"]),
            " · ".join(filter(None, _about(row, names, step, words, tongue))),
        )

    return told


def lines(rows: Iterable[Mapping[str, Any]], names: Names, step: Callable[[str, str | None], str]) -> list[Line]:
    """The rows of a page."""
    told, found = teller(), []
    for row in rows:
        who, what, about = told(row, names, step)
        refused = row["kind"] in ("refused", "login_refused", "lost")
        found.append(Line(row=row, who=who, what=what, about=about, link=_link(row), refused=refused))
    return found


def table(chunks: Iterable[tuple[Sequence[Mapping[str, Any]], Names]], told: Any) -> Iterator[Sequence[Any]]:
    """A line for each row found; asks Flask nothing."""
    for rows, names in chunks:
        for row in rows:
            who, what, about = told(row, names, lambda name, _deployment: name)
            yield [
                row["seq"],
                row["at"],
                who,
                what,
                row["business_key"] or row["case_id"],
                about,
                row["client"],
                row["actor"],
            ]


def _about(
    row: Mapping[str, Any], names: Names, step: Callable[[str, str | None], str], words: Mapping[str, str], tongue: str
) -> Iterator[str]:
    subject, about = row["subject"] or "", row["about"] or {}
    if row["kind"] == "task":
        yield step(*names.tasks.get(subject, ("", None)))
    elif row["kind"] in ("customer", "register"):
        register, _colon, key = subject.partition(":")
        yield f"{names.rows.get((register, key), '')} {key}".strip()
    elif row["kind"] == "file":
        yield names.files.get((row["case_id"], subject), words["gone"])
    elif row["kind"] == "number" and subject.startswith("customer:"):
        yield names.rows.get(("customer", subject.removeprefix("customer:")), subject)
    elif row["kind"] == "export":
        register = subject.removeprefix("register:")
        yield words.get(subject, register)
        yield words["rows"] % {"count": about.get("rows", 0), "format": str(about.get("format", "")).upper()}
        typed = about.get("selection") or {}
        yield ", ".join(
            f"{words.get(key, key)} {words['typed'] if text is True else text}" for key, text in typed.items()
        )
        yield words["cut"] if about.get("cut") else ""
    elif row["kind"] == "lost":
        yield words["lost"] % {"count": about.get("rows", 0)}
    if row["code"]:
        told = row["code"] in MESSAGES and "{" not in MESSAGES[row["code"]][0]
        yield words.get(row["code"]) or (say(row["code"], tongue).rstrip("。.") if told else row["code"])
    if row["kind"] == "refused":
        yield words.get(about.get("command", ""), about.get("command") or subject)


def _link(row: Mapping[str, Any]) -> str:
    if row["kind"] == "refused" or not (row["business_key"] or row["kind"] == "customer"):
        return ""
    if row["kind"] == "customer":
        return url_for("customers.page", key=(row["subject"] or "").removeprefix("customer:"))
    return url_for("cases.case", case_id=row["case_id"])


def _kinds() -> dict[str, str]:
    return {
        **{"login": _("Logged in"), "logout": _("Logged out"), "login_refused": _("Log-in failed")},
        **{"refused": _("Was refused"), "case": _("Looked at a case"), "task": _("Looked at a task")},
        **{"replay": _("Looked at a replay"), "proof": _("Had a case checked"), "customer": _("Looked at a customer")},
        **{"register": _("Looked at a register"), "file": _("Took a file"), "number": _("Had a number shown")},
        **{"export": _("Exported"), "lost": _("Not recorded")},
    }


def _words() -> dict[str, str]:
    """What `_about` says, some of it still to be filled in: of lists, filters, errors and commands by their keys."""
    return {
        **{"system": _("The system"), "unknown": _("Unknown login"), "gone": _("a file")},
        **{"cases": _("List of cases"), "accesses": _("Access log"), "events": _("The record")},
        **{"q": _("Number or subject"), "customer": _("Customer"), "who": _("Person"), "procedure": _("Procedure")},
        **{"status": _("State"), "missed": _("Missed deadlines"), "since": _("from day"), "until": _("until day")},
        **{"case": _("Case number"), "kind": _("What"), "names": _("with names")},
        "typed": _("typed text"),
        "rows": _("%(count)s rows as %(format)s", count="%(count)s", format="%(format)s"),
        "cut": _("broken off"),
        "lost": _("%(count)s rows while the database could not be reached", count="%(count)s"),
        "access.forbidden": _("no right to it"),
        "request.not_found": _("not there, or not theirs to see"),
        **{"claim_task": _("Claim"), "complete_task": _("Submit"), "transfer_task": _("Hand over")},
        **{"release_task": _("Give a task back"), "comment": _("Comment"), "attach_file": _("Attach")},
        **{"start_process": _("Start a procedure"), "suspend_instance": _("Suspend"), "resume_instance": _("Resume")},
        **{"cancel_instance": _("Cancel the case"), "reschedule": _("Move an appointment")},
        **{"show_number": _("Show the number"), "show_customer_number": _("Show the number")},
        **{"ask_for_proof": _("Check everything now"), "set_password": _("Change the password")},
    }
