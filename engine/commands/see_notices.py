"""Note that a person has looked at their notices."""

from dataclasses import dataclass
from typing import ClassVar

from engine.db.models import person
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class SeeNotices:
    """Set the mark behind which notices are new to a person; not logged."""

    kind: ClassVar[str] = "see_notices"
    person_id: int

    def run(self, work: UnitOfWork) -> None:
        row = person.update().where(person.c.id == self.person_id)
        work.connection.execute(row.values(notices_seen_at=work.now))
        work.unlogged()
