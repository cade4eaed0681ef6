"""Tell whether anything in the store has changed: the content of every table, before and after."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from engine.db.models import metadata
from engine.executor import Engine

RECORDS_REFUSALS = "access"


def contents(engine: Engine) -> dict[str, tuple[int, str]]:
    """Table → number of its rows and a digest of them, without the one that records refusals."""
    found = {}
    with engine.read() as connection:
        for table in metadata.sorted_tables:
            if table.name != RECORDS_REFUSALS:
                rows = sorted(repr(tuple(row)) for row in connection.execute(sa.select(table)))
                found[table.name] = len(rows), hashlib.sha256("\n".join(rows).encode("utf-8", "replace")).hexdigest()
    return found


@contextmanager
def nothing_changes(engine: Engine, besides: frozenset[str] = frozenset()) -> Iterator[None]:
    """Let a refused deed leave every table as it was, besides those named."""
    before = contents(engine)
    yield
    after = contents(engine)
    assert {name for name in before if before[name] != after[name]} <= besides
