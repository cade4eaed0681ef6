"""Take a form, a table or a paper out of a procedure."""

from dataclasses import dataclass
from typing import ClassVar

from engine import authorization
from engine.errors import InvalidCommand, NotFound
from engine.studio import drafts
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class RemoveDraftFile:
    """Remove a file of a procedure's draft; the diagram and procedure.toml stay. `revision` as in SaveDraftFile."""

    kind: ClassVar[str] = "remove_draft_file"
    procedure: str
    path: str
    revision: int

    def run(self, work: UnitOfWork) -> None:
        authorization.require_owning(work.actor)
        if self.path in (f"{self.procedure}.bpmn", "procedure.toml"):
            raise InvalidCommand(field="path")
        draft = drafts.lock_editable(work, self.procedure)
        if drafts.file(work.connection, draft.id, self.path) is None:
            raise NotFound(path=self.path)
        drafts.put_file(work, draft, self.path, None, self.revision)
        work.unlogged(drafts.STREAM, draft=draft.id, path=self.path)
