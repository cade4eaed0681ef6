"""Put a file to a case."""

from dataclasses import dataclass
from typing import ClassVar

from engine import authorization, case_files, cases, log
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class AttachFile:
    """Note that a file belongs to a case; its content was stored under its digest before."""

    kind: ClassVar[str] = "attach_file"
    case_id: str
    digest: str  # SHA-256 of the content, 64 hex digits
    name: str
    size_bytes: int
    media_type: str

    def run(self, work: UnitOfWork) -> None:
        case = cases.lock(work, self.case_id, statuses=cases.ALL)
        authorization.require_taking_part(work.actor, case.parties)
        file = {"digest": self.digest, "name": self.name, "size": self.size_bytes, "type": self.media_type}
        submitted = log.Submitted(values={"file": file})
        cases.note(work, case, {"file": self.digest}, submitted=submitted, parties=[work.actor.key])
        case_files.keep(work, case, None, [file])
