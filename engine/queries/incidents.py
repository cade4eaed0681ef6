"""Jobs that were given up, and how the others stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from engine import deployments
from engine.db.models import instance, job, message
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


def senders(connection: sa.Connection, rows: Iterable[sa.RowMapping]) -> dict[str, tuple[str, str]]:
    """Job id → (id, number) of the case whose message could not be delivered or was not received."""
    rows = list(rows)
    kept = {row["args"]["message"] for row in rows if "message" in row["args"]}
    found = sa.select(message.c.id, message.c.sender).where(message.c.id.in_(kept))
    sent = {row.id: row.sender for row in connection.execute(found)} if kept else {}
    of_job = {str(row["id"]): row["args"].get("sender") or sent.get(row["args"].get("message", "")) for row in rows}
    wanted = sa.select(instance.c.id, instance.c.business_key).where(instance.c.id.in_({*of_job.values()} - {None}))
    numbers = {row.id: row.business_key for row in connection.execute(wanted)} if any(of_job.values()) else {}
    return {key: (str(sender), numbers[sender]) for key, sender in of_job.items() if sender in numbers}


def waiting_messages(connection: sa.Connection) -> list[sa.RowMapping]:
    """Messages that no case has received yet, the oldest first, with the id, number and deployment of who sent them."""
    rows = (
        sa.select(message, instance.c.id.label("case_id"), instance.c.business_key, instance.c.deployment_id)
        .join(instance, hex_text(instance.c.id) == message.c.sender, isouter=True)
        .where(message.c.receiver.is_(None))
        .order_by(message.c.at, message.c.id)
        .limit(MOST)
    )
    return list(connection.execute(rows).mappings())


def message_name(connection: sa.Connection, row: sa.RowMapping) -> str:
    """What the sender's diagram calls a message: the name of the event that sends it, else the message's own."""
    if row["deployment_id"] is None:
        return str(row["name"])
    elements = deployments.definition(connection, row["deployment_id"]).elements.values()
    return next((one.name for one in elements if one.message == row["name"] and one.name), str(row["name"]))


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
