"""Give a file of a draft another name."""

from dataclasses import dataclass
from typing import ClassVar

from engine import authorization
from engine.errors import DraftUnreadable, InvalidCommand
from engine.studio import checking, drafts
from engine.unit_of_work import UnitOfWork

NEW = 0  # the revision of a file that is not there


@dataclass(frozen=True, kw_only=True)
class RenameDraftFile:
    """Move a file of a procedure's draft to a path where there is none, with what its new name changes in it.

    `revision` as in SaveDraftFile, of the file under its old name. The diagram and procedure.toml keep theirs.
    """

    kind: ClassVar[str] = "rename_draft_file"
    procedure: str
    path: str
    to: str
    content: bytes
    revision: int

    def run(self, work: UnitOfWork) -> None:
        authorization.require_owning(work.actor)
        if self.path in (f"{self.procedure}.bpmn", "procedure.toml") or self.path == self.to:
            raise InvalidCommand(field="path")
        if not drafts.is_path(self.procedure, self.to):
            raise InvalidCommand(field="to")
        if problems := checking.unreadable(self.to, self.content):
            raise DraftUnreadable(problems, self.to)
        drafts.put_file(work, drafts.lock_editable(work, self.procedure), self.path, None, self.revision)
        draft = drafts.lock_editable(work, self.procedure)
        revision = drafts.put_file(work, draft, self.to, self.content, NEW)
        work.unlogged(drafts.STREAM, draft=draft.id, path=self.to, revision=revision)
