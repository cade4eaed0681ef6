"""Deliver a message: to the case that waits for it, to a procedure that it starts, or into keeping."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid4, uuid5

import sqlalchemy as sa

from engine import case_start, cases, jobs, projections
from engine.db.models import instance, job, message, message_wait, start_message
from engine.unit_of_work import UnitOfWork
from engine.workflow import runner

_WAITS = (
    sa.select(message_wait.c.id, message_wait.c.case_id)
    .join(instance, instance.c.id == message_wait.c.case_id)
    .where(
        message_wait.c.name == sa.bindparam("of_name"),
        message_wait.c.key == sa.bindparam("of_key"),
        instance.c.status == cases.RUNNING,
    )
    .order_by(instance.c.started_at, message_wait.c.id)
    .limit(1)
)
_STARTS = sa.select(start_message).where(start_message.c.name == sa.bindparam("of_name")).limit(1)


@dataclass(frozen=True, kw_only=True)
class CorrelateMessage:
    """Deliver a message by its name and correlation key. (BPMN 2.0.2, 8.4.2)"""

    kind: ClassVar[str] = "correlate_message"
    name: str
    key: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)  # routing values; of a start: what its form takes
    sender: str | None = None  # case id
    job_id: str | None = None  # the job that delivers it, done with it
    message_id: str | None = None  # of a message that was kept
    case_id: str = field(default_factory=lambda: uuid4().hex, compare=False)  # of the case that it starts

    def run(self, work: UnitOfWork) -> None:
        if self.job_id is not None and not jobs.take(work.connection, self.job_id):
            work.unlogged(projections.MESSAGES)
            return
        wait = work.connection.execute(_WAITS, {"of_name": self.name, "of_key": self.key}).one_or_none()
        start = None if wait else work.connection.execute(_STARTS, {"of_name": self.name}).one_or_none()
        if wait is not None:
            self._deliver(work, wait.case_id, wait.id)
        elif start is not None:
            self._start(work, start.procedure, start.event)
        else:
            self._keep(work)

    def _deliver(self, work: UnitOfWork, case_id: str, wait: str) -> None:
        case = cases.lock(work, case_id)
        world = cases.world(work, case)
        step = runner.catch(case.definition, case.state, world, wait=wait, payload=self.payload)
        body = {
            "wait": wait,
            "message": self.name,
            "key": self.key,
            "payload": dict(self.payload),
            "sender": self.sender,
        }
        cases.advance(work, case, step, world, body)
        self._received(work, case.id)

    def _start(self, work: UnitOfWork, procedure: str, event: str) -> None:
        case_start.start(
            work,
            deployment=case_start.current(work, procedure),
            event=event,
            values=self.payload,
            business_key=None,
            case_id=self.case_id,
            message=self.name,
            sender=self.sender,
        )
        self._received(work, self.case_id)

    def _received(self, work: UnitOfWork, case_id: str) -> None:
        if self.message_id is not None:
            work.connection.execute(message.update().where(message.c.id == self.message_id).values(receiver=case_id))

    def _keep(self, work: UnitOfWork) -> None:
        """Keep it until somebody waits for it; an incident tells when nobody does in time."""
        if self.message_id is None:
            key = self.job_id or uuid4().hex
            expires = work.now + timedelta(days=work.settings.message_days)
            row = {"id": key, "name": self.name, "key": self.key, "payload": dict(self.payload), "sender": self.sender}
            work.connection.execute(message.insert(), row | {"at": work.now, "expires_at": expires})
            expiry = uuid5(UUID(hex=key), "expiry").hex
            args = {"message": key}
            work.connection.execute(
                job.insert(), projections.job_row(projections.MESSAGES, expiry, "message_expiry", args, expires)
            )
        work.unlogged(projections.MESSAGES, name=self.name, key=self.key)
