"""Seal a day's record."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from engine import log, seals
from engine.seal_key import sealing_key
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class MakeSeal:
    """Write the seal of a day into the database, once; changes no chain, so that nothing of it needs sealing."""

    kind: ClassVar[str] = "make_seal"
    day: date

    def run(self, work: UnitOfWork) -> None:
        key = sealing_key(work.settings)
        log.head(work, "seals")  # two that seal at once would both be the next
        work.unlogged(number=seals.make(work.connection, work.settings, key, day=self.day, now=work.now))
