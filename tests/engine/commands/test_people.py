"""People, groups, registers and the calendar: commands in streams of their own."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from engine import clock, log
from engine.calendar_changes import preview
from engine.commands.publish_years import PublishYears
from engine.commands.put_group import PutGroup
from engine.commands.put_person import PutPerson
from engine.commands.put_register_row import PutRegisterRow
from engine.commands.set_calendar_day import SetCalendarDay
from engine.commands.set_groups import SetGroups
from engine.commands.set_head import SetHead
from engine.commands.set_password import SetPassword
from engine.db.models import command, customer, session_
from engine.errors import Forbidden, InvalidCommand
from engine.executor import Engine
from engine.queries import people
from engine.registers import calendar, lookup
from engine.working_time import Calendar
from tests.factories import ADMIN, SPECIALIST, deploy_files, files_of, start


def person(engine: Engine, username: str = "chen_siyu", **changes: object) -> int:
    """Add a person; gives their id."""
    return int(engine.execute(PutPerson(username=username, name="陈思雨", **changes), ADMIN).body["person"])  # type: ignore[arg-type]


def known(engine: Engine, person_id: int) -> people.Known | None:
    with engine.read() as connection:
        return people.known(connection, person_id)


def test_a_person_stands_behind_groups_and_what_they_head(engine: Engine) -> None:
    someone = person(engine, groups=["service_specialist"], roles=["auditor"])
    engine.execute(PutGroup(key="engineering_dept", name="工程部", group_kind="department", head=someone), ADMIN)

    found = known(engine, someone)
    assert found is not None
    assert found.actor.principals == {"person:1", "group:service_specialist", "head:engineering_dept"}
    assert found.actor.roles == {"auditor"}


def test_a_new_head_takes_over_at_once(engine: Engine) -> None:
    first, second = person(engine), person(engine, "ding_nan")
    engine.execute(PutGroup(key="design_dept", name="设计部", group_kind="department", head=first), ADMIN)

    engine.execute(SetHead(group="design_dept", person_id=second), ADMIN)
    engine.execute(SetGroups(person_id=second, groups=["design_dept"]), ADMIN)

    assert {
        one.id: "head:design_dept" in one.actor.principals for one in (known(engine, 1), known(engine, 2)) if one
    } == {
        first: False,
        second: True,
    }


def test_who_has_left_may_not_act(engine: Engine) -> None:
    someone = person(engine)

    engine.execute(PutPerson(person_id=someone, active=False), ADMIN)

    assert known(engine, someone) is None


def test_the_log_of_people_names_nobody(engine: Engine) -> None:
    someone = person(engine, phone="13800000000", password_hash="$argon2id$…")
    engine.execute(SetPassword(person_id=someone, password_hash="$argon2id$other"), ADMIN)

    with engine.read() as connection:
        bodies = str(list(connection.scalars(sa.select(command.c.body))))
        assert not any(text in bodies for text in ("陈思雨", "chen_siyu", "13800000000", "argon2"))
        assert list(log.verify(connection)) == []
        assert people.credentials(connection, "chen_siyu") == (someone, "$argon2id$other")


def test_a_new_password_ends_the_sessions(engine: Engine) -> None:
    someone = person(engine)
    now = datetime(2025, 9, 26, tzinfo=UTC)
    row = {"token_hash": b"t" * 32, "person_id": someone, "created_at": now, "seen_at": now}
    with engine.store.write() as connection:
        connection.execute(session_.insert(), row | {"expires_at": now.replace(year=2026)})
        connection.commit()
    with engine.read() as connection:
        before = people.known_by_session(connection, b"t" * 32, now)

    engine.execute(SetPassword(person_id=someone, password_hash="$argon2id$other"), ADMIN)

    with engine.read() as connection:
        assert (before and before.id, people.known_by_session(connection, b"t" * 32, now)) == (someone, None)


@pytest.mark.parametrize("wrong", [{"groups": ["nowhere"]}, {"roles": ["emperor"]}, {"username": "chen_siyu"}])
def test_what_makes_no_sense_is_refused(engine: Engine, wrong: dict[str, object]) -> None:
    person(engine)

    with pytest.raises(InvalidCommand):
        person(engine, **{"username": "other", **wrong})  # type: ignore[arg-type]


def test_only_administrators_change_people_and_the_calendar(engine: Engine) -> None:
    for forbidden in (PutPerson(username="x", name="x"), SetCalendarDay(day=date(2027, 1, 1), working=False)):
        with pytest.raises(Forbidden):
            engine.execute(forbidden, SPECIALIST)


def test_a_register_row_gets_a_number_and_keeps_its_texts_out_of_the_log(engine: Engine) -> None:
    done = engine.execute(PutRegisterRow(register="customer", values={"name": "林婉清", "grade": "A"}), ADMIN)
    key = done.body["key"]
    site = PutRegisterRow(
        register="site", values={"customer": key, "address": "雁塔路 1 号", "started_on": "2025-03-01"}
    )
    engine.execute(site, ADMIN)

    assert (key, done.body["values"]) == ("K00001", {"grade": "A"})
    with engine.read() as connection:
        assert lookup.names(connection, "customer", [key]) == {key: "林婉清"}
        assert lookup.search(connection, "customer", "婉") == [(key, "林婉清")]
        assert connection.scalars(sa.select(customer.c.grade)).all() == ["A"]
        assert list(log.verify(connection)) == []


def in_working_days(days: int) -> dict[str, bytes]:
    """one-task with a deadline in working days."""
    files = files_of("one-task")
    diagram = files["one-task.bpmn"].replace(b"hours(3)", f"working_days({days})".encode())
    return files | {"one-task.bpmn": diagram}


def test_a_published_year_lists_the_deadlines_that_it_moves(engine: Engine) -> None:
    engine.execute(PublishYears(years=[2025], days={}), ADMIN)
    deploy_files(engine, in_working_days(2))
    with clock.hold(datetime(2025, 9, 29, 2, tzinfo=UTC)):  # Monday before the National Day
        start(engine)
    holidays = {date(2025, 10, day): (False, "国庆节") for day in range(1, 9)}

    planned = Calendar(days=dict.fromkeys(holidays, "holiday"), published=frozenset({2025}))
    with engine.read() as connection:
        changes = list(preview(connection, planned))
    engine.execute(PublishYears(years=[2025], days=holidays), ADMIN)

    assert [(one.element, one.before.isoformat(), one.after.isoformat()) for one in changes] == [
        ("answer_late", "2025-10-01T10:00:00+00:00", "2025-10-09T18:00:00+08:00")
    ]
    with engine.read() as connection:
        assert calendar.read(connection).days == planned.days
