"""Who has a user task: its row and its places in inboxes."""

from uuid import UUID, uuid5

import sqlalchemy as sa

from engine.cases import Case, Task
from engine.db.models import inbox, notice, user_task
from engine.db.types import NEVER
from engine.unit_of_work import UnitOfWork

_ASSIGN = user_task.update().where(user_task.c.id == sa.bindparam("of_task"))
_LEAVE = inbox.delete().where(
    inbox.c.task_id == sa.bindparam("of_task"),
    inbox.c.due_at == sa.bindparam("of_due"),
    inbox.c.principal == sa.bindparam("of_principal"),
)


def assign(work: UnitOfWork, task: Task, assignee: str | None) -> None:
    """Give a task to somebody, or back to its candidates, with the command that was just logged."""
    assert work.done is not None
    due = task.due_at or NEVER
    work.connection.execute(
        _ASSIGN,
        {
            "of_task": task.id,
            "assignee": assignee,
            "claimed_at": work.done.at if assignee else None,
            "revision": task.revision + 1,
        },
    )
    leaving = [task.assignee] if task.assignee else list(dict.fromkeys(task.candidates))
    coming = [assignee] if assignee else list(dict.fromkeys(task.candidates))
    work.connection.execute(_LEAVE, [{"of_task": task.id, "of_due": due, "of_principal": key} for key in leaving])
    work.connection.execute(inbox.insert(), [{"principal": key, "due_at": due, "task_id": task.id} for key in coming])


def tell(work: UnitOfWork, case: Case, task: Task, principal: str) -> None:
    """Tell somebody that a task was handed to them."""
    work.connection.execute(
        notice.insert(),
        {
            "principal": principal,
            "at": work.now,
            "id": uuid5(UUID(hex=task.id), f"transferred:{task.revision}").hex,
            "case_id": case.id,
            "code": "notice.transferred",
            "parameters": {"case": case.business_key, "element": task.element, "task": task.id},
        },
    )
