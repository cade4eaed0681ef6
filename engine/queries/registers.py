"""The company's registers as pages list them: customers, sites and contracts, by name, with what belongs together."""

from typing import Any

import sqlalchemy as sa

from engine.db.models import contract, customer, group_, person, site
from engine.errors import NotFound

PAGE = 50
_LISTS: dict[str, Any] = {
    "customer": sa.select(customer),
    "site": sa.select(site, customer.c.name.label("customer_name")).join(customer, customer.c.key == site.c.customer),
    "contract": sa.select(contract, site.c.address, site.c.customer, customer.c.name.label("customer_name"))
    .join(site, site.c.key == contract.c.site)
    .join(customer, customer.c.key == site.c.customer),
}
_SEARCHED: dict[str, tuple[Any, ...]] = {
    "customer": (customer.c.name, customer.c.address, customer.c.key, customer.c.phone),
    "site": (site.c.address, customer.c.name, site.c.key),
    "contract": (contract.c.key, site.c.address, customer.c.name),
}
_KEYS: dict[str, Any] = {"customer": customer.c.key, "site": site.c.key, "contract": contract.c.key}


def rows(connection: sa.Connection, register: str, *, text: str = "", after: str = "") -> list[sa.RowMapping]:
    """A page of a register by key; `after` continues behind a key, `text` is part of a name, an address or a key."""
    _require(register)
    found = _LISTS[register].where(_KEYS[register] > after)
    if text:
        found = found.where(sa.or_(*(column.contains(text, autoescape=True) for column in _SEARCHED[register])))
    return list(connection.execute(found.order_by(_KEYS[register]).limit(PAGE)).mappings())


def row(connection: sa.Connection, register: str, key: str) -> sa.RowMapping:
    """One row.

    Raises:
        NotFound: There is no such register or row.
    """
    _require(register)
    found = connection.execute(_LISTS[register].where(_KEYS[register] == key)).mappings().one_or_none()
    if found is None:
        raise NotFound(register=register, key=key)
    return found


def sites_of(connection: sa.Connection, customer_key: str) -> list[sa.RowMapping]:
    """The sites of a customer, with who builds and who designs."""
    foreman, designer = person.alias(), person.alias()
    found = sa.select(
        site,
        foreman.c.name.label("foreman_name"),
        designer.c.name.label("designer_name"),
        group_.c.name.label("crew_name"),
    )
    found = found.join(foreman, foreman.c.id == site.c.foreman, isouter=True)
    found = found.join(designer, designer.c.id == site.c.designer, isouter=True)
    found = found.join(group_, group_.c.key == site.c.crew, isouter=True)
    return list(connection.execute(found.where(site.c.customer == customer_key).order_by(site.c.key)).mappings())


def contracts_of(connection: sa.Connection, customer_key: str) -> list[sa.RowMapping]:
    """The contracts of a customer's sites."""
    found = _LISTS["contract"].where(site.c.customer == customer_key).order_by(contract.c.key)
    return list(connection.execute(found).mappings())


def _require(register: str) -> None:
    if register not in _LISTS:
        raise NotFound(register=register)
