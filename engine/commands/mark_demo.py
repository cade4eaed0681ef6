"""Say that this installation shows the demo company."""

from dataclasses import dataclass
from typing import ClassVar

from engine import authorization
from engine.actor import ADMINISTRATOR
from engine.db.models import counter
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class MarkDemo:
    """Let anybody log in as anybody of the demo company; never in a real installation. Not logged."""

    kind: ClassVar[str] = "mark_demo"

    def run(self, work: UnitOfWork) -> None:
        authorization.require_role(work.actor, ADMINISTRATOR)
        work.connection.execute(counter.delete().where(counter.c.name == "demo"))
        work.connection.execute(counter.insert(), {"name": "demo", "value": 1})
        work.unlogged()
