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
from engine.db.models import command, concern, deployment, instance, party
from engine.db.types import hex_text
from engine.errors import NotFound
from engine.queries.instance import visible
from engine.registers import lookup

REGISTERS = ("customer", "site", "contract", "case")
MOST = 10
_COLUMNS = tuple(
    instance.c[name]
    for name in (
        "id",
        "business_key",
        "procedure",
        "deployment_id",
        "subject",
        "status",
        "started_at",
        "ended_at",
        "suspended_at",
    )
)


@dataclass(frozen=True, kw_only=True)
class Related:
    """Rows: (register, key, name). Cases: their columns for lists, with the procedure's `title`."""

    rows: list[tuple[str, str, str]]
    origin: list[sa.RowMapping]
    caused: list[sa.RowMapping]
    same_customer: list[sa.RowMapping]


def related(connection: sa.Connection, actor: Actor, case: Mapping[str, Any], now: datetime) -> Related:
    """What belongs to a case.

    Args:
        case: Its row, as from `instance.visible`: who may see it was asked there.
    """
    named: dict[str, list[str]] = {}
    for one in case["concerns"]:
        register, _, key = one.partition(":")
        named.setdefault(register, []).append(key)
    return Related(
        rows=[
            (register, key, name)
            for register in REGISTERS
            if register in named
            for key, name in lookup.names(connection, register, named[register]).items()
        ],
        origin=_origin(connection, actor, case),
        caused=_caused(connection, actor, case, now),
        same_customer=about(connection, actor, {"customer": named.get("customer", ())}, without=case["id"], size=MOST),
    )


def about(
    connection: sa.Connection,
    actor: Actor,
    keys: Mapping[str, Iterable[str]],
    *,
    without: str | None = None,
    after: tuple[datetime, str] | None = None,
    size: int,
) -> list[sa.RowMapping]:
    """The newest cases that name any of these rows, by the index on `concern`; `after` (started_at, id) goes on.

    Args:
        keys: Register → keys of its rows.
    """
    wanted = [
        sa.and_(concern.c.register == register, concern.c.key.in_(sorted(of))) for register, of in keys.items() if of
    ]
    if not wanted:
        return []
    found = sa.select(concern.c.case_id).where(sa.or_(*wanted))
    if after is not None:
        found = found.where(concern.c.started_at <= after[0])
    rows = _cases(actor).where(instance.c.id.in_(found))
    if without is not None:
        rows = rows.where(instance.c.id != without)
    if after is not None:
        start = sa.literal(after[0], instance.c.started_at.type)
        behind = sa.and_(instance.c.started_at == start, instance.c.id < sa.literal(after[1], instance.c.id.type))
        rows = rows.where(sa.or_(instance.c.started_at < start, behind))
    return _newest(connection, rows, size)


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
    first = sa.and_(command.c.stream == hex_text(instance.c.id), command.c.seq == 1)
    return _newest(connection, _cases(actor).join(command, first).where(while_it_ran, sent), MOST)


def _cases(actor: Actor) -> "sa.Select[Any]":
    rows = sa.select(*_COLUMNS, deployment.c.title).join_from(instance, deployment)
    if authorization.may_see(actor, ()):
        return rows
    keys = party.c.principal.in_(sorted(actor.principals))
    return rows.where(sa.exists().where(party.c.case_id == instance.c.id, keys))


def _newest(connection: sa.Connection, rows: "sa.Select[Any]", size: int) -> list[sa.RowMapping]:
    newest_first = rows.order_by(instance.c.started_at.desc(), instance.c.id.desc())
    return list(connection.execute(newest_first.limit(size)).mappings())
