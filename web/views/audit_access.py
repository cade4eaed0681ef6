"""查阅记录: who saw what when; the list goes out to Excel and CSV like the others."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flask import Blueprint, Response, render_template, request

from engine import clock
from engine.exports import cells
from engine.queries import accesses
from engine.sheets.writing import MEDIA_TYPE
from web import access_words, identity, noting, streaming
from web.language import language
from web.naming import named
from web.permissions import AUDITORS, access
from web.streaming import Taken

pages = Blueprint("audit_access", __name__, url_prefix="/audit/access")
SIZE = 50


@pages.get("")
@access(AUDITORS)
def index() -> Any:
    """Rows, the newest first."""
    asked = access_words.read(request.args)
    identity.engine().access.flush()  # what this process still keeps
    with identity.reading() as connection:
        found = accesses.search(connection, identity.actor(), asked.wanted, after=asked.after, size=SIZE + 1)
        page = found[:SIZE]
        names = accesses.names(connection, page, language())
    return render_template(
        "audit/access.html",
        lines=access_words.lines(page, names, named),
        typed=asked.typed,
        kinds=access_words.filters(),
        next=access_words.position(page[-1]) if len(found) > SIZE else None,
    )


@pages.get("/list.csv")
@access(AUDITORS)
def as_csv() -> Response:
    header, lines, taken = _list()
    return streaming.sent(
        lambda connection: cells.written(header, lines(connection)), _name("csv"), "text/csv; charset=utf-8", taken
    )


@pages.get("/list.xlsx")
@access(AUDITORS)
def as_excel() -> Response:
    header, lines, taken = _list()
    return streaming.sent(
        lambda connection: streaming.spooled(lambda file: cells.workbook(header[3], header, lines(connection), file)),
        _name("xlsx"),
        MEDIA_TYPE,
        taken,
    )


def _list() -> tuple[list[str], Callable[[Any], Iterator[Sequence[Any]]], Taken]:
    """What the address asks for: the columns, connection → lines, and what the log itself says of it."""
    asked, actor, tongue = access_words.read(request.args), identity.actor(), language()
    told, tally = access_words.teller(), noting.Tally()
    identity.engine().access.flush()

    def lines(connection: Any) -> Iterator[Sequence[Any]]:
        some = accesses.every(connection, actor, asked.wanted)
        chunks = ((rows, accesses.names(connection, rows, tongue)) for rows in some)
        return tally.of(access_words.table(chunks, told))

    taken = Taken(what="accesses", selection=noting.selection(asked.typed), rows=tally.count)
    return access_words.header(), lines, taken


def _name(ending: str) -> str:
    return f"accesses-{clock.now().astimezone(clock.OFFICE):%Y-%m-%d}.{ending}"
