"""Keep what was typed so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import sqlalchemy as sa

from engine import authorization
from engine.db.models import draft, user_task
from engine.errors import ConcurrentUpdate, Forbidden, NotFound
from engine.unit_of_work import UnitOfWork

_TASK = sa.select(user_task).where(user_task.c.id == sa.bindparam("of_task")).with_for_update()


@dataclass(frozen=True, kw_only=True)
class SaveDraft:
    """Keep a half-filled form, one per task and person; not logged, gone with the task."""

    kind: ClassVar[str] = "save_draft"
    task_id: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def run(self, work: UnitOfWork) -> None:
        row = work.connection.execute(_TASK, {"of_task": self.task_id}).one_or_none()
        if row is None:
            raise NotFound(task=self.task_id)
        if row.completed_at is not None or row.cancelled_at is not None:
            if row.assignee != work.actor.key and not authorization.is_candidate(work.actor, row.candidates, ()):
                raise Forbidden()  # who was faster is told to those whom it was offered to
            raise ConcurrentUpdate(by=row.assignee, at=row.completed_at)
        authorization.require_taking(work.actor, row.candidates, row.excluded or [], row.assignee)
        key = (draft.c.task_id == self.task_id, draft.c.actor == work.actor.key)
        work.connection.execute(draft.delete().where(*key))
        values = {"task_id": self.task_id, "actor": work.actor.key, "values": dict(self.values), "saved_at": work.now}
        work.connection.execute(draft.insert(), values)
        work.unlogged(row.case_id, task=self.task_id)
