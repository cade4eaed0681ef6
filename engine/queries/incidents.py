"""Jobs that were given up, and how the others stand."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from engine import deployments
from engine.db.models import instance, job
from engine.db.types import hex_text

MOST = 200
_OF_CASE = ("business_key", "procedure", "deployment_id")


@dataclass(frozen=True, kw_only=True)
class Load:
    """How the jobs stand."""

    ready: int
    overdue: int
    incidents: int
    oldest_wait: timedelta  # of the job that is overdue longest


def incidents(connection: sa.Connection, case_id: str | None = None) -> list[sa.RowMapping]:
    """Jobs that were given up, the oldest first, with the number and procedure of their case where there is one."""
    rows = (
        sa.select(
            job, instance.c.id.label("case_id"), instance.c.business_key, instance.c.procedure, instance.c.deployment_id
        )
        .join(instance, hex_text(instance.c.id) == job.c.stream, isouter=True)
        .where(job.c.status == "incident")
        .order_by(job.c.due_at, job.c.id)
        .limit(MOST)
    )
    if case_id is not None:
        rows = rows.where(job.c.stream == case_id)
    return list(connection.execute(rows).mappings())


def step_name(connection: sa.Connection, row: sa.RowMapping) -> str:
    """What the diagram calls the element that an incident of a case is about; its id where the diagram has no name."""
    element = str(row["args"].get("element", ""))
    if row["deployment_id"] is None:
        return element
    elements = deployments.definition(connection, row["deployment_id"]).elements
    return next((one.name for one in elements.values() if one.id == element and one.name), element)


def load(connection: sa.Connection, now: datetime) -> Load:
    """Figures for the health and metrics pages."""
    by_status = sa.select(job.c.status, sa.func.count()).group_by(job.c.status)
    numbers = {row[0]: row[1] for row in connection.execute(by_status)}
    late = sa.and_(job.c.status == "ready", job.c.due_at < now)
    row = connection.execute(sa.select(sa.func.count(), sa.func.min(job.c.due_at)).where(late)).one()
    return Load(
        ready=numbers.get("ready", 0),
        overdue=row[0],
        incidents=numbers.get("incident", 0),
        oldest_wait=now - row[1] if row[1] is not None else timedelta(),
    )
