"""Everything about one customer: houses, contracts, money, and what happened, over all procedures."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from engine.actor import Actor
from engine.clock import OFFICE
from engine.db.models import (
    contract,
    contract_change,
    customer,
    inspection,
    ledger_entry,
    ledger_posting,
    site,
    warranty_card,
)
from engine.queries import related
from engine.registers import contracts, money

MOST_EVENTS = 200
SHORTEST_NUMBER = 7  # digits that are taken for a telephone number


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that a register keeps about a house: `kind` is inspection, change, money, warranty, begun or completed.

    Attributes:
        about: What there is to say: keys, choices and amounts as text.
        case_id: The case in which it was done.
    """

    at: datetime
    kind: str
    about: Mapping[str, Any]
    case_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Account:
    """A contract with what changed it, in yuan."""

    key: str
    kind: str
    status: str
    signed_on: Any
    warranty_until: Any
    amount: Decimal | None
    added: Decimal
    deducted: Decimal
    base: Decimal


def keys_of(connection: sa.Connection, key: str) -> dict[str, list[str]]:
    """Register → keys by which cases name this customer: the customer, the houses, the contracts."""
    sites = list(connection.scalars(sa.select(site.c.key).where(site.c.customer == key).order_by(site.c.key)))
    signed = sa.select(contract.c.key).where(contract.c.site.in_(sites)).order_by(contract.c.key)
    return {"customer": [key], "site": sites, "contract": list(connection.scalars(signed))}


def cases(
    connection: sa.Connection,
    actor: Actor,
    keys: Mapping[str, Iterable[str]],
    *,
    after: tuple[datetime, str] | None = None,
    size: int,
) -> list[sa.RowMapping]:
    """The customer's cases, the newest first, as far as the actor may see them."""
    return related.about(connection, actor, keys, after=after, size=size)


def accounts(connection: sa.Connection, keys: Mapping[str, Iterable[str]]) -> list[Account]:
    """The customer's contracts."""
    found = []
    rows = sa.select(contract).where(contract.c.key.in_(list(keys["contract"]))).order_by(contract.c.key)
    for row in connection.execute(rows):
        added, deducted = contracts.changes(connection, row.key)
        base = (row.amount or money.ZERO) + added - deducted
        names = ("key", "kind", "status", "signed_on", "warranty_until", "amount")
        found.append(Account(**{name: getattr(row, name) for name in names}, added=added, deducted=deducted, base=base))
    return found


def events(connection: sa.Connection, keys: Mapping[str, Iterable[str]]) -> list[Event]:
    """What the registers keep of this customer, the newest first."""
    found = [
        *_houses(connection, list(keys["site"])),
        *_inspections(connection, list(keys["site"])),
        *_changes(connection, list(keys["contract"])),
        *_money(connection, list(keys["customer"])),
    ]
    return sorted(found, key=lambda event: event.at, reverse=True)[:MOST_EVENTS]


def _houses(connection: sa.Connection, sites: list[str]) -> Iterator[Event]:
    for row in connection.execute(sa.select(site).where(site.c.key.in_(sites))):
        for kind, day in (("begun", row.started_on), ("completed", row.completed_on)):
            if day is not None:
                yield Event(at=_morning(day), kind=kind, about={"site": row.key, "address": row.address})
    for row in connection.execute(sa.select(warranty_card).where(warranty_card.c.site.in_(sites))):
        if row.issued_on is not None:
            yield Event(at=_morning(row.issued_on), kind="warranty", about={"until": row.until.isoformat()})


def _inspections(connection: sa.Connection, sites: list[str]) -> Iterator[Event]:
    for row in connection.execute(sa.select(inspection).where(inspection.c.site.in_(sites))):
        about = {"result": row.result, "rate": row.overall_rate, "number": row.number}
        yield Event(at=row.at, kind="inspection", about=about, case_id=row.case_id)


def _changes(connection: sa.Connection, signed: list[str]) -> Iterator[Event]:
    for row in connection.execute(sa.select(contract_change).where(contract_change.c.contract.in_(signed))):
        if row.on is not None:
            yield Event(at=_morning(row.on), kind="change", about={"item": row.item, "amount": money.text(row.amount)})


def _money(connection: sa.Connection, customers: list[str]) -> Iterator[Event]:
    accounts_of = [f"customer:{key}" for key in customers]
    moves = (
        sa.select(ledger_entry, ledger_posting.c.amount, ledger_posting.c.n)
        .join(ledger_posting, ledger_posting.c.entry == ledger_entry.c.id)
        .where(ledger_posting.c.account.in_(accounts_of))
    )
    for row in connection.execute(moves):
        about = {"kind": row.kind, "amount": money.text(row.amount)}
        yield Event(at=row.at, kind="money", about=about, case_id=row.case_id)


def _morning(day: Any) -> datetime:
    return datetime.combine(day, time(9), OFFICE)


def by_number(connection: sa.Connection, text: str, most: int = 5) -> list[tuple[str, str]]:
    """(key, name) of customers with this telephone number, however it was typed; none where the text is no number."""
    digits = re.sub(r"\D", "", text)
    if len(digits) < SHORTEST_NUMBER or re.search(r"[^\d\s()+.-]", text):
        return []
    plain = sa.func.replace(sa.func.replace(customer.c.phone, "-", ""), " ", "")
    rows = sa.select(customer.c.key, customer.c.name).where(plain.contains(digits)).order_by(customer.c.key)
    return [(row.key, row.name) for row in connection.execute(rows.limit(most))]


def facts(connection: sa.Connection, customer_key: str, site_key: str | None) -> dict[str, dict[str, str]]:
    """What a start form may be filled with: `rows` (register → key) and `texts` (field id → text).

    The house is the one given, or the only one that the customer has.
    """
    row = connection.execute(sa.select(customer).where(customer.c.key == customer_key)).one_or_none()
    if row is None:
        return {"rows": {}, "texts": {}}
    rows, texts = {"customer": row.key}, {"customer": row.name, "phone": row.phone, "address": row.address}
    houses = connection.execute(sa.select(site).where(site.c.customer == customer_key)).all()
    chosen = [one for one in houses if one.key == site_key] or (houses if len(houses) == 1 else [])
    if chosen:
        house = chosen[0]
        agreed = contracts.of_site(connection, house.key)
        rows |= {"site": house.key, "crew": house.crew, "contract": agreed, "contract_to_end": agreed}
        texts["address"] = house.address
        until = sa.select(sa.func.max(warranty_card.c.until)).where(warranty_card.c.site == house.key)
        texts["warranty_until"] = _iso(connection.scalar(until))
    known: dict[str, dict[str, Any]] = {"rows": rows, "texts": texts}
    return {name: {key: value for key, value in part.items() if value} for name, part in known.items()}


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None
