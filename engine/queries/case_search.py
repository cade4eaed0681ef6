"""Cases as auditors look for them: by number, customer, person, procedure, period, state, missed deadline."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import authorization
from engine.actor import ADMINISTRATOR, AUDITOR, Actor
from engine.db.models import breach, concern, customer, deployment, instance, party, person
from engine.queries import customer as customers

ANY, NONE = "any", "none"
MOST_MEANT = 50  # customers or people that one text may mean
AT_ONCE = 500  # rows of a list that is written out
_SHOWN = ("id", "business_key", "procedure", "deployment_id", "status", "end_state", "subject")
_LATE = sa.select(sa.func.count()).where(breach.c.case_id == instance.c.id).correlate(instance).scalar_subquery()
_ROWS = sa.select(
    *(instance.c[name] for name in (*_SHOWN, "started_at", "ended_at", "started_by")),
    deployment.c.title,
    deployment.c.version,
    _LATE.label("missed"),
).join(deployment, deployment.c.id == instance.c.deployment_id)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is looked for; empty where it does not matter.

    Attributes:
        text: Part of the number or of what the case is about.
        customer: A telephone number, a key, or part of a name.
        person: A login, or part of the name, of somebody who takes part.
        statuses: Any of these.
        since, until: The case began at or after, and before.
        missed: A deadline that it has missed; ANY, or NONE at all.
    """

    text: str = ""
    customer: str = ""
    person: str = ""
    procedure: str = ""
    statuses: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    missed: str = ""


def search(
    connection: sa.Connection,
    actor: Actor,
    wanted: Wanted,
    *,
    after: tuple[datetime, str] | None = None,
    size: int,
) -> list[sa.RowMapping]:
    """Cases, the newest first; `after` (started_at, id) continues a list.

    Raises:
        Forbidden: This is neither an auditor nor an administrator.
    """
    authorization.require_role(actor, AUDITOR, ADMINISTRATOR)
    rows = _ROWS.where(*_conditions(connection, wanted))
    return list(connection.execute(_page(rows, after, size)).mappings())


def every(connection: sa.Connection, actor: Actor, wanted: Wanted) -> Iterator[sa.RowMapping]:
    """All that are looked for, fetched some at a time."""
    after: tuple[datetime, str] | None = None
    while True:
        found = search(connection, actor, wanted, after=after, size=AT_ONCE)
        yield from found
        if len(found) < AT_ONCE:
            return
        after = found[-1]["started_at"], found[-1]["id"]


def deadlines(connection: sa.Connection) -> list[str]:
    """Every deadline that was ever missed."""
    return list(connection.scalars(sa.select(breach.c.deadline).distinct().order_by(breach.c.deadline)))


def _page(rows: "sa.Select[Any]", after: tuple[datetime, str] | None, size: int) -> "sa.Select[Any]":
    if after is not None:
        start = sa.literal(after[0], instance.c.started_at.type)
        behind = sa.and_(instance.c.started_at == start, instance.c.id < sa.literal(after[1], instance.c.id.type))
        rows = rows.where(instance.c.started_at <= start, sa.or_(instance.c.started_at < start, behind))
    return rows.order_by(instance.c.started_at.desc(), instance.c.id.desc()).limit(size)


def _conditions(connection: sa.Connection, wanted: Wanted) -> Iterator["sa.ColumnElement[bool]"]:
    if wanted.text:
        number = instance.c.business_key.contains(wanted.text, autoescape=True)
        yield sa.or_(number, instance.c.subject.contains(wanted.text, autoescape=True))
    if wanted.customer:
        yield instance.c.id.in_(sa.select(concern.c.case_id).where(_concerns(connection, wanted.customer)))
    if wanted.person:
        meant = sa.or_(person.c.username == wanted.person, person.c.name.contains(wanted.person, autoescape=True))
        ids = connection.scalars(sa.select(person.c.id).where(meant).order_by(person.c.id).limit(MOST_MEANT))
        keys = [f"person:{one}" for one in ids]
        yield instance.c.id.in_(sa.select(party.c.case_id).where(party.c.principal.in_(keys)))
    if wanted.procedure:
        yield instance.c.procedure == wanted.procedure
    if wanted.statuses:
        yield instance.c.status.in_(wanted.statuses)
    if wanted.since:
        yield instance.c.started_at >= sa.literal(wanted.since, instance.c.started_at.type)
    if wanted.until:
        yield instance.c.started_at < sa.literal(wanted.until, instance.c.started_at.type)
    if wanted.missed:
        late = sa.exists().where(breach.c.case_id == instance.c.id)
        named = wanted.missed not in (ANY, NONE)
        yield ~late if wanted.missed == NONE else late.where(breach.c.deadline == wanted.missed) if named else late


def _concerns(connection: sa.Connection, text: str) -> "sa.ColumnElement[bool]":
    """Rows of `concern` that name the customers whom a text may mean, or their houses and contracts."""
    keys = [key for key, _name in customers.by_number(connection, text, MOST_MEANT)]
    if not keys:
        meant = sa.or_(customer.c.key == text, customer.c.name.contains(text, autoescape=True))
        keys = list(
            connection.scalars(sa.select(customer.c.key).where(meant).order_by(customer.c.key).limit(MOST_MEANT))
        )
    named: dict[str, list[str]] = {}
    for key in keys:
        for register, of in customers.keys_of(connection, key).items():
            named.setdefault(register, []).extend(of)
    return sa.or_(
        sa.false(),
        *(sa.and_(concern.c.register == register, concern.c.key.in_(of)) for register, of in named.items() if of),
    )
