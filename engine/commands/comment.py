"""Say something about a case."""

from dataclasses import dataclass
from typing import ClassVar

from engine import authorization, cases, log
from engine.errors import InvalidCommand
from engine.readable import visible
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class Comment:
    """Leave a comment on a case, open or closed; the words stay out of the log."""

    kind: ClassVar[str] = "comment"
    case_id: str
    text: str

    def run(self, work: UnitOfWork) -> None:
        case = cases.lock(work, self.case_id, statuses=cases.ALL)
        authorization.require_taking_part(work.actor, case.parties)
        if not visible(self.text).strip():
            raise InvalidCommand(field="text")
        cases.note(work, case, {}, submitted=log.Submitted(values={"text": self.text}), parties=[work.actor.key])
