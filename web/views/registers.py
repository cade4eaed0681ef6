"""客户, 工地, 合同, 施工队, 质保金 …: the company's registers, to look things up in."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from engine import authorization
from engine.errors import NotFound
from engine.queries import people, registers
from web import identity, noting, register_words
from web.permissions import EVERYONE, access
from web.register_words import NAMES

pages = Blueprint("registers", __name__, url_prefix="/registers")
FARTHEST = 10_000  # pages


@pages.get("/departments")
@access(EVERYONE)
def departments() -> Any:
    with identity.reading() as connection:
        found = people.groups(connection)
        names = people.names(connection, {f"person:{one['head']}" for one in found if one["head"]})
    return render_template("registers/departments.html", groups=found, names=names)


@pages.get("/<register:register>")
@access(EVERYONE)
def rows(register: str) -> Any:
    """A register, page by page."""
    _require_money(register)
    text = request.args.get("q", "").strip()[:100]
    number = _number(request.args.get("page", "1"))
    with identity.reading() as connection:
        found = registers.page(connection, register, text=text, number=number)
        words = registers.words(connection)
    shown = register_words.columns(registers.sheet_of(register), _sees_money())
    return render_template(
        "registers/list.html",
        register=register,
        columns=shown,
        rows=[register_words.cells(shown, row, words, register) for row in found[: registers.PAGE]],
        more=number + 1 if len(found) > registers.PAGE else None,
        number=number,
        text=text,
    )


@pages.get("/<register:register>/<key>")
@access(EVERYONE)
def record(register: str, key: str) -> Any:
    """One row, and what happened around it."""
    if register == "customer":
        return redirect(url_for("customers.page", key=key), 301)
    _require_money(register)
    actor = identity.actor()
    with identity.reading() as connection:
        row = registers.record(connection, register, key)
        words = registers.words(connection)
        around = registers.around(connection, register, key)
        cases = registers.cases(connection, actor, register, key)
        balances = registers.balances(connection, register, key) if _sees_money() else {}
        suspended = registers.suspended_until(connection, register, key)
    noting.note("register", subject=f"{register}:{key}")
    sheet = registers.sheet_of(register)
    shown = register_words.columns(sheet, _sees_money())
    return render_template(
        "registers/record.html",
        register=register,
        title=register_words.title_of(sheet, row, words),
        cells=register_words.cells(shown, row, words),
        around=[
            register_words.table(other, column, found, words, money=_sees_money())
            for other, column, found in around
            if _sees_money() or other.register not in register_words.MONEY
        ],
        cases=cases,
        balances=balances,
        suspended=suspended,
    )


def _sees_money() -> bool:
    return authorization.sees_money(identity.actor())


def _require_money(register: str) -> None:
    if register in register_words.MONEY and not _sees_money():
        raise NotFound(register=NAMES[register])


def _number(text: str) -> int:
    """The number of a page; the first where it is none."""
    return min(int(text), FARTHEST) if text.isascii() and text.isdigit() and len(text) < 8 and int(text) else 1
