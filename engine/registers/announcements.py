"""Notices of a later day: a job that no case holds, so that it is told also when the case is closed long before."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from engine.db.models import job

STREAM, KIND = "announcements", "announce"


def put(
    connection: sa.Connection,
    *,
    id: str,
    at: datetime,
    to: Sequence[str],
    code: str,
    parameters: Mapping[str, str],
    case_id: str,
) -> None:
    """Have principals told something at an instant.

    Args:
        id: Of the job; 32 hex digits.
        code: Of engine.messages; it is said with `parameters` and, as `case`, the case's number.
    """
    args = {"case": case_id, "to": list(to), "code": code, "parameters": dict(parameters)}
    connection.execute(job.insert(), {"id": id, "stream": STREAM, "kind": KIND, "args": args, "due_at": at})
