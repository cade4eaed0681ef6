"""Find a row of any register by its key: whether a form may refer to it, and what people call it."""

from collections.abc import Iterable

import sqlalchemy as sa

from engine.db.models import contract, customer, group_, instance, person, site

_BY_REGISTER = {
    "customer": (customer.c.key, customer.c.name, None),
    "site": (site.c.key, site.c.address, None),
    "contract": (contract.c.key, contract.c.key, None),
    "person": (sa.cast(person.c.id, sa.Text), person.c.name, person.c.active),
    "group": (group_.c.key, group_.c.name, None),
    "department": (group_.c.key, group_.c.name, group_.c.kind == "department"),
    "case": (instance.c.business_key, instance.c.business_key, None),
}


def exists(connection: sa.Connection, register: str, key: str) -> bool:
    """Whether a form may refer to this row."""
    return bool(names(connection, register, [key]))


def names(connection: sa.Connection, register: str, keys: Iterable[str]) -> dict[str, str]:
    """Key → what people call it, for the keys that there are."""
    column, name, condition = _BY_REGISTER[register]
    rows = sa.select(column, name).where(column.in_(list(keys)))
    if condition is not None:
        rows = rows.where(condition)
    return {row[0]: row[1] for row in connection.execute(rows)}


def search(connection: sa.Connection, register: str, text: str, most: int = 20) -> list[tuple[str, str]]:
    """(key, name) of rows whose key or name contains the text, for a field that completes what is typed."""
    column, name, condition = _BY_REGISTER[register]
    found = sa.or_(name.contains(text, autoescape=True), column.contains(text, autoescape=True))
    rows = sa.select(column, name).where(found).order_by(name).limit(most)
    if condition is not None:
        rows = rows.where(condition)
    return [(row[0], row[1]) for row in connection.execute(rows)]
