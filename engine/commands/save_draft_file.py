"""Keep what a process owner drew or typed."""

from dataclasses import dataclass
from typing import ClassVar

from engine import authorization
from engine.errors import DraftUnreadable, InvalidCommand
from engine.studio import checking, drafts
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class SaveDraftFile:
    """Save a file of a procedure's draft, or add it; problems are kept too, but not what no editor could open again.

    `revision` is that of the file as the person saw it, 0 for a new one: of two people on one file, the later is
    refused.
    """

    kind: ClassVar[str] = "save_draft_file"
    procedure: str
    path: str  # as in parser.parse
    content: bytes
    revision: int

    def run(self, work: UnitOfWork) -> None:
        authorization.require_owning(work.actor)
        if not drafts.is_path(self.procedure, self.path):
            raise InvalidCommand(field="path")
        if problems := checking.unreadable(self.path, self.content):
            raise DraftUnreadable(problems, self.path)
        draft = drafts.lock_editable(work, self.procedure)
        revision = drafts.put_file(work, draft, self.path, self.content, self.revision)
        work.unlogged(drafts.STREAM, draft=draft.id, path=self.path, revision=revision)
