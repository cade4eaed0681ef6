"""Say what a job that was given up was to do, why it failed, and what a person can do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from engine.messages import MESSAGES, say
from web import words
from web.language import language


@dataclass(frozen=True, kw_only=True)
class Line:
    """An incident in words; `raw` is what the other side answered, for who can read it."""

    row: Mapping[str, Any]
    title: str
    cause: str
    raw: str
    advice: str
    may_resolve: bool
    effect: str


def line(row: Mapping[str, Any], step: str, names: Mapping[str, str]) -> Line:
    """Say a row of queries.incidents; `step` is what the diagram calls its element."""
    code, _colon, raw = str(row["error"] or "").partition(": ")
    known = code in MESSAGES
    args = row["args"]
    parts = {"element": step or "…"} if code == "step.failed" else {}
    return Line(
        row=row,
        title=_title(row["kind"], args, step, words.principal(args.get("to"), names)),
        cause=say(code, language(), **parts) if known else _("It failed %(count)s times.", count=row["tries"]),
        raw=raw if known else str(row["error"] or ""),
        advice=_advice(row["kind"]),
        may_resolve=row["kind"] != "timer",
        effect=_effect(row["kind"]),
    )


def _title(kind: str, args: Mapping[str, Any], step: str, to: str) -> str:
    titles = {
        "timer": _("Timer “%(name)s”", name=step),
        "reminder": _("Reminder of deadline %(name)s", name=args.get("deadline", "")),
        "call": _("Automatic step “%(name)s”", name=args.get("operation", "")),
        "aside": _("Automatic step “%(name)s”", name=step or args.get("operation", "")),
        "message": _("Message “%(name)s” to another case", name=args.get("name", "")),
        "kept_message": _("A kept message to a case"),
        "message_expiry": _("A message that nobody received"),
        "start": _("Scheduled start of “%(name)s”", name=args.get("procedure", "")),
        "notify": _("Notice by mail or chat to %(name)s", name=to),
        "nightly": _("Nightly proof of the record"),
        "proof": _("Proof of the record"),
        "publish": _("Publishing of “%(name)s” on its effective date", name=args.get("procedure", "")),
    }
    return titles.get(kind, kind)


def _advice(kind: str) -> str:
    advice = {
        "timer": _("Find out what stops the procedure at this element, then retry; or cancel the case."),
        "call": _("When the other side works again, retry. If it was done by hand, settle it and the case goes on."),
        "notify": _(
            "Check the address and the mail or chat service, then retry. The application shows the notice anyway."
        ),
        "message_expiry": _("No case waited for it in time. Tell the person in charge by hand, then settle it."),
        "nightly": _(
            "Look at “Proof of the record”; keep a copy of the database as it is. Settle it when it is explained."
        ),
        "publish": _("Return the draft in the studio, correct it and submit it again; it then leaves this list."),
    }
    return advice.get(kind, _("Retry; if it fails again, settle it with a reason and do by hand what it was to do."))


def _effect(kind: str) -> str:
    if kind == "call":
        return _("The case goes on without a result of this step.")
    return _("It is taken off this list and will not be done.")
