"""Give a change back to who submitted it."""

from dataclasses import dataclass
from typing import ClassVar

from engine import authorization, log
from engine.studio import drafts, publishing, telling
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class ReturnDraft:
    """Let a draft that was submitted be changed again, also one that waits for its effective date; authors take theirs
    back in the same way."""

    kind: ClassVar[str] = "return_draft"
    procedure: str
    reason: str

    def run(self, work: UnitOfWork) -> None:
        authorization.require_owning(work.actor)
        drafts.require_reason(self.reason)
        head = log.head(work, drafts.STREAM)
        draft = drafts.lock_submitted(work, self.procedure, drafts.SUBMITTED, drafts.APPROVED)
        publishing.unschedule(work, draft)
        submitted = log.Submitted(values={"reason": self.reason})
        log.append(work, head, publishing.said_of(draft), submitted=submitted)
        nothing = dict.fromkeys((*drafts.OF_SUBMISSION, *drafts.OF_APPROVAL))
        drafts.set_columns(work, draft.id, **nothing, state=drafts.EDITING, returned_seq=head.seq + 1)
        title = drafts.title_of(self.procedure, drafts.files(work.connection, draft.id))
        telling.tell(work, (draft.submitted_by,), "notice.draft_returned", title=title)
