"""The files of a case: who brought which, and when. The contents lie elsewhere, under their digests."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.cases import Case
from engine.db.models import case_file, file
from engine.unit_of_work import UnitOfWork


def keep(work: UnitOfWork, case: Case, element: str | None, files: Iterable[Mapping[str, Any]]) -> None:
    """Note files (digest, name, size, type) with the command that was just logged."""
    rows = list(files)
    if not rows:
        return
    assert work.done is not None
    at, seq = work.done.at, work.done.seq
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[work.dialect]
    work.connection.execute(
        insert(file).on_conflict_do_nothing(),
        [
            {
                "hash": bytes.fromhex(one["digest"]),
                "size_bytes": one["size"],
                "media_type": one["type"],
                "created_at": at,
            }
            for one in rows
        ],
    )
    work.connection.execute(
        sa.insert(case_file),
        [
            {
                "id": uuid5(UUID(hex=case.id), f"{seq}:file:{number}").hex,
                "case_id": case.id,
                "seq": seq,
                "hash": bytes.fromhex(one["digest"]),
                "name": one["name"],
                "element": element,
                "actor": work.actor.key,
                "at": at,
            }
            for number, one in enumerate(rows, 1)
        ],
    )
