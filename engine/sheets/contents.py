"""What stands in a register now, as the plain values of its sheet's columns; and how people and crews are written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.clock import OFFICE
from engine.db.models import (
    award,
    customer,
    fault_slip,
    group_,
    inspection,
    instance,
    ledger_entry,
    ledger_posting,
    membership,
    person,
    site,
)
from engine.registers import rows
from engine.sheets.layout import Sheet

_RETENTION = "retention:"
_ORDER = "order_"  # besides the sheet's columns: what the newest is told by


@dataclass(frozen=True, kw_only=True)
class Part:
    """Which rows are wanted, and how many of them."""

    only: Mapping[str, Any] | None = None  # column → plain value
    text: str = ""  # part of a name, an address, a key
    offset: int = 0
    size: int | None = None


def contents(connection: sa.Connection, sheet: Sheet, part: Part | None = None) -> Iterator[dict[str, Any]]:
    """One mapping a row: column → text, ISO date, money text, yes/no, person id.

    Rows with keys of ours stand by key, what happened the newest first.
    """
    part = part or Part()
    source = _SOURCES.get(sheet.register, _of_table)(sheet).subquery()
    found = sa.select(source)
    for name, value in (part.only or {}).items():
        found = found.where(source.c[name] == value)
    if part.text:
        found = found.where(_mentions(sheet, source, part.text))
    found = (
        found.order_by(source.c[_ORDER].desc(), source.c.key) if _ORDER in source.c else found.order_by(source.c.key)
    )
    for row in connection.execute(found.offset(part.offset or None).limit(part.size)).mappings():
        yield {column.name: _plain(column.kind, row[column.name]) for column in sheet.columns}


def _plain(kind: str, value: Any) -> Any:
    if isinstance(value, datetime):
        value = value.astimezone(OFFICE).date()
    if kind == "groups":
        return ",".join(sorted(value.split(","))) if value else None
    return rows.plain(value)


def _mentions(sheet: Sheet, source: sa.Subquery, text: str) -> sa.ColumnElement[bool]:
    """Rows that hold the text, or refer to somebody or something whose name holds it."""

    def holds(column: Any) -> sa.ColumnElement[bool]:
        found: sa.ColumnElement[bool] = column.contains(text, autoescape=True)
        return found

    customers = sa.select(customer.c.key).where(holds(customer.c.name))
    sites = sa.select(site.c.key).where(holds(site.c.address) | site.c.customer.in_(customers))
    named: Mapping[str, Any] = {
        "person": sa.select(person.c.id).where(holds(person.c.name)),
        "crew": sa.select(group_.c.key).where(holds(group_.c.name)),
        "customer": customers,
        "site": sites,
        "contract": sa.select(rows.TABLES["contract"].c.key).where(rows.TABLES["contract"].c.site.in_(sites)),
    }
    found: list[sa.ColumnElement[bool]] = [
        source.c[column.name].in_(named[column.kind]) for column in sheet.columns if column.kind in named
    ]
    texts = ("key", "text", "customer", "site", "contract", "crew")
    found += [
        holds(source.c[column.name]) for column in sheet.columns if column.kind in texts and column.name != "number"
    ]
    return sa.or_(*found)


def _of_table(sheet: Sheet) -> "sa.Select[Any]":
    table = rows.TABLES[sheet.register]
    return sa.select(*(table.c[column.name] for column in sheet.columns))


def _people(sheet: Sheet) -> "sa.Select[Any]":
    groups = sa.select(sa.func.aggregate_strings(membership.c.group_key, ",")).where(
        membership.c.person_id == person.c.id
    )
    columns = (person.c.username, person.c.name, person.c.phone, person.c.active)
    number = sa.cast(person.c.id, sa.Text).label("key")
    return sa.select(number, *columns, groups.scalar_subquery().label("groups"), (-person.c.id).label(_ORDER))


def _ledger(sheet: Sheet) -> "sa.Select[Any]":
    crew = sa.func.substr(ledger_posting.c.account, len(_RETENTION) + 1).label("crew")
    at = ledger_entry.c.at
    key = ledger_entry.c.id.label("key")
    return (
        sa.select(key, at.label("on"), ledger_entry.c.month, crew, ledger_entry.c.kind, ledger_posting.c.amount)
        .add_columns(at.label(_ORDER))
        .join_from(ledger_entry, ledger_posting)
        .where(ledger_posting.c.account.startswith(_RETENTION, autoescape=True))
    )


def _fault_slips(sheet: Sheet) -> "sa.Select[Any]":
    names = ("person", "rule", "grade", "amount", "bulletin_on")
    return _with_case(fault_slip, names, fault_slip.c.decided_at, "decided_on")


def _inspections(sheet: Sheet) -> "sa.Select[Any]":
    return _with_case(inspection, ("site", "foreman", "number", "overall_rate", "result"), inspection.c.at, "on")


def _awards(sheet: Sheet) -> "sa.Select[Any]":
    shares = ("score", "amount", "foreman", "foreman_share", "project_manager", "project_manager_share")
    return _with_case(award, ("site", *shares), award.c.month, "month", key=award.c.site)


def _with_case(table: sa.Table, names: tuple[str, ...], at: Any, called: str, key: Any = None) -> "sa.Select[Any]":
    number = instance.c.business_key.label("case")
    key = (table.c.id if key is None else key).label("key")
    columns = [table.c[name] for name in names]
    found = sa.select(key, number, *columns, at.label(called), at.label(_ORDER))
    return found.join_from(table, instance, instance.c.id == table.c.case_id, isouter=True)


_SOURCES = {
    "person": _people,
    "ledger": _ledger,
    "fault_slip": _fault_slips,
    "inspection": _inspections,
    "award": _awards,
}


class Words:
    """How people and crews are written in a cell, and who is meant by what stands there."""

    def __init__(self, connection: sa.Connection) -> None:
        everyone = connection.execute(sa.select(person.c.id, person.c.username, person.c.name)).all()
        crews = connection.execute(sa.select(group_.c.key, group_.c.name).where(group_.c.kind == "crew")).all()
        self._people = _Named([(str(one.id), one.username, one.name) for one in everyone])
        self._crews = _Named([(one.key, one.key, one.name) for one in crews])

    def written(self, kind: str, value: Any) -> Any:
        """A plain value as a cell shows it: a name where it is the only one of its kind."""
        if value is None or kind not in ("person", "crew"):
            return value
        return (self._people if kind == "person" else self._crews).written(str(value))

    def meant(self, kind: str, text: str) -> Any:
        """The id or key that a cell means.

        Raises:
            ValueError: There is none, or a name that several have; says the code.
        """
        found = (self._people if kind == "person" else self._crews).meant(text)
        return int(found) if kind == "person" else found


class _Named:
    def __init__(self, rows: list[tuple[str, str, str]]) -> None:
        """Rows of (key, the short word that only one has, name)."""
        self._by_short = {short: key for key, short, _ in rows}
        self._by_name: dict[str, list[str]] = {}
        for key, _, name in rows:
            self._by_name.setdefault(name, []).append(key)
        self._shown = {key: name if len(self._by_name[name]) == 1 else short for key, short, name in rows}

    def written(self, key: str) -> str:
        return self._shown.get(key, key)

    def meant(self, text: str) -> str:
        keys = [self._by_short[text]] if text in self._by_short else self._by_name.get(text, [])
        if len(keys) != 1:
            raise ValueError("sheet.reference" if not keys else "sheet.several")
        return keys[0]
