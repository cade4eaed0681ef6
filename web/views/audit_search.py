"""案件回放: where auditors find cases; every list goes out to Excel and CSV."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flask import Blueprint, Response, render_template, request

from engine import clock
from engine.exports import cells
from engine.queries import case_search, instance
from engine.sheets.writing import MEDIA_TYPE
from web import audit_find, case_list, identity, noting, streaming
from web.permissions import AUDITORS, access
from web.streaming import Taken

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
    header, lines, taken = _list()
    return streaming.sent(
        lambda connection: cells.written(header, lines(connection)), _name("csv"), "text/csv; charset=utf-8", taken
    )


@pages.get("/cases.xlsx")
@access(AUDITORS)
def as_excel() -> Response:
    header, lines, taken = _list()
    return streaming.sent(
        lambda connection: streaming.spooled(
            lambda file: cells.workbook(header[0], header, lines(connection), file),
        ),
        _name("xlsx"),
        MEDIA_TYPE,
        taken,
    )


def _list() -> tuple[list[str], Callable[[Any], Iterator[Sequence[Any]]], Taken]:
    """What the address asks for: the columns, connection → lines, and what the access log says of it."""
    asked, actor, states, tally = audit_find.read(request.args), identity.actor(), audit_find.states(), noting.Tally()
    wanted, taken = asked.wanted, Taken(what="cases", selection=noting.selection(asked.typed), rows=tally.count)
    with identity.reading() as connection:
        titles = audit_find.titles(instance.procedures(connection))

    def lines(connection: Any) -> Iterator[Sequence[Any]]:
        return audit_find.lines(tally.of(case_search.every(connection, actor, wanted)), titles, states)

    return audit_find.header(), lines, taken


def _name(ending: str) -> str:
    return f"cases-{clock.now().astimezone(clock.OFFICE):%Y-%m-%d}.{ending}"
