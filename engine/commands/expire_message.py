"""Say that nobody received a message in time."""

from dataclasses import dataclass
from typing import ClassVar

import sqlalchemy as sa

from engine import jobs
from engine.db.models import message
from engine.errors import MessageUnreceived
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class ExpireMessage:
    """Make an incident of a message that was kept for too long; one that was received is forgotten."""

    kind: ClassVar[str] = "expire_message"
    message_id: str
    job_id: str

    def run(self, work: UnitOfWork) -> None:
        receiver = work.connection.scalar(sa.select(message.c.receiver).where(message.c.id == self.message_id))
        if receiver is None:
            one = jobs.find(work.connection, self.job_id)
            if one is not None:
                jobs.fail(work.connection, one, MessageUnreceived.code, work.now, most_tries=1)
        else:
            jobs.take(work.connection, self.job_id)
        work.unlogged(message=self.message_id)
