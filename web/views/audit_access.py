"""查阅记录: who saw what when; the list goes out to Excel and CSV like the others."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, Response, render_template, request

from engine.queries import accesses
from web import access_words, identity, noting, streaming
from web.language import language
from web.naming import named
from web.permissions import AUDITORS, access
from web.streaming import Listed, Taken

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
    return streaming.as_csv(_list(), "accesses")


@pages.get("/list.xlsx")
@access(AUDITORS)
def as_excel() -> Response:
    return streaming.as_excel(_list(), "accesses")


def _list() -> Listed:
    """What the address asks for: all that was found."""
    asked, actor, tongue = access_words.read(request.args), identity.actor(), language()
    told, tally = access_words.teller(), noting.Tally()
    identity.engine().access.flush()

    def lines(connection: Any) -> Iterator[Sequence[Any]]:
        some = accesses.every(connection, actor, asked.wanted)
        chunks = ((rows, accesses.names(connection, rows, tongue)) for rows in some)
        return tally.of(access_words.table(chunks, told))

    taken = Taken(what="accesses", selection=noting.selection(asked.typed), rows=tally.count)
    header = access_words.header()
    return Listed(title=header[3], header=header, lines=lines, taken=taken)
