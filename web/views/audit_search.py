"""案件回放: where auditors find cases; every list goes out to Excel and CSV."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, Response, render_template, request

from engine.queries import case_search, instance
from web import audit_find, case_list, identity, noting, streaming
from web.permissions import AUDITORS, access
from web.streaming import Listed, Taken

pages = Blueprint("audit_search", __name__, url_prefix="/audit")


@pages.get("/cases")
@access(AUDITORS)
def index() -> Any:
    """Cases, newest first."""
    asked = audit_find.read(request.args)
    with identity.reading() as connection:
        found = case_search.search(
            connection, identity.actor(), asked.wanted, after=asked.after, size=case_list.SIZE + 1
        )
        titles = audit_find.titles(instance.procedures(connection))
        deadlines = case_search.deadlines(connection)
    page = found[: case_list.SIZE]
    return render_template(
        "audit/cases.html",
        rows=page,
        typed=asked.typed,
        named_procedures=list(titles.items()),
        named_deadlines=[(one, one) for one in deadlines],
        next=case_list.position(page[-1]) if len(found) > case_list.SIZE else None,
    )


@pages.get("/cases.csv")
@access(AUDITORS)
def as_csv() -> Response:
    return streaming.as_csv(_list(), "cases")


@pages.get("/cases.xlsx")
@access(AUDITORS)
def as_excel() -> Response:
    return streaming.as_excel(_list(), "cases")


def _list() -> Listed:
    """What the address asks for: all that was found."""
    asked, actor, states, tally = audit_find.read(request.args), identity.actor(), audit_find.states(), noting.Tally()
    wanted, taken = asked.wanted, Taken(what="cases", selection=noting.selection(asked.typed), rows=tally.count)
    with identity.reading() as connection:
        titles = audit_find.titles(instance.procedures(connection))

    def lines(connection: Any) -> Iterator[Sequence[Any]]:
        return audit_find.lines(tally.of(case_search.every(connection, actor, wanted)), titles, states)

    header = audit_find.header()
    return Listed(title=header[0], header=header, lines=lines, taken=taken)
