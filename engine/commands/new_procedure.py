"""Begin a procedure that there was not."""

from dataclasses import dataclass
from typing import ClassVar

import sqlalchemy as sa

from engine import authorization, deployments, log
from engine.db.models import group_
from engine.errors import InvalidCommand
from engine.studio import beginning, drafts
from engine.unit_of_work import UnitOfWork

LONGEST_TITLE = 60


@dataclass(frozen=True, kw_only=True)
class NewProcedure:
    """Make the draft of a new procedure: one group's lane with a start, a task and an end."""

    kind: ClassVar[str] = "new_procedure"
    procedure: str  # its name in files and addresses: lower-case letters, digits, hyphens
    title: str
    group: str  # key of who does the work

    def run(self, work: UnitOfWork) -> None:
        authorization.require_owning(work.actor)
        if not drafts.NAME.fullmatch(self.procedure) or len(self.procedure) > drafts.LONGEST_NAME:
            raise InvalidCommand(field="procedure")
        if not self.title.strip() or len(self.title) > LONGEST_TITLE or "\n" in self.title:
            raise InvalidCommand(field="title")
        lane = work.connection.scalar(sa.select(group_.c.name).where(group_.c.key == self.group))
        if lane is None:
            raise InvalidCommand(field="group")
        log.head(work, drafts.STREAM)  # of two at once, one makes it
        taken = deployments.current(work.connection, self.procedure) or drafts.find(work.connection, self.procedure)
        if taken is not None:
            raise InvalidCommand(field="procedure", taken=True)
        files = beginning.files(self.procedure, self.title.strip(), self.group, lane)
        key = drafts.begin(work, self.procedure, files, None)
        work.unlogged(drafts.STREAM, draft=key, procedure=self.procedure)
