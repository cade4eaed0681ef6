"""The Wednesday check's next notice, and who came to a training (procedures.md 3.12, 3.13)."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from engine.db.models import calendar_day, job
from engine.db.session import Store
from engine.service_tasks.registry import Occasion
from engine.service_tasks.remind_of_check import remind_of_check
from engine.service_tasks.training_attendance import training_attendance

NATIONAL_DAY = [date(2025, 10, day) for day in range(1, 9)]


def occasion(connection: sa.Connection | None, now: datetime) -> Occasion:
    return Occasion(connection=connection, case_id="c" * 32, now=now, actor="system", key="c:1:1")


@pytest.mark.parametrize(
    ("checked_at", "told_at"),
    [
        (datetime(2025, 9, 17, 2, 20, tzinfo=UTC), "2025-09-23T13:30:00+08:00"),  # Tuesday
        (datetime(2025, 9, 24, 2, 20, tzinfo=UTC), "2025-09-29T13:30:00+08:00"),  # of the check on Tuesday the 30th
        (datetime(2025, 9, 30, 2, 20, tzinfo=UTC), "2025-10-14T13:30:00+08:00"),  # both holidays were checked today
    ],
)
def test_the_captain_is_told_on_the_afternoon_before_the_next_check(
    store: Store, checked_at: datetime, told_at: str
) -> None:
    with store.write() as connection:
        days = [{"day": day, "working": False, "name": "国庆节"} for day in NATIONAL_DAY]
        connection.execute(calendar_day.insert(), days)

        found = remind_of_check(occasion(connection, checked_at), weekday="wed", at="13:30", to="group:repair_captain")

        assert found == {"told_at": told_at}
        assert connection.scalars(sa.select(job.c.due_at)).one() == datetime.fromisoformat(told_at)


def test_a_foreman_who_sent_one_of_two_is_not_absent() -> None:
    rows = [
        {"foreman": "12", "sent": "yes", "worker": "15"},
        {"foreman": "12", "sent": "no"},
        {"foreman": "13", "sent": "no"},
        {"foreman": "13", "sent": "no"},
    ]

    found = training_attendance(occasion(None, datetime(2025, 9, 25, tzinfo=UTC)), rows=rows)

    assert found["absent"] == ["13"]
    assert found["present"] == [{"key": "15", "worker": "15", "foreman": "12"}]
    assert found["count"] == 1


def test_an_empty_list_has_nobody() -> None:
    found = training_attendance(occasion(None, datetime(2025, 9, 25, tzinfo=UTC)), rows=None)

    assert found == {"absent": [], "present": [], "count": 0}
