"""Let a change of a procedure go."""

from dataclasses import dataclass
from typing import ClassVar

from engine import authorization, log
from engine.studio import drafts
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class DropDraft:
    """Delete a procedure's draft with all its files; one that was submitted is returned first."""

    kind: ClassVar[str] = "drop_draft"
    procedure: str

    def run(self, work: UnitOfWork) -> None:
        authorization.require_owning(work.actor)
        head = log.head(work, drafts.STREAM)
        draft = drafts.lock_editable(work, self.procedure)
        log.append(work, head, {"procedure": self.procedure, "draft": draft.id, "author": draft.started_by})
        drafts.remove(work, draft.id)
