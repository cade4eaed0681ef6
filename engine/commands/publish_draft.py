"""Publish what was approved, because its effective date has come."""

from dataclasses import dataclass
from typing import ClassVar

from engine import jobs, log
from engine.studio import drafts, publishing
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class PublishDraft:
    """Make an approved draft the version in force; it is checked again, as the company may have changed meanwhile."""

    kind: ClassVar[str] = "publish_draft"
    job_id: str
    procedure: str

    def run(self, work: UnitOfWork) -> None:
        head = log.head(work, drafts.STREAM)
        if not jobs.take(work.connection, self.job_id):
            work.unlogged(drafts.STREAM, job=self.job_id)
            return
        draft = drafts.lock_submitted(work, self.procedure, drafts.APPROVED)
        publishing.require_as_submitted(work.connection, draft)
        publishing.require_publishable(work.connection, draft)
        log.append(work, head, publishing.publish(work, draft, draft.approved_by, head.instant(work.now)))
