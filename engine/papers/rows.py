"""Rows of the registers that a case refers to, found by the keys that stand in its data."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from engine.clock import OFFICE
from engine.db import models

KINDS = ("customer", "site", "contract", "crew", "warranty_card", "equipment")
_NAME_OF = {"customer": "name", "site": "address", "equipment": "name"}
_GROUPS, _PEOPLE = ("group", "department", "crew"), ("person", "foreman", "project_manager")
MOST_KEYS = 5000


class Rows:
    """kind → key → columns as JSON; people and groups by name alone."""

    def __init__(self, connection: sa.Connection, data: Any) -> None:
        self.kinds: dict[str, dict[str, dict[str, Any]]] = {kind: {} for kind in KINDS}
        keys, fresh = set[str](), set(texts_in(data))
        while fresh and len(keys) < MOST_KEYS:  # a contract leads to its site, the site to its customer
            keys |= fresh
            found = [row for kind in KINDS for row in self._read(connection, kind, fresh)]
            fresh = {text for row in found for text in texts_in(row)} - keys
        self.people = _people(connection, keys)
        self.groups = _groups(connection, keys)

    def _read(self, connection: sa.Connection, kind: str, keys: Iterable[str]) -> Iterator[dict[str, Any]]:
        table: sa.Table = getattr(models, kind)
        for row in connection.execute(sa.select(table).where(table.c.key.in_(sorted(keys)))).mappings():
            values = {name: _plain(value) for name, value in row.items()}
            self.kinds[kind][row["key"]] = values
            yield values

    def name(self, register: str, key: str) -> str:
        """What people call a row, the key itself where it is gone."""
        if register in _PEOPLE:
            return self.people.get(key.removeprefix("person:"), key)
        if register in _GROUPS:
            return self.groups.get(key, key)
        return str(self.kinds.get(register, {}).get(key, {}).get(_NAME_OF.get(register, "key"), key))


def texts_in(data: Any) -> Iterator[str]:
    """Every text in JSON that may be a key."""
    if isinstance(data, str):
        if data and len(data) <= 100:
            yield data.rpartition(":")[2] if data.startswith(("person:", "group:", "head:")) else data
    elif isinstance(data, Mapping):
        for value in data.values():
            yield from texts_in(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from texts_in(value)


def _people(connection: sa.Connection, keys: set[str]) -> dict[str, str]:
    numbers = sorted(int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 10)
    rows = connection.execute(
        sa.select(models.person.c.id, models.person.c.name).where(models.person.c.id.in_(numbers))
    )
    return {str(row.id): row.name for row in rows}


def _groups(connection: sa.Connection, keys: set[str]) -> dict[str, str]:
    group = models.group_
    rows = connection.execute(sa.select(group.c.key, group.c.name).where(group.c.key.in_(sorted(keys))))
    return {row.key: row.name for row in rows}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, ".2f")
    if isinstance(value, datetime):
        return value.astimezone(OFFICE).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, bool | str | None) else str(value)
