"""What stands in a register now, as the plain values of its sheet's columns."""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from engine.clock import OFFICE
from engine.db.models import (
    award,
    fault_slip,
    group_,
    inspection,
    instance,
    ledger_entry,
    ledger_posting,
    membership,
    person,
)
from engine.registers import rows
from engine.sheets.layout import Sheet

_RETENTION = "retention:"


def contents(connection: sa.Connection, sheet: Sheet) -> Iterator[dict[str, Any]]:
    """One mapping a row, by key: column → text, ISO date, money text, yes/no, person id; read as a stream."""
    source = _SOURCES.get(sheet.register)
    found = source(connection) if source else _plain_rows(connection, sheet)
    names = [column.name for column in sheet.columns]
    for row in found:
        yield {name: rows.plain(row[name]) for name in names}


def _plain_rows(connection: sa.Connection, sheet: Sheet) -> Iterator[Mapping[str, Any]]:
    table = rows.TABLES[sheet.register]
    wanted = sa.select(*(table.c[column.name] for column in sheet.columns)).order_by(table.c.key)
    yield from (dict(row) for row in connection.execute(wanted).mappings())


def _people(connection: sa.Connection) -> Iterator[Mapping[str, Any]]:
    groups: dict[int, list[str]] = {}
    for one, key in connection.execute(sa.select(membership.c.person_id, membership.c.group_key)):
        groups.setdefault(one, []).append(key)
    for row in connection.execute(sa.select(person).order_by(person.c.id)).mappings():
        yield {**row, "key": str(row["id"]), "groups": ",".join(sorted(groups.get(row["id"], ()))) or None}


def _ledger(connection: sa.Connection) -> Iterator[Mapping[str, Any]]:
    moves = (
        sa.select(ledger_entry, ledger_posting.c.account, ledger_posting.c.amount)
        .join(ledger_posting, ledger_posting.c.entry == ledger_entry.c.id)
        .where(ledger_posting.c.account.startswith(_RETENTION, autoescape=True))
        .order_by(ledger_entry.c.at, ledger_entry.c.id, ledger_posting.c.n)
    )
    for row in connection.execute(moves).mappings():
        day = row["at"].astimezone(OFFICE).date()
        yield {**row, "key": row["id"], "on": day, "crew": row["account"].removeprefix(_RETENTION)}


def _fault_slips(connection: sa.Connection) -> Iterator[Mapping[str, Any]]:
    slips = _with_case(fault_slip).order_by(fault_slip.c.decided_at, fault_slip.c.id)
    for row in connection.execute(slips).mappings():
        yield {**row, "decided_on": row["decided_at"].astimezone(OFFICE).date()}


def _inspections(connection: sa.Connection) -> Iterator[Mapping[str, Any]]:
    for row in connection.execute(_with_case(inspection).order_by(inspection.c.at, inspection.c.id)).mappings():
        yield {**row, "on": row["at"].astimezone(OFFICE).date()}


def _awards(connection: sa.Connection) -> Iterator[Mapping[str, Any]]:
    found = connection.execute(_with_case(award).order_by(award.c.month, award.c.site))
    yield from (dict(row) for row in found.mappings())


def _with_case(table: sa.Table) -> "sa.Select[Any]":
    number = instance.c.business_key.label("case")
    return sa.select(table, number).join(instance, instance.c.id == table.c.case_id, isouter=True)


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
