"""Find a row of any register by its key: whether a form may refer to it now, and what people call it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine import clock
from engine.db.models import concern, contract, crew, customer, equipment, group_, instance, membership, person, site
from engine.registers import contracts, crews, foremen

OF_PEOPLE = ("person", "employee", "foreman", "project_manager")  # registers whose keys are a person's
TO_END = "contract_to_end"  # a contract in force that no other open case has been begun to end
Condition = Callable[[date], sa.ColumnElement[bool]]


@dataclass(frozen=True, kw_only=True)
class _Register:
    """A register as a form sees it: `may` says of a row whether it can be chosen on a day."""

    key: sa.ColumnElement[str]
    name: sa.ColumnElement[str]
    may: Condition | None = None


_PERSON: Any = sa.cast(person.c.id, sa.Text)
_MANAGES = sa.exists().where(membership.c.person_id == person.c.id, membership.c.group_key == "project_manager")
_WHOSE = (
    sa.select(sa.literal(" · ") + customer.c.name + " · " + site.c.address)
    .join_from(site, customer, site.c.customer == customer.c.key)
    .where(site.c.key == contract.c.site)
    .correlate(contract)
    .scalar_subquery()
)
_ENDS = (
    sa.exists()
    .where(concern.c.register == TO_END, concern.c.key == contract.c.key)
    .where(instance.c.id == concern.c.case_id, instance.c.ended_at.is_(None))
    .correlate(contract)
)
_BY_REGISTER: Mapping[str, _Register] = {
    "customer": _Register(key=customer.c.key, name=customer.c.name),
    "site": _Register(key=site.c.key, name=site.c.address),
    "contract": _Register(key=contract.c.key, name=contract.c.key + _WHOSE),
    TO_END: _Register(
        key=contract.c.key,
        name=contract.c.key + _WHOSE,
        may=lambda on: (contract.c.status == contracts.ACTIVE) & ~_ENDS,
    ),
    "person": _Register(key=_PERSON, name=person.c.name, may=lambda on: person.c.active.is_(True)),
    "employee": _Register(key=_PERSON, name=person.c.name),  # who has left too: gets and pays what is due
    "foreman": _Register(key=_PERSON, name=person.c.name, may=foremen.available),
    "project_manager": _Register(key=_PERSON, name=person.c.name, may=lambda on: person.c.active & _MANAGES),
    "group": _Register(key=group_.c.key, name=group_.c.name),
    "department": _Register(key=group_.c.key, name=group_.c.name, may=lambda on: group_.c.kind == "department"),
    "crew": _Register(
        key=group_.c.key,
        name=group_.c.name,
        may=lambda on: group_.c.key.in_(sa.select(crew.c.key).where(crew.c.state == crews.ACTIVE)),
    ),
    "equipment": _Register(
        key=equipment.c.key, name=equipment.c.name, may=lambda on: equipment.c.calibrated_until >= on
    ),
    "case": _Register(key=instance.c.business_key, name=instance.c.business_key),
}


def rows_named(register: str, key: str) -> tuple[str, ...]:
    """What a case is about whose form names a row, as "register:key"; who was looked for as a foreman is a person."""
    if register in OF_PEOPLE:
        return (f"person:{key}",)
    return (f"contract:{key}", f"{TO_END}:{key}") if register == TO_END else (f"{register}:{key}",)


REGISTERS = frozenset(_BY_REGISTER)


def exists(connection: sa.Connection, register: str, key: str) -> bool:
    """Whether a form may refer to this row today: who has left or is suspended can't be chosen."""
    one = _BY_REGISTER[register]
    return connection.scalar(_choosable(one).where(one.key == key)) is not None


def names(connection: sa.Connection, register: str, keys: Iterable[str]) -> dict[str, str]:
    """Key → what people call it, for the keys that there are; also of those that can't be chosen any more."""
    one = _BY_REGISTER[register]
    rows = sa.select(one.key, one.name).where(one.key.in_(list(keys)))
    return {row[0]: row[1] for row in connection.execute(rows)}


def search(connection: sa.Connection, register: str, text: str, most: int = 20) -> list[tuple[str, str]]:
    """(key, name) of rows that may be chosen and whose key or name contains the text, for a field that completes it."""
    one = _BY_REGISTER[register]
    found = sa.or_(one.name.contains(text, autoescape=True), one.key.contains(text, autoescape=True))
    rows = _choosable(one).where(found).order_by(one.name).limit(most)
    return [(row[0], row[1]) for row in connection.execute(rows)]


def _choosable(one: _Register) -> "sa.Select[str, str]":
    rows = sa.select(one.key, one.name)
    return rows if one.may is None else rows.where(one.may(clock.now().astimezone(clock.OFFICE).date()))
