"""Customers, sites and contracts: their columns, and how a row is written."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa

from engine.db.models import contract, customer, site
from engine.errors import InvalidCommand, NotFound

STREAM = "registers"
TABLES = {"customer": customer, "site": site, "contract": contract}
TEXTS = {
    "customer": {"name", "phone", "address", "note"},
    "site": {"address"},
    "contract": set[str](),
}  # kept out of the log
PREFIXES = {"customer": "K", "site": "G", "contract": "H"}


def columns(register: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the table takes them.

    Raises:
        InvalidCommand: An unknown register or field, a date or an amount that is none.
    """
    if register not in TABLES:
        raise InvalidCommand(field="register")
    table, found = TABLES[register], {}
    for name, value in values.items():
        if name not in table.c or name == "key":
            raise InvalidCommand(field=name)
        try:
            found[name] = _typed(table.c[name], value)
        except (ValueError, InvalidOperation):
            raise InvalidCommand(field=name) from None
    return found


def _typed(column: "sa.Column[Any]", value: Any) -> Any:
    if value in (None, ""):
        return None
    if isinstance(column.type, sa.Date):
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    if isinstance(column.type, sa.Integer):
        return int(value)
    return format(Decimal(str(value)), "f") if column.name == "amount" else str(value)


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
