"""What the page of a customer shows, put together: the timeline over all procedures, contracts and houses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from engine import clock
from engine.clock import OFFICE
from engine.queries import calendar_page, customer, instance, people, registers
from engine.sheets.layout import SHEETS
from web import case_list, identity, register_words, words
from web.due_words import Due
from web.language import language
from web.naming import named

SIZE = 30
EVENTS = "register"  # the filter for what no case tells
_ICONS = {
    "begun": "player-play",
    "completed": "check",
    "warranty": "shield-check",
    "inspection": "list-check",
    "change": "plus",
    "money": "coin",
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line of the timeline: a case, or something that a register keeps."""

    at: datetime
    month: str
    day: str
    icon: str
    title: str
    about: str
    link: str = ""
    state: str = ""  # late, running, closed, …; empty for what just happened
    state_words: str = ""


@dataclass(frozen=True, kw_only=True)
class View:
    """`late`: the cases with something overdue, first of all; `chips`: (key, words, count) of the filter."""

    row: Mapping[str, Any]
    entries: Sequence[Entry]
    late: Sequence[tuple[Mapping[str, Any], Due, str]]
    chips: Sequence[tuple[str, str, int]]
    chosen: str
    following: str | None
    houses: Sequence[Mapping[str, Any]]
    contracts: Sequence[customer.Account]
    balance: Any
    next_steps: Sequence[Any]
    words: Any


def view(connection: Any, key: str, chosen: str, after: tuple[datetime, str] | None, *, money: bool) -> View:
    """Read everything about a customer.

    Raises:
        NotFound: There is no such customer.
    """
    now = clock.now()
    row = registers.record(connection, "customer", key)
    keys = customer.keys_of(connection, key)
    cases = customer.cases(connection, identity.actor(), keys, after=after, size=SIZE + 1)
    page = cases[:SIZE]
    steps = instance.open_steps(connection, [one["id"] for one in page])
    principals = {p for rows in steps.values() for step in rows for p in (*step["candidates"], step["assignee"]) if p}
    names = people.names(connection, principals, language()) if principals else {}
    calendar = calendar_page.current(connection)
    lines = [case_list.line(connection, one, steps.get(one["id"], []), names, calendar, now) for one in page]
    entries = [_of_case(line) for line in lines]
    events = customer.events(connection, keys)
    last = page[-1]["started_at"] if len(cases) > SIZE else None
    upper = after[0] if after else None
    shown = [
        one
        for one in events
        if (last is None or one.at > last) and (upper is None or one.at <= upper) and (money or one.kind not in MONEY)
    ]
    entries += [_of_event(one) for one in shown]
    return View(
        row=row,
        entries=sorted(_chosen(entries, chosen), key=lambda entry: entry.at, reverse=True),
        late=[(line.row, line.due, line.who) for line in lines if line.due and line.due.state == "late"],
        chips=_chips(entries),
        chosen=chosen,
        following=case_list.position(page[-1]) if last else None,
        houses=[_house(connection, one) for one in keys["site"]],
        contracts=customer.accounts(connection, keys),
        balance=registers.balances(connection, "customer", key)["customer"],
        next_steps=[line for line in lines if line.steps],
        words=registers.words(connection),
    )


MONEY = ("change", "money")


def _of_case(line: case_list.Line) -> Entry:
    row = line.row
    title = named(row["title"], row["deployment_id"])
    state, said = _state(line)
    waits = _(", ").join(line.steps)
    about = " · ".join(part for part in (row["business_key"], waits, line.who) if part)
    return Entry(
        **_when(row["started_at"]),
        icon="folder",
        title=f"{title}：{row['subject']}" if row["subject"] else title,
        about=about,
        link=url_for("cases.case", case_id=row["id"]),
        state=state,
        state_words=said,
    )


def _state(line: case_list.Line) -> tuple[str, str]:
    if line.row["status"] == "completed":
        return "done", _("ended")
    if line.row["status"] == "cancelled":
        return "done", _("cancelled")
    if line.row["status"] == "suspended":
        return "paused", _("suspended")
    if line.due and line.due.state == "late":
        return "late", line.due.words
    return "running", _("under way")


def _of_event(event: customer.Event) -> Entry:
    title, about = _said(event)
    link = url_for("cases.case", case_id=event.case_id) if event.case_id else ""
    return Entry(**_when(event.at), icon=_ICONS[event.kind], title=title, about=about, link=link)


def _said(event: customer.Event) -> tuple[str, str]:
    about = event.about
    if event.kind == "begun":
        return _("Works begun"), about["address"]
    if event.kind == "completed":
        return _("Works completed"), about["address"]
    if event.kind == "warranty":
        return _("Warranty card issued"), _("valid up to %(day)s", day=about["until"])
    if event.kind == "inspection":
        result = register_words.called("inspection", "result", about["result"])
        rate = _("overall rate %(rate)s %%", rate=about["rate"]) if about["rate"] else ""
        return _("Pre-acceptance: %(result)s", result=result), rate
    if event.kind == "change":
        negative = about["amount"].startswith("-")
        title = _("Deduction: %(item)s", item=about["item"] or "") if negative else ""
        return title or _("Addition: %(item)s", item=about["item"] or ""), _yuan(about["amount"])
    return register_words.called("ledger", "kind", about["kind"]), _yuan(about["amount"])


def _yuan(amount: str) -> str:
    return _("%(amount)s yuan", amount=words.amount(amount))


def _when(at: datetime) -> dict[str, Any]:
    local = at.astimezone(OFFICE)
    return {
        "at": at,
        "month": _("%(month)s/%(year)s", year=local.year, month=local.month),
        "day": _("day %(day)s", day=local.day),
    }


def _kind(entry: Entry) -> str:
    return entry.title.partition("：")[0] if entry.icon == "folder" else EVENTS


def _chosen(entries: Sequence[Entry], chosen: str) -> list[Entry]:
    return [entry for entry in entries if not chosen or _kind(entry) == chosen]


def _chips(entries: Sequence[Entry]) -> list[tuple[str, str, int]]:
    counts: dict[str, int] = {}
    for entry in entries:
        counts[_kind(entry)] = counts.get(_kind(entry), 0) + 1
    order = sorted(counts, key=lambda kind: (kind == EVENTS, -counts[kind]))
    called = [(kind, _("Registers") if kind == EVENTS else kind, counts[kind]) for kind in order]
    return [("", _("All"), len(entries)), *called]


def _house(connection: Any, key: str) -> Mapping[str, Any]:
    row = registers.record(connection, "site", key)
    until = registers.suspended_until(connection, "person", str(row["foreman"])) if row["foreman"] else None
    return {**row, "suspended": until}


def facts_of_house(house: Mapping[str, Any], known: Any) -> list[register_words.Cell]:
    """A house's facts for the side of the page."""
    shown = [column for column in SHEETS["site"].columns if column.name not in ("customer",)]
    return [cell for cell in register_words.cells(shown, house, known, "site") if cell.text]
