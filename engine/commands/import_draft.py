"""Bring in all files of a procedure at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine import authorization, deployments, log
from engine.errors import DraftChanged, DraftUnreadable, InvalidCommand
from engine.studio import checking, drafts
from engine.unit_of_work import UnitOfWork

NONE = 0  # the revision of a draft that is not there


@dataclass(frozen=True, kw_only=True)
class ImportDraft:
    """Make a procedure's draft hold these files and no others; problems are kept too, as `SaveDraftFile` does.

    `revision` is that of the draft as the person saw it, 0 where there was none: what somebody saved since then is not
    replaced.
    """

    kind: ClassVar[str] = "import_draft"
    procedure: str
    files: Mapping[str, bytes]  # paths as in parser.parse
    revision: int

    def run(self, work: UnitOfWork) -> None:
        authorization.require_owning(work.actor)
        for path, content in self.files.items():
            if not drafts.is_path(self.procedure, path):
                raise InvalidCommand(field="path")
            if problems := checking.unreadable(path, content):
                raise DraftUnreadable(problems, path)
        log.head(work, drafts.STREAM)  # of two at once, one makes it
        before = drafts.find(work.connection, self.procedure)
        if (before.revision if before else NONE) != self.revision:
            who = {"by": before.saved_by, "at": before.saved_at} if before else {"by": work.actor.key, "at": work.now}
            raise DraftChanged(path=self.procedure, **who)
        if before is None:
            current = deployments.current(work.connection, self.procedure)
            key = drafts.begin(work, self.procedure, self.files, str(current.id) if current else None)
        else:
            key = self._replace(work)
        work.unlogged(drafts.STREAM, draft=key, procedure=self.procedure)

    def _replace(self, work: UnitOfWork) -> str:
        draft = drafts.lock_editable(work, self.procedure)
        for path in sorted(self.files.keys() | drafts.files(work.connection, draft.id).keys()):
            seen = drafts.file(work.connection, draft.id, path)
            drafts.put_file(work, draft, path, self.files.get(path), seen.revision if seen else NONE)
            draft = drafts.lock_editable(work, self.procedure)
        return str(draft.id)
