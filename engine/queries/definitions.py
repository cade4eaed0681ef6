"""Procedures as they are deployed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine import authorization, deployments
from engine.actor import Actor
from engine.db.models import deployment, instance
from engine.errors import Forbidden, NotFound
from engine.form_schema import Form


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """The deployment that starts new cases of a procedure."""

    deployment_id: str
    procedure: str
    title: str
    title_en: str
    version: int
    deployed_at: datetime
    by_hand: bool  # has a start event that a person may use
    may_start: bool


@dataclass(frozen=True, kw_only=True)
class StartPage:
    """What a person fills in who starts a case."""

    procedure: Procedure
    event: str
    form: Form | None


def procedures(connection: sa.Connection, actor: Actor) -> list[Procedure]:
    """All procedures by title, each in its newest version."""
    newest = sa.select(deployment.c.procedure, sa.func.max(deployment.c.version).label("version"))
    last = newest.group_by(deployment.c.procedure).subquery()
    same = sa.and_(last.c.procedure == deployment.c.procedure, last.c.version == deployment.c.version)
    rows = connection.execute(sa.select(deployment).join(last, same).order_by(deployment.c.title)).mappings().all()
    return [_procedure(connection, actor, row) for row in rows]


def start_page(connection: sa.Connection, actor: Actor, procedure: str) -> StartPage:
    """The start form of a procedure.

    Raises:
        NotFound: It is not deployed, or nobody starts it by hand.
        Forbidden: This person may not.
    """
    row = deployments.current(connection, procedure)
    if row is None:
        raise NotFound(procedure=procedure)
    found = _procedure(connection, actor, row._mapping)
    if not found.by_hand:
        raise NotFound(procedure=procedure)
    if not found.may_start:
        raise Forbidden()
    definition = deployments.definition(connection, row.id)
    starts = definition.process.starts
    event = next((name for name, kind in starts.items() if kind == "none"), None)
    event = event or next(name for name, kind in starts.items() if kind == "message")
    form = deployments.form(definition, row.id, definition.form_key(definition.element(definition.process.id, event)))
    return StartPage(procedure=found, event=event, form=form)


def versions(connection: sa.Connection, procedure: str) -> list[sa.RowMapping]:
    """The deployments of a procedure, newest first, each with the number of cases that run it."""
    running = (
        sa.select(sa.func.count())
        .where(instance.c.deployment_id == deployment.c.id, instance.c.status.in_(("running", "suspended")))
        .scalar_subquery()
    )
    rows = sa.select(deployment, running.label("running")).where(deployment.c.procedure == procedure)
    return list(connection.execute(rows.order_by(deployment.c.version.desc())).mappings())


def files(connection: sa.Connection, deployment_id: str) -> dict[str, bytes]:
    """Path → content of a deployment.

    Raises:
        NotFound: There is none.
    """
    return deployments.files(connection, deployment_id)


def english(connection: sa.Connection, deployment_id: str) -> Mapping[str, str]:
    """Names of steps, events and procedures of a deployment → what English pages call them.

    Raises:
        NotFound: There is none.
    """
    return deployments.definition(connection, deployment_id).english


def _procedure(connection: sa.Connection, actor: Actor, row: sa.RowMapping) -> Procedure:
    definition = deployments.definition(connection, row["id"])
    try:
        authorization.require_starting(actor, deployments.starters(definition))
        may_start = True
    except Forbidden:
        may_start = False
    return Procedure(
        deployment_id=row["id"],
        procedure=row["procedure"],
        title=row["title"],
        title_en=definition.process.title_en,
        version=row["version"],
        deployed_at=row["deployed_at"],
        by_hand=any(kind in ("none", "message") for kind in definition.process.starts.values()),
        may_start=may_start,
    )
