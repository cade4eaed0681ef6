"""Say where a case stands, in one sentence per open task, and what happened to it. Pure but for the catalogue."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from engine.queries.instance import CasePage
from engine.queries.timeline import Happening
from web import due_words, words
from web.due_words import Due
from web.naming import quoted

MOST_NEXT = 4
LATE_KINDS = ("fail_job",)


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """One line under the title of a case: what it says, how urgent it is, what comes after it."""

    text: str
    state: str  # late, soon, on_time, paused, early, none, done, incident, waiting
    after: str = ""
    task_id: str | None = None

    @property
    def icon(self) -> str:
        icons = {**due_words.ICONS, "done": "check", "incident": "plug-x", "waiting": "user-share"}
        return icons[self.state]


@dataclass(frozen=True, kw_only=True)
class Told:
    """An event of the timeline in words: who, did what, and what belongs to it."""

    who: str
    deed: str
    detail: str = ""
    late: bool = False


def whole_case(
    page: CasePage, happened: Iterable[Happening], names: Mapping[str, str], now: datetime
) -> list[Sentence]:
    """What is to be said of the case before its open tasks: that it rests, has ended, is stuck, or waits."""
    row = page.row
    if row["status"] in ("completed", "cancelled"):
        return [_ended(page, happened, names, now)]
    found = []
    if row["status"] == "suspended":
        held = _last(happened, "suspend_instance")
        who, reason = (person(held.actor, names), _reason(held)) if held else ("", "")
        time = due_words.length(now - row["suspended_at"])
        text = _("Suspended by %(who)s for %(time)s; the deadlines wait with it.", who=who, time=time)
        found.append(Sentence(text=f"{text} {reason}".strip(), state="paused"))
    if page.incidents:
        text = _(
            "An automatic step failed. The case stands where it was and nothing is lost; an administrator sees it."
        )
        found.append(Sentence(text=text, state="incident"))
    if page.open_tasks or found:
        return found
    if page.waits:
        waited = dict.fromkeys(page.names.get(one["element"], one["name"]) for one in page.waits)
        listed = _(" or ").join(quoted(name) for name in waited)
        return [Sentence(text=_("Waits for %(names)s; nobody has to do anything now.", names=listed), state="waiting")]
    if page.sleeps_until is not None:
        moment = due_words.moment(page.sleeps_until, now)
        return [Sentence(text=_("Goes on by itself at %(moment)s.", moment=moment), state="waiting")]
    return [Sentence(text=_("The system is working on it."), state="waiting")]


def _ended(page: CasePage, happened: Iterable[Happening], names: Mapping[str, str], now: datetime) -> Sentence:
    row = page.row
    moment = due_words.moment(row["ended_at"], now)
    if row["status"] == "cancelled":
        last = _last(happened, "cancel_instance")
        who, reason = (person(last.actor, names), _reason(last)) if last else ("", "")
        text = _("Cancelled by %(who)s at %(moment)s.", who=who, moment=moment)
        return Sentence(text=f"{text} {reason}".strip(), state="done")
    took = due_words.length(row["ended_at"] - row["started_at"])
    parts = {"end": page.end_name or row["end_state"], "moment": moment, "time": took}
    return Sentence(text=_("Ended at %(moment)s with “%(end)s”, after %(time)s.", **parts), state="done")


def _last(happened: Iterable[Happening], kind: str) -> Happening | None:
    return next((one for one in happened if one.kind == kind), None)


def _reason(one: Happening) -> str:
    reason = (one.values or {}).get("reason")
    return _("Reason: %(reason)s", reason=reason) if reason else ""


def person(key: str, names: Mapping[str, str]) -> str:
    """Who acted: a name, or the system."""
    return _("The system") if key == "system" else words.principal(key, names)


def in_hand() -> str:
    """On a step that is open without a deadline."""
    return _("in hand")


def several(count: int, pill: str) -> str:
    """On a step that is open more than once."""
    return _("%(count)s open · %(pill)s", count=count, pill=pill)


def met(due_at: datetime, met_at: datetime) -> dict[str, str]:
    """State, icon and words of a deadline whose work was done: “提前 2 小时 30 分”, “超时 35 分办完”."""
    time = due_words.length(abs(due_at - met_at))
    if met_at <= due_at:
        return {"state": "kept", "icon": "check", "words": _("%(time)s early", time=time)}
    return {"state": "missed", "icon": "clock-exclamation", "words": _("done %(time)s late", time=time)}


def open_task(row: Mapping[str, Any], step: str, due: Due, names: Mapping[str, str], now: datetime) -> str:
    """“何志远应在今天 13:10 前办完「制定方案」，已超 1 小时 10 分。”"""
    who = words.principal(row["assignee"], names) if row["assignee"] else _waiting_for(row, names)
    parts = {"who": who, "step": step, "left": due.words}
    if due.state == "paused":
        return _("%(who)s has “%(step)s”, %(left)s.", **parts)
    if due.state == "early":
        return _("“%(step)s” can be done %(left)s, by %(who)s.", **parts)
    if row["due_at"] is None:
        if row["assignee"] is None:
            return _("“%(step)s” waits to be claimed by %(who)s: %(left)s, %(waited)s.", waited=due.moment, **parts)
        return _("%(who)s has “%(step)s”: %(left)s, %(waited)s.", waited=due.moment, **parts)
    parts["moment"] = due_words.moment(row["due_at"], now)
    if row["assignee"] is None:
        return _("%(who)s must do “%(step)s” by %(moment)s: %(left)s, nobody has claimed it.", **parts)
    return _("%(who)s must do “%(step)s” by %(moment)s: %(left)s.", **parts)


def _waiting_for(row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return _(" or ").join(words.principal(key, names) for key in row["candidates"])


def afterwards(following: Iterable[str], *, chosen: bool) -> str:
    """“办完后进入「上门解决」。” from the names of the steps that follow."""
    steps = list(dict.fromkeys(following))[:MOST_NEXT]
    if not steps:
        return ""
    listed = _(" or ").join(quoted(name) for name in steps)
    if chosen and len(steps) > 1:
        return _("Then, by what is filled in: %(steps)s.", steps=listed)
    return _("Then: %(steps)s.", steps=listed)


def of_item(name: str, item: str | None) -> str:
    """“主管签收（工程部）”."""
    return _("%(step)s (%(item)s)", step=name, item=item) if item else name


def told(one: Happening, step: str, names: Mapping[str, str], now: datetime) -> Told:
    """Say what happened.

    Args:
        step: The step's name with its item.
    """
    values = one.values or {}
    reason = str(values.get("reason") or "")
    who = person(one.actor, names) if one.kind != "fire_timer" else ""
    detail = _details(one, values, reason, now)
    tellers: dict[str, Callable[[], str]] = {
        "start_process": lambda: _("registered this case"),
        "start_recurring": lambda: _("started this case on schedule"),
        "correlate_message": lambda: _message(one, step),
        "complete_task": lambda: _("completed “%(step)s”", step=step),
        "claim_task": lambda: _("claimed “%(step)s”", step=step),
        "release_task": lambda: _("gave “%(step)s” back to the group", step=step),
        "transfer_task": lambda: _transfer(one, step, names),
        "fire_timer": lambda: _timer(one, step),
        "report_progress": lambda: _("reported “%(step)s”", step=step or str(one.body.get("message", ""))),
        "comment": lambda: _("commented"),
        "attach_file": lambda: _("added a file"),
        "suspend_instance": lambda: _("suspended the case"),
        "resume_instance": lambda: _("resumed the case"),
        "cancel_instance": lambda: _("cancelled the case"),
        "reschedule": lambda: _reschedule(one, step, now),
        "complete_service_task": lambda: _("finished an automatic step"),
        "keep_made": lambda: _("completed “%(step)s”", step=step),
        "fail_job": lambda: _("gave an automatic step up: an incident"),
        "retry_job": lambda: _("let the failed step run again"),
        "resolve_incident": lambda: _("settled an incident by hand"),
        "show_number": lambda: _("looked at a phone number"),
    }
    deed = tellers[one.kind]() if one.kind in tellers else one.kind
    return Told(who=who, deed=deed, detail=detail, late=one.deadline is not None or one.kind in LATE_KINDS)


def told_to(one: Happening, names: Mapping[str, str]) -> str:
    """“已通知 工程部负责人、客服经理”."""
    if not one.told:
        return ""
    return _("told: %(names)s", names=_(", ").join(words.principal(key, names) for key in one.told))


def _details(one: Happening, values: Mapping[str, Any], reason: str, now: datetime) -> str:
    if one.kind == "comment":
        return str(values["text"]) if values else _("(deleted)")
    if one.kind == "attach_file":
        return str(values.get("file", {}).get("name", ""))
    if one.kind == "resume_instance" and one.body.get("shifted_us"):
        held = due_words.length(timedelta(microseconds=one.body["shifted_us"]))
        return "".join([_("all deadlines move by %(time)s", time=held), f" · {reason}" if reason else ""])
    if one.body.get("typed_at") and one.kind == "complete_task":
        typed = datetime.fromisoformat(one.body["typed_at"])
        if abs(typed - one.at) >= timedelta(minutes=1):
            return _("done at %(moment)s", moment=due_words.moment(typed, now))
    return reason


def _message(one: Happening, step: str) -> str:
    sender = one.sender[1] if one.sender else ""
    if one.seq == 1:
        return _("opened this case for %(key)s", key=sender) if sender else _("opened this case on a message")
    if sender:
        return _("received “%(step)s” from %(key)s", step=step, key=sender)
    return _("received “%(step)s”", step=step)


def _timer(one: Happening, step: str) -> str:
    if one.deadline is not None:
        return _("“%(step)s” is overdue (%(deadline)s)", step=step, deadline=one.deadline)
    return _("the time of “%(step)s” has come", step=step)


def _transfer(one: Happening, step: str, names: Mapping[str, str]) -> str:
    return _("handed “%(step)s” to %(name)s", step=step, name=words.principal(str(one.body["to"]), names))


def _reschedule(one: Happening, step: str, now: datetime) -> str:
    moment = due_words.moment(datetime.fromisoformat(one.body["due_at"]), now)
    return _("moved the time of “%(step)s” to %(moment)s", step=step, moment=moment)
