"""Approve somebody's change of a procedure."""

from dataclasses import dataclass
from typing import ClassVar

from engine import authorization, log
from engine.errors import OwnApproval
from engine.studio import drafts, options, publishing, telling
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class ApproveDraft:
    """Publish a draft that was submitted, now or on its effective date; not one's own, unless an administrator lets."""

    kind: ClassVar[str] = "approve_draft"
    procedure: str
    digest: str | None = None  # of the files that the person has read, 64 hex digits; None: whatever was submitted

    def run(self, work: UnitOfWork) -> None:
        authorization.require_owning(work.actor)
        head = log.head(work, drafts.STREAM)
        draft = drafts.lock_submitted(work, self.procedure, drafts.SUBMITTED)
        if draft.submitted_by == work.actor.key and options.is_on(work.connection, options.FOUR_EYES):
            raise OwnApproval()
        publishing.require_as_submitted(work.connection, draft, self.digest)
        publishing.require_publishable(work.connection, draft)
        at = draft.effective_at
        if at is None or at <= work.now:
            log.append(work, head, publishing.publish(work, draft, work.actor.key, head.instant(work.now)))
            return
        log.append(work, head, publishing.said_of(draft) | {"effective_at": at.isoformat()})
        publishing.schedule(work, draft, at)
        approved = {"state": drafts.APPROVED, "approved_by": work.actor.key, "approved_at": work.now}
        drafts.set_columns(work, draft.id, **approved)
        title = drafts.title_of(self.procedure, drafts.files(work.connection, draft.id))
        to = (draft.submitted_by,)
        telling.tell(work, to, "notice.draft_approved", title=title, effective_at=at.isoformat())
