"""The registers that people keep row by row: their columns, what may stand in them, and how a row is written."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from engine.db.models import (
    contract,
    contract_change,
    crew,
    customer,
    equipment,
    group_,
    site,
    warranty_card,
)
from engine.db.types import Money
from engine.errors import InvalidCommand, NotFound, PersonUnavailable
from engine.registers import contracts, crews, foremen, locks, money, sites

STREAM = "registers"
TABLES = {
    "customer": customer,
    "crew": crew,
    "site": site,
    "contract": contract,
    "contract_change": contract_change,
    "warranty_card": warranty_card,
    "equipment": equipment,
}
TEXTS: Mapping[str, frozenset[str]] = {  # kept out of the log
    "customer": frozenset({"name", "phone", "address", "note"}),
    "crew": frozenset(),
    "site": frozenset({"address"}),
    "contract": frozenset(),
    "contract_change": frozenset({"item"}),
    "warranty_card": frozenset({"scope"}),
    "equipment": frozenset({"name"}),
}
PREFIXES = {  # of the keys that we give; a crew's key is that of its group
    "customer": "K",
    "site": "G",
    "contract": "H",
    "contract_change": "B",
    "warranty_card": "W",
    "equipment": "E",
}
CHOICES = {
    ("crew", "kind"): crews.KINDS,
    ("crew", "state"): crews.STATES,
    ("site", "satisfaction"): ("dissatisfied", "satisfied", "very_satisfied"),
    ("contract", "status"): (contracts.ACTIVE, contracts.CANCELLED),
}
_Fits = Callable[[Decimal], bool]
AMOUNTS: Mapping[str, _Fits] = {
    "contract": lambda amount: 0 <= amount <= contracts.MOST,
    "contract_change": lambda amount: amount != 0 and abs(amount) <= contracts.MOST,
}


def columns(register: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the table takes them.

    Raises:
        InvalidCommand: An unknown register or field, a date, a choice or an amount that is none, an absurd sum.
    """
    if register not in TABLES:
        raise InvalidCommand(field="register")
    table, found = TABLES[register], {}
    for name, value in values.items():
        if name not in table.c or name == "key":
            raise InvalidCommand(field=name)
        try:
            found[name] = _typed(table.c[name], value)
        except (ValueError, TypeError):
            raise InvalidCommand(field=name) from None
        choices = CHOICES.get((register, name))
        if choices and found[name] is not None and found[name] not in choices:
            raise InvalidCommand(field=name)
        if isinstance(found[name], Decimal) and not AMOUNTS[register](found[name]):
            raise InvalidCommand(field=name)
    return found


def _typed(column: "sa.Column[Any]", value: Any) -> Any:
    if value in (None, ""):
        return None
    if isinstance(column.type, sa.Date):
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    if isinstance(column.type, sa.Integer):
        return int(value)
    return money.fen(value) if isinstance(column.type, Money) else str(value)


def check(
    connection: sa.Connection, register: str, key: str, values: Mapping[str, Any], *, new: bool, on: date
) -> None:
    """What a row names must be there, and a site that is still to be built goes to a foreman who may have it.

    Args:
        on: Today, in the office.
    Raises:
        InvalidCommand: A reference leads nowhere, or a field that is needed is missing.
        PersonUnavailable: The crew or the foreman has left, or the foreman is suspended.
    """
    table = TABLES[register]
    missing = {c.name for c in table.c if not c.nullable and not c.server_default and not c.primary_key}
    if empty := sorted(name for name in missing if (new or name in values) and values.get(name) is None):
        raise InvalidCommand(field=empty[0])
    for column in table.c:
        for foreign in column.foreign_keys:
            value = key if column.primary_key else values.get(column.name)
            if (
                value is not None
                and connection.scalar(sa.select(foreign.column).where(foreign.column == value)) is None
            ):
                raise InvalidCommand(field=column.name)
    if register == "crew":
        _require_crew_group(connection, key)
    if register == "site":
        _check_site(connection, key, values, on)


def _require_crew_group(connection: sa.Connection, key: str) -> None:
    if connection.scalar(sa.select(group_.c.kind).where(group_.c.key == key)) != "crew":
        raise InvalidCommand(field="key")


def _check_site(connection: sa.Connection, key: str, values: Mapping[str, Any], on: date) -> None:
    before = sites.find(connection, key)
    given = {name: values.get(name) for name in ("crew", "foreman")}
    if before is not None:  # it keeps whom it has, whatever became of them
        given = {name: value for name, value in given.items() if value != getattr(before, name)}
    crew_key, foreman = given.get("crew"), given.get("foreman")
    crew_row = crews.find(connection, crew_key) if crew_key is not None else None
    if crew_key is not None and crew_row is None:
        raise InvalidCommand(field="crew")
    if values.get("completed_on", before.completed_on if before else None) is not None:
        return  # a completed site says who built it
    if crew_row is not None and crew_row.state != crews.ACTIVE:
        raise PersonUnavailable(field="crew")
    if foreman is not None:
        locks.lock(connection, people=[foreman])
        foremen.require(connection, foreman, on)


def put(connection: sa.Connection, register: str, key: str, values: Mapping[str, Any], *, new: bool) -> None:
    """Write a row.

    Raises:
        NotFound: There is no row to change.
    """
    table = TABLES[register]
    if new:
        connection.execute(table.insert(), {"key": key, **values})
    elif not connection.execute(table.update().where(table.c.key == key), dict(values)).rowcount:
        raise NotFound(register=register, key=key)


def exists(connection: sa.Connection, register: str, key: str) -> bool:
    """Whether a register has a row with this key."""
    table = TABLES[register]
    return connection.scalar(sa.select(table.c.key).where(table.c.key == key)) is not None


def new_keys(connection: sa.Connection, register: str, *, besides: Collection[str] = ()) -> Iterator[str]:
    """The next free keys of a register, one after the other ("K00017"), none of them among `besides`.

    Raises:
        InvalidCommand: The keys of this register are not ours to give.
    """
    if register not in PREFIXES:
        raise InvalidCommand(field="key")
    number = connection.scalar(sa.select(sa.func.count()).select_from(TABLES[register])) or 0
    while True:
        number += 1
        key = f"{PREFIXES[register]}{number:05d}"
        if key not in besides and not exists(connection, register, key):
            yield key


def plain(value: Any) -> Any:
    """A column's value as it stands in JSON: dates as ISO text, money as text."""
    if isinstance(value, Decimal):
        return money.text(value)
    return value.isoformat() if isinstance(value, date) else value
