"""Ask another process owner to approve a change."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from engine import authorization, deployments, log
from engine.errors import InvalidCommand
from engine.studio import drafts, publishing, telling
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class SubmitDraft:
    """Freeze a procedure's draft and have it approved; refused while it has problems, or says nothing new."""

    kind: ClassVar[str] = "submit_draft"
    procedure: str
    reason: str  # why it is changed
    effective_at: datetime | None = None  # aware, in the future; None: as soon as it is approved

    def run(self, work: UnitOfWork) -> None:
        authorization.require_owning(work.actor)
        drafts.require_reason(self.reason)
        if self.effective_at is not None and (self.effective_at.tzinfo is None or self.effective_at <= work.now):
            raise InvalidCommand(field="effective_at")
        head = log.head(work, drafts.STREAM)
        draft = drafts.lock_editable(work, self.procedure)
        publishing.require_publishable(work.connection, draft)
        files = drafts.files(work.connection, draft.id)
        in_force = deployments.current(work.connection, self.procedure)
        against = in_force.id if in_force is not None else None
        digest = deployments.content_hash(files)
        body = {
            "procedure": self.procedure,
            "draft": draft.id,
            "files": digest.hex(),
            "against": against,
            "effective_at": self.effective_at.isoformat() if self.effective_at else None,
        }
        log.append(work, head, body, submitted=log.Submitted(values={"reason": self.reason}))
        drafts.set_columns(
            work,
            draft.id,
            state=drafts.SUBMITTED,
            submitted_by=work.actor.key,
            submitted_at=work.now,
            submitted_seq=head.seq + 1,
            effective_at=self.effective_at,
            digest=digest,
            against=against,
        )
        to = telling.others(work.connection, work.actor.key)
        title = drafts.title_of(self.procedure, files)
        telling.tell(work, to, "notice.draft_submitted", title=title)
