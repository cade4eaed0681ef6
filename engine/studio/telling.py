"""Notices to process owners: something waits for their approval, or was decided."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from engine.actor import ADMINISTRATOR, AUDITOR, PROCESS_OWNER
from engine.db.models import notice, person
from engine.unit_of_work import UnitOfWork


def others(connection: sa.Connection, author: str) -> list[str]:
    """The principal keys of the process owners who may approve what `author` submitted; administrators without any."""
    rows = connection.execute(sa.select(person.c.id, person.c.roles).where(person.c.active).order_by(person.c.id)).all()
    for role in (PROCESS_OWNER, ADMINISTRATOR):
        able = [
            row.id for row in rows if role in row.roles and (AUDITOR not in row.roles or ADMINISTRATOR in row.roles)
        ]
        if found := [f"person:{key}" for key in able if f"person:{key}" != author]:
            return found
    return []


def tell(work: UnitOfWork, to: Iterable[str], code: str, **parameters: Any) -> None:
    """Write a notice to each of these, but not to who has just done it themselves."""
    rows = [
        {
            "principal": principal,
            "at": work.now,
            "id": uuid4().hex,
            "code": code,
            "parameters": parameters,
        }
        for principal in dict.fromkeys(to)
        if principal != work.actor.key
    ]
    if rows:
        work.connection.execute(notice.insert(), rows)
