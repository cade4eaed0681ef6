"""Begin to change a procedure."""

from dataclasses import dataclass
from typing import ClassVar

import sqlalchemy as sa

from engine import authorization, deployments, log
from engine.db.models import deployment
from engine.errors import DraftOpen, NotFound
from engine.studio import checking, drafts
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class OpenDraft:
    """Make a draft of a procedure from one of its versions, the one in force unless said; without a version, one that
    is open already will do. Publishing it is also the way back to an earlier version."""

    kind: ClassVar[str] = "open_draft"
    procedure: str
    version: int | None = None

    def run(self, work: UnitOfWork) -> None:
        authorization.require_owning(work.actor)
        log.head(work, drafts.STREAM)  # of two at once, one makes it
        before = drafts.find(work.connection, self.procedure)
        if before is not None:
            if self.version is not None:
                raise DraftOpen(procedure=self.procedure)
            work.unlogged(drafts.STREAM, draft=before.id, procedure=self.procedure)
            return
        found = self._version(work.connection)
        files = checking.own(deployments.files(work.connection, found))
        key = drafts.begin(work, self.procedure, files, found)
        work.unlogged(drafts.STREAM, draft=key, procedure=self.procedure)

    def _version(self, connection: sa.Connection) -> str:
        row = sa.select(deployment.c.id).where(deployment.c.procedure == self.procedure)
        if self.version is not None:
            row = row.where(deployment.c.version == self.version)
        found = connection.scalar(row.order_by(deployment.c.version.desc()).limit(1))
        if found is None:
            raise NotFound(procedure=self.procedure)
        return str(found)
