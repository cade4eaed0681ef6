"""待办: what is due when, of everything that a person may do."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from engine import clock
from engine.clock import OFFICE
from engine.commands.claim_task import ClaimTask
from engine.queries import calendar_page, deadline_clock, people, worklist
from engine.queries import items as item_query
from engine.queries.worklist import Counts, Item, Page
from engine.working_time import Calendar
from web import due_words, identity, words
from web.language import language
from web.moments import end_of_day
from web.permissions import EVERYONE, STAFF, access

pages = Blueprint("worklist", __name__)
TABS = ("mine", "group", "late", "today")
GROUP_COOKIE = "remember-inbox-group"
FIRST_ID = "0" * 32
YEAR_SECONDS = 31_536_000


@dataclass(frozen=True, kw_only=True)
class Row:
    """A task as the list shows it."""

    item: Item
    due: due_words.Due
    why: str
    rests_on: str
    is_mine: bool
    who: str
    of_item: str


@dataclass(frozen=True, kw_only=True)
class Listing:
    """The page of a tab: groups of rows by when they are due, and where the list goes on."""

    tab: str
    with_group: bool
    groups: dict[str, list[Row]]
    next: str | None
    counts: Counts
    nearest: Row | None = None  # for an empty tab: what comes first elsewhere

    @property
    def rows(self) -> list[Row]:
        return [row for rows in self.groups.values() for row in rows]


@pages.get("/")
@access(EVERYONE)
def inbox() -> Any:
    now = clock.now()
    tab = request.args.get("tab", "mine")
    if tab not in TABS:
        tab = "mine"
    chosen = request.args.get("group") or request.cookies.get(GROUP_COOKIE, "1")
    with_group = chosen != "0"
    with identity.reading() as connection:
        page = _page(connection, tab, with_group, now)
        counts = worklist.counts(connection, identity.actor(), now, end_of_day(now))
        tag = _tag(page, counts, tab, with_group, now)
        if request.headers.get("HX-Request") and request.if_none_match.contains(tag):
            return _conditional(make_response(""), tag)
        listing = _listing(connection, page, counts, tab, with_group, now)
    response = make_response(_render(listing))
    if request.args.get("group") in ("0", "1"):
        response.set_cookie(GROUP_COOKIE, chosen, max_age=YEAR_SECONDS, samesite="Lax", secure=request.is_secure)
    return _conditional(response, tag) if request.headers.get("HX-Request") else response


@pages.post("/tasks/<hex:task_id>/claim")
@access(STAFF)
def claim(task_id: str) -> Any:
    """Take a task: from the list its row comes back, from its page one stays there."""
    identity.execute(ClaimTask(task_id=task_id))
    if not request.headers.get("HX-Request"):
        return redirect(url_for("tasks.task", task_id=task_id), 303)
    now = clock.now()
    with identity.reading() as connection:
        item = worklist.item(connection, identity.actor(), task_id)
        counts = worklist.counts(connection, identity.actor(), now, end_of_day(now))
        row = _rows(connection, [item], now)[0]
    return render_template("worklist/_claimed.html", row=row, counts=counts, tab=request.form.get("tab", "mine"))


def _page(connection: Any, tab: str, with_group: bool, now: datetime) -> Page:
    after = request.args.get("after")
    start = worklist.position(after) if after else None
    scope = {"mine": "all" if with_group else "mine", "group": "groups"}.get(tab, "all")
    before = None
    if tab == "late":
        before = now
    elif tab == "today":
        before = end_of_day(now)
        start = start or (now, FIRST_ID)
    return worklist.worklist(connection, identity.actor(), scope=scope, after=start, before=before)


def _listing(connection: Any, page: Page, counts: Counts, tab: str, with_group: bool, now: datetime) -> Listing:
    groups: dict[str, list[Row]] = {"late": [], "today": [], "later": []}
    for row in _rows(connection, page.items, now):
        groups[group_of(row.item, now)].append(row)
    nearest = None
    if not page.items and counts.all:
        first = worklist.worklist(connection, identity.actor(), size=1).items
        nearest = next(iter(_rows(connection, first, now)), None)
    return Listing(
        tab=tab,
        with_group=with_group,
        groups={name: rows for name, rows in groups.items() if rows},
        next=worklist.position_text(page.next) if page.next else None,
        counts=counts,
        nearest=nearest,
    )


def group_of(item: Item, now: datetime) -> str:
    """late, today or later; what is suspended waits for later."""
    if item.due_at is None or item.suspended_at is not None:
        return "later"
    if item.due_at < now:
        return "late"
    return "today" if item.due_at.astimezone(OFFICE).date() == now.astimezone(OFFICE).date() else "later"


def _rows(connection: Any, items: Iterable[Item], now: datetime) -> list[Row]:
    items = list(items)
    of_items = {
        one.id: item_query.principal(connection, one.deployment_id, one.element, one.item) for one in items if one.item
    }
    keys = {key for item in items for key in (*item.candidates, item.assignee, of_items.get(item.id)) if key}
    names = people.names(connection, keys, language()) if keys else {}
    calendar = calendar_page.current(connection)
    return [_row(connection, item, of_items.get(item.id), names, calendar, now) for item in items]


def _row(
    connection: Any, item: Item, of_item: str | None, names: dict[str, str], calendar: Calendar, now: datetime
) -> Row:
    actor = identity.actor()
    why, rests_on = words.why_mine(item.assignee, item.candidates, actor.key, actor.principals, names)
    waiting = [words.principal(key, names) for key in item.candidates if key in actor.principals] or [
        words.principal(key, names) for key in item.candidates
    ]
    return Row(
        item=item,
        due=due_words.due(
            due_words.Span(
                opened_at=item.created_at,
                due_at=item.due_at,
                not_before=item.not_before,
                suspended_at=item.suspended_at,
                clock=deadline_clock.clock_of(connection, item.deployment_id, item.deadline),
            ),
            now,
            calendar,
        ),
        why=why,
        rests_on=rests_on or _since(item, now),
        is_mine=item.assignee == actor.key,
        who=_(", ").join(waiting),
        of_item=words.principal(of_item, names),
    )


def _since(item: Item, now: datetime) -> str:
    return _("since %(moment)s", moment=due_words.moment(item.claimed_at, now)) if item.claimed_at else ""


def _render(listing: Listing) -> str:
    if request.headers.get("HX-Request"):
        return render_template("worklist/_list.html", listing=listing, swap=True)
    return render_template("worklist/inbox.html", listing=listing, counts=listing.counts)


def _tag(page: Page, counts: Counts, tab: str, with_group: bool, now: datetime) -> str:
    """Changes with what the list shows; the minutes are counted on by the browser, the hours are not."""
    rows = [
        (item.id, item.revision, item.due_at, item.status, group_of(item, now), item.has_draft, item.subject)
        for item in page.items
    ]
    shown = (rows, counts, tab, with_group, language(), now.astimezone(OFFICE).strftime("%Y%m%d%H"))
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:32]


def _conditional(response: Any, tag: str) -> Any:
    response.set_etag(tag)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Cookie, HX-Request"
    return response.make_conditional(request)
