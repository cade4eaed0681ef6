"""Enter the holidays and make-up working days of years that were published."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from engine import authorization, log
from engine.actor import ADMINISTRATOR
from engine.errors import InvalidCommand
from engine.registers import calendar
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class PublishYears:
    """Replace all special days of these years; from now on they are no longer provisional."""

    kind: ClassVar[str] = "publish_years"
    years: Collection[int]
    days: Mapping[date, tuple[bool, str]]  # day → (working, name)

    def run(self, work: UnitOfWork) -> None:
        authorization.require_role(work.actor, ADMINISTRATOR)
        if any(day.year not in self.years for day in self.days):
            raise InvalidCommand(field="days")
        head = log.head(work, calendar.STREAM)
        days = {day.isoformat(): [working, name] for day, (working, name) in sorted(self.days.items())}
        log.append(work, head, {"years": sorted(self.years), "days": days})
        for year in sorted(self.years):
            calendar.remove_year(work.connection, year)
            calendar.put_year(work.connection, year, published=True)
        calendar.put_days(work.connection, self.days)
