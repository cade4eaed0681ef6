"""Tell people something within the application: one notice a principal (procedures.md 3.67, Notifications)."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from engine.db.models import instance, notice
from engine.service_tasks.registry import Occasion, Result, operation


@operation(parameters={"to": True, "about": True}, results=frozenset({"told"}))
def notify(occasion: Occasion, to: Any, about: str) -> Result:
    """Write a notice of the code "notice.<about>" to each principal.

    Args:
        to: A principal key, or a list of them, lists within it included; None is left out.
        about: The code, without "notice.", of a text in engine.messages.

    Returns:
        `told`: the number of principals.
    """
    return {"told": tell(occasion, to, about)}


def tell(occasion: Occasion, to: Any, about: str, **parameters: str) -> int:
    """Write the notices with what their text names besides the case; gives the number of principals."""
    assert occasion.connection is not None
    principals = list(dict.fromkeys(_keys(to)))
    number = sa.select(instance.c.business_key).where(instance.c.id == occasion.case_id)
    parameters |= {"case": occasion.connection.scalars(number).one_or_none() or ""}
    rows = [
        {
            "principal": principal,
            "at": occasion.now,
            "id": occasion.id(principal),
            "case_id": occasion.case_id,
            "code": f"notice.{about}",
            "parameters": parameters,
            "seen_at": None,
        }
        for principal in principals
    ]
    if rows:
        occasion.connection.execute(notice.insert(), rows)
    return len(rows)


def _keys(to: Any) -> Iterator[str]:
    if isinstance(to, list):
        for part in to:
            yield from _keys(part)
    elif to is not None:
        yield str(to)
