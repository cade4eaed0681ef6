"""Look at a phone number that pages mask."""

from dataclasses import dataclass
from typing import ClassVar

from engine import authorization, cases
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class ShowNumber:
    """Record that a person had a number shown to them; which one is said by its place, never by itself."""

    kind: ClassVar[str] = "show_number"
    case_id: str
    of_seq: int  # the command that the number was sent with
    field: str  # field id; in a row `list.0.field`

    def run(self, work: UnitOfWork) -> None:
        case = cases.lock(work, self.case_id, statuses=cases.ALL)
        authorization.require_seeing(work.actor, case.parties)
        cases.note(work, case, {"of": self.of_seq, "field": self.field})
