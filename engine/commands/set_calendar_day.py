"""Make a day a holiday or a working day."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from engine import authorization, log
from engine.actor import ADMINISTRATOR
from engine.registers import calendar
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class SetCalendarDay:
    """Set one day of the calendar; `working` None lets it go by its weekday again."""

    kind: ClassVar[str] = "set_calendar_day"
    day: date
    working: bool | None
    name: str = ""

    def run(self, work: UnitOfWork) -> None:
        authorization.require_role(work.actor, ADMINISTRATOR)
        head = log.head(work, calendar.STREAM)
        log.append(work, head, {"day": self.day.isoformat(), "working": self.working, "name": self.name})
        if self.working is None:
            calendar.remove_day(work.connection, self.day)
        else:
            calendar.put_days(work.connection, {self.day: (self.working, self.name)})
