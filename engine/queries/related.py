"""What a case belongs to: rows of the registers, the case that it came from, those that it has caused, those of the
same customer. As far as the asking person may see them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import authorization
from engine.actor import Actor
from engine.db.models import command, deployment, instance, party
from engine.db.types import hex_text
from engine.errors import NotFound
from engine.queries.instance import visible
from engine.queries.timeline import Happening
from engine.registers import lookup

CUSTOMER = "customer_record"  # the field of every start form that names the customer's row
REGISTERS = ("customer", "site", "contract", "case")
LATEST = 2000  # cases among which those of a customer are looked for
MOST = 10
_COLUMNS = tuple(
    instance.c[name]
    for name in ("id", "business_key", "procedure", "deployment_id", "subject", "status", "started_at", "ended_at")
)


@dataclass(frozen=True, kw_only=True)
class Related:
    """Rows: (register, key, name). Cases: their columns for lists, with the procedure's `title`."""

    rows: list[tuple[str, str, str]]
    origin: list[sa.RowMapping]
    caused: list[sa.RowMapping]
    same_customer: list[sa.RowMapping]


def related(
    connection: sa.Connection, actor: Actor, case: Mapping[str, Any], happened: Iterable[Happening], now: datetime
) -> Related:
    """What belongs to a case whose timeline was read."""
    keys = _references(happened)
    customers = sorted(key for register, key in keys if register == "customer")
    return Related(
        rows=[
            (register, key, name)
            for register in REGISTERS
            for key, name in lookup.names(connection, register, [k for r, k in keys if r == register]).items()
        ],
        origin=_origin(connection, actor, case),
        caused=_caused(connection, actor, case, now),
        same_customer=of_customers(connection, actor, customers, without=case["id"]),
    )


def of_customers(
    connection: sa.Connection, actor: Actor, keys: Iterable[str], *, without: str | None = None
) -> list[sa.RowMapping]:
    """The newest cases that were started for these customers."""
    wanted = list(keys)
    if not wanted:
        return []
    latest = sa.select(instance.c.id).order_by(instance.c.started_at.desc()).limit(LATEST)
    named = command.c.body[("values", CUSTOMER)].as_string().in_(wanted)
    rows = _started(actor).where(instance.c.id.in_(latest), named)
    if without is not None:
        rows = rows.where(instance.c.id != without)
    return _newest(connection, rows)


def _references(happened: Iterable[Happening]) -> list[tuple[str, str]]:
    """(register, key) of everything that the forms of a case name, once each, newest first."""
    found: dict[tuple[str, str], None] = {}
    for one in happened:
        for field in one.form.asked if one.form is not None and one.values else ():
            value = (one.values or {}).get(field.key)
            if field.register in REGISTERS and value:
                found.update(dict.fromkeys((field.register, str(k)) for k in (value if field.many else [value])))
    return list(found)


def _origin(connection: sa.Connection, actor: Actor, case: Mapping[str, Any]) -> list[sa.RowMapping]:
    first = sa.select(command.c.body).where(command.c.stream == case["id"], command.c.seq == 1)
    sender = connection.scalars(first).one().get("sender")
    if not sender:
        return []
    try:
        return [visible(connection, actor, sender)]
    except NotFound:
        return []


def _caused(connection: sa.Connection, actor: Actor, case: Mapping[str, Any], now: datetime) -> list[sa.RowMapping]:
    """Cases that a message of this one has started: they began while it ran."""
    while_it_ran = instance.c.started_at.between(case["started_at"], case["ended_at"] or now)
    sent = command.c.body["sender"].as_string() == case["id"]
    return _newest(connection, _started(actor).where(while_it_ran, sent))


def _started(actor: Actor) -> "sa.Select[Any]":
    """Cases with the command that started them."""
    first = sa.and_(command.c.stream == hex_text(instance.c.id), command.c.seq == 1)
    rows = sa.select(*_COLUMNS, deployment.c.title).join_from(instance, command, first)
    rows = rows.join(deployment, deployment.c.id == instance.c.deployment_id)
    if authorization.may_see(actor, ()):
        return rows
    keys = party.c.principal.in_(sorted(actor.principals))
    return rows.where(sa.exists().where(party.c.case_id == instance.c.id, keys))


def _newest(connection: sa.Connection, rows: "sa.Select[Any]") -> list[sa.RowMapping]:
    return list(connection.execute(rows.order_by(instance.c.started_at.desc(), instance.c.id).limit(MOST)).mappings())
