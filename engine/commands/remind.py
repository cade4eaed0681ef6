"""Remind of a deadline that is near."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID, uuid5

import sqlalchemy as sa

from engine import jobs
from engine.db.models import instance, notice, user_task
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class Remind:
    """Tell those who have, or may take, the open tasks of a deadline that it is near; changes nothing in the case."""

    kind: ClassVar[str] = "remind"
    case_id: str
    job_id: str
    args: Mapping[str, Any]  # deadline, due_at

    def run(self, work: UnitOfWork) -> None:
        work.unlogged(self.case_id, job=self.job_id)
        if not jobs.take(work.connection, self.job_id):
            return
        case = work.connection.execute(sa.select(instance.c.business_key).where(instance.c.id == self.case_id)).one()
        tasks = sa.select(user_task).where(
            user_task.c.case_id == self.case_id,
            user_task.c.deadline == self.args["deadline"],
            user_task.c.completed_at.is_(None),
            user_task.c.cancelled_at.is_(None),
        )
        rows = [
            {
                "principal": principal,
                "at": work.now,
                # A moved deadline is reminded of again, by a job of the same id.
                "id": uuid5(UUID(hex=self.job_id), f"{task.id}:{principal}:{self.args['due_at']}").hex,
                "case_id": self.case_id,
                "code": "notice.reminder",
                "parameters": {"case": case.business_key, "task": task.id, "element": task.element, **self._deadline},
            }
            for task in work.connection.execute(tasks).all()
            for principal in ([task.assignee] if task.assignee else task.candidates)
        ]
        if rows:
            work.connection.execute(notice.insert(), rows)

    @property
    def _deadline(self) -> dict[str, Any]:
        return {"deadline": self.args["deadline"], "due_at": self.args["due_at"]}
