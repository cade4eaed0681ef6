"""What was proven when, the newest seal, and the proof of one case. For auditors; the pages ask who may."""

import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine import audit, jobs
from engine.audit import OLDER_EPOCH, Flaw
from engine.db.models import instance, job, proof, seal
from engine.errors import NotFound
from engine.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Proven:
    """The proof of one case, made now.

    Attributes:
        commands: Rows of its log.
        older: An older release recorded it, so that it was not re-executed.
    """

    case: sa.RowMapping
    commands: int
    flaws: list[Flaw]
    older: bool


def proofs(connection: sa.Connection, most: int = 14) -> list[sa.RowMapping]:
    """The last proofs, of the night and on request, the newest first."""
    return list(connection.execute(sa.select(proof).order_by(proof.c.number.desc()).limit(most)).mappings())


def running(connection: sa.Connection) -> dict[str, Any] | None:
    """How far the proof is that somebody has asked for: {by, every, status, phase, seen, total}; None: none is made.

    `phase` is None before it begins, then "verify", "replay"; status "incident": it could not be made.
    """
    row = connection.execute(sa.select(job.c.args, job.c.status).where(job.c.id == jobs.PROOF_ID)).one_or_none()
    return {"phase": None, "seen": 0, "total": 0, **row.args, "status": row.status} if row else None


def newest_seal(connection: sa.Connection) -> dict[str, Any] | None:
    """What the newest seal says; None where nothing was sealed yet, or it can't be read any more."""
    text = connection.scalar(sa.select(seal.c.document).order_by(seal.c.number.desc()).limit(1))
    try:
        found: dict[str, Any] = json.loads(text or "")
    except ValueError:
        return None
    return found


def by_number(connection: sa.Connection, number: str) -> str | None:
    """The id of the case with this number; None where there is none."""
    return next(iter(audit.cases(connection, number)), None)


def case(connection: sa.Connection, settings: Settings, case_id: str) -> Proven:
    """Check a case's chain, submissions, state and seals, re-execute it, compare its projections.

    Raises:
        NotFound: There is no such case.
    """
    columns = (instance.c.id, instance.c.business_key, instance.c.subject, instance.c.seq)
    with audit.lenient(connection):
        row = connection.execute(sa.select(*columns).where(instance.c.id == case_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(case=case_id)
    flaws = audit.verify(connection, case_id, settings=settings)
    _commands, differences = audit.examine(connection, case_id)
    older = any(flaw.code == OLDER_EPOCH for flaw in differences)
    found = [*flaws, *(flaw for flaw in differences if flaw.code != OLDER_EPOCH)]
    return Proven(case=row, commands=row["seq"], flaws=list(dict.fromkeys(found)), older=older)
