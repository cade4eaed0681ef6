"""The company's registers as pages show them: lists, one record, and what belongs to it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from engine.actor import Actor
from engine.clock import OFFICE, now
from engine.errors import NotFound
from engine.queries import related
from engine.registers import ledger, suspensions
from engine.sheets.contents import Part, Words, contents
from engine.sheets.layout import SHEETS, Sheet

PAGE = 50
MOST_AROUND = 20  # rows of one kind beside a record; its list shows the others
MOST_CASES = 20
RECORDS = ("customer", "site", "contract", "contract_change", "crew", "person", "warranty_card", "equipment")
AROUND: Mapping[str, tuple[tuple[str, str], ...]] = {  # register → what names its rows, in which column
    "customer": (("site", "customer"),),
    "site": (("contract", "site"), ("inspection", "site"), ("warranty_card", "site"), ("award", "site")),
    "contract": (("contract_change", "contract"),),
    "crew": (("ledger", "crew"), ("site", "crew")),
    "person": (
        *(("fault_slip", "person"), ("award", "foreman"), ("award", "project_manager"), ("crew", "foreman")),
        *(("site", "foreman"), ("site", "project_manager"), ("site", "designer")),
    ),
}
ACCOUNTS: Mapping[str, tuple[str, ...]] = {
    "crew": ("retention", "crew"),
    "person": ("person", "output"),
    "customer": ("customer",),
}


def sheet_of(register: str) -> Sheet:
    """How a register is laid out.

    Raises:
        NotFound: There is no such register.
    """
    if register not in SHEETS:
        raise NotFound(register=register)
    return SHEETS[register]


def page(connection: sa.Connection, register: str, *, text: str = "", number: int = 1) -> list[dict[str, Any]]:
    """A page of a register, of PAGE rows and one more where it goes on; `text` is part of a name, address or key."""
    part = Part(text=text, offset=(number - 1) * PAGE, size=PAGE + 1)
    return list(contents(connection, sheet_of(register), part))


def record(connection: sa.Connection, register: str, key: str) -> dict[str, Any]:
    """One row.

    Raises:
        NotFound: There is no such register or row, or its rows stand for themselves in the list.
    """
    if register not in RECORDS:
        raise NotFound(register=register)
    found = next(contents(connection, sheet_of(register), Part(only={"key": key}, size=1)), None)
    if found is None:
        raise NotFound(register=register, key=key)
    return found


def around(connection: sa.Connection, register: str, key: str) -> list[tuple[Sheet, str, list[dict[str, Any]]]]:
    """What names this row: (sheet, the column that names it, its first rows), without what is empty."""
    found = []
    for other, column in AROUND.get(register, ()):
        sheet = SHEETS[other]
        value: Any = int(key) if sheet.column(column).kind == "person" else key
        rows = list(contents(connection, sheet, Part(only={column: value}, size=MOST_AROUND)))
        if rows:
            found.append((sheet, column, rows))
    return found


def cases(connection: sa.Connection, actor: Actor, register: str, key: str) -> list[sa.RowMapping]:
    """The newest cases that are about this row, as far as the actor may see them."""
    return related.about(connection, actor, {register: [key]}, size=MOST_CASES)


def balances(connection: sa.Connection, register: str, key: str) -> dict[str, Decimal]:
    """Account → what it comes to in yuan, for a crew, a person or a customer."""
    return {kind: ledger.balance(connection, f"{kind}:{key}") for kind in ACCOUNTS.get(register, ())}


def suspended_until(connection: sa.Connection, register: str, key: str) -> Any:
    """The day until which a person gets no new site; None where nothing is in force."""
    if register != "person":
        return None
    return suspensions.until(connection, int(key), now().astimezone(OFFICE).date())


def words(connection: sa.Connection) -> Words:
    """How people and crews are written."""
    return Words(connection)
