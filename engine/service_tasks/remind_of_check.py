"""Tell the repair captain of the next Wednesday check on the afternoon before (procedures.md 3.67, convention)."""

from datetime import datetime, time, timedelta

from engine.clock import OFFICE
from engine.registers import announcements
from engine.registers.calendar import read
from engine.service_tasks.registry import Occasion, Result, operation
from engine.working_time import WEEKDAYS, shift, weekly


@operation(parameters={"weekday": True, "at": True, "to": True}, results=frozenset({"told_at"}))
def remind_of_check(occasion: Occasion, *, weekday: str, at: str, to: str) -> Result:
    """Have a principal told on the day before the next check, which a holiday moves to the working day before.

    Args:
        weekday: Of the check, "wed".
        at: Time of day of the notice, "13:30".
        to: Principal key.
    Returns:
        `told_at`: the instant, ISO with offset.
    """
    connection = occasion.connection
    assert connection is not None  # not a job
    today, calendar = occasion.now.astimezone(OFFICE), read(connection)
    nominal = weekly(today, WEEKDAYS.index(weekday), time.fromisoformat(at))
    day = shift(nominal, "preceding", calendar, named_weekday=True)
    while day.date() <= today.date():  # this check is the one that is being made
        nominal = weekly(nominal, WEEKDAYS.index(weekday), time.fromisoformat(at))
        day = shift(nominal, "preceding", calendar, named_weekday=True)
    told_at = datetime.combine(day.date() - timedelta(days=1), time.fromisoformat(at), OFFICE)
    announcements.put(
        connection,
        id=occasion.id("announcement"),
        at=told_at,
        to=[to],
        code="notice.repair_check_tomorrow",
        parameters={},
        case_id=occasion.case_id,
    )
    return {"told_at": told_at.isoformat()}
