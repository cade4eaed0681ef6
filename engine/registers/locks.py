"""Lock register rows: after the case's row, always crews, contracts, sites, people in this order, each by its key.

Two commands that lock in one order can't wait for one another. A command that will need several rows locks them all at
once, before it reads what it decides on. On SQLite there is one writer, and nothing to lock.
"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from engine.db.models import contract, crew, person, site


def lock(
    connection: sa.Connection,
    *,
    crews: Iterable[str] = (),
    contracts: Iterable[str] = (),
    sites: Iterable[str] = (),
    people: Iterable[int] = (),
) -> None:
    """Hold these rows until the transaction ends; keys that there are not are passed over."""
    wanted: tuple[tuple[sa.Column[Any], Iterable[Any]], ...] = (
        (crew.c.key, crews),
        (contract.c.key, contracts),
        (site.c.key, sites),
        (person.c.id, people),
    )
    for column, keys in wanted:
        if found := sorted(set(keys)):
            # key_share: rows that refer to these may be written meanwhile
            connection.execute(
                sa.select(column).where(column.in_(found)).order_by(column).with_for_update(key_share=True)
            )
