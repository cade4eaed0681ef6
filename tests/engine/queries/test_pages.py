"""What the pages of cases, tasks and procedures read."""

from datetime import UTC, datetime, timedelta

import pytest

from engine import clock
from engine.commands.complete_task import CompleteTask
from engine.commands.open_session import OpenSession
from engine.commands.put_person import PutPerson
from engine.commands.save_draft import SaveDraft
from engine.commands.see_notices import SeeNotices
from engine.db.models import job
from engine.errors import Forbidden, NotFound
from engine.executor import Engine
from engine.queries import audit_trail, case_diagrams, definitions, incidents, instance, notices, people, task
from tests.factories import ADMIN, MANAGER, OUTSIDER, SPECIALIST, deploy, start

MORNING = datetime(2025, 9, 26, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def case(engine: Engine) -> str:
    """A case that was started in the morning."""
    with clock.hold(MORNING):
        deploy(engine)
        return start(engine)


def test_the_page_of_a_case_says_what_is_open_until_when(engine: Engine, case: str) -> None:
    with engine.read() as connection:
        page = instance.case_page(connection, SPECIALIST, case, MORNING)

    assert (page.row["title"], page.row["business_key"], page.row["status"]) == (
        "一步办结",
        "YB-2025-0001",
        "running",
    )
    assert [row["element"] for row in page.open_tasks] == ["answer"]
    assert [(one.deadline, one.element, one.due_at, one.breached) for one in page.deadlines] == [
        ("T-01", "answer", MORNING + 3 * HOUR, False)
    ]


def test_a_missed_deadline_stays_on_the_page(engine: Engine, case: str) -> None:
    with engine.read() as connection:
        open_task = instance.case_page(connection, SPECIALIST, case, MORNING).open_tasks[0]["id"]
    with clock.hold(MORNING + 4 * HOUR):
        engine.execute(CompleteTask(task_id=open_task, values={"result": "settled"}), SPECIALIST)

    with engine.read() as connection:
        page = instance.case_page(connection, SPECIALIST, case, MORNING)
    assert [(one.deadline, one.breached, one.met_at) for one in page.deadlines] == [("T-01", True, MORNING + 4 * HOUR)]
    assert [row["assignee"] for row in page.done_tasks] == ["person:1"]


def test_a_deadline_that_could_not_be_fired_stays_on_the_page_once_its_work_is_done(engine: Engine, case: str) -> None:
    with engine.store.write() as connection:
        connection.execute(job.update().where(job.c.kind == "timer"), {"status": "incident"})
        connection.commit()
    with engine.read() as connection:
        open_task = instance.case_page(connection, SPECIALIST, case, MORNING).open_tasks[0]["id"]

    with clock.hold(MORNING + 4 * HOUR):
        engine.execute(CompleteTask(task_id=open_task, values={"result": "settled"}), SPECIALIST)

    with engine.read() as connection:
        page = instance.case_page(connection, SPECIALIST, case, MORNING)
    assert [(one.deadline, one.breached, one.met_at) for one in page.deadlines] == [("T-01", False, MORNING + 4 * HOUR)]


def test_who_takes_no_part_sees_no_case(engine: Engine, case: str) -> None:
    with engine.read() as connection:
        with pytest.raises(NotFound):
            instance.case_page(connection, OUTSIDER, case, MORNING)
        with pytest.raises(NotFound):
            case_diagrams.diagram(connection, OUTSIDER, case, "one-task")
        assert instance.cases(connection, OUTSIDER) == []
        assert [row["id"] for row in instance.cases(connection, SPECIALIST)] == [case]
        assert [row["id"] for row in instance.cases(connection, ADMIN, text="林")] == [case]


def test_cases_page_by_page(engine: Engine, case: str) -> None:
    for minutes in (1, 2):
        with clock.hold(MORNING + minutes * HOUR):
            start(engine)

    with engine.read() as connection:
        first = instance.cases(connection, SPECIALIST, size=2)
        after = (first[-1]["started_at"], first[-1]["id"])
        rest = instance.cases(connection, SPECIALIST, size=2, after=after)
    assert [row["business_key"][-4:] for row in [*first, *rest]] == ["0003", "0002", "0001"]


def test_the_picture_shows_where_the_case_stands(engine: Engine, case: str) -> None:
    with engine.read() as connection:
        page = instance.case_page(connection, SPECIALIST, case, MORNING)
        (picture,) = case_diagrams.pictures(connection, page.row, page.open_tasks)
        xml = case_diagrams.diagram(connection, SPECIALIST, case, "one-task")

    assert [(key, len(tasks)) for key, tasks in picture.active.items()] == [("answer", 1)]
    assert (picture.here, "begin" in picture.done, "answer" in picture.done) == (True, True, False)
    assert b"<bpmn:userTask" in xml


def test_the_page_of_a_task_brings_its_form_and_the_draft(engine: Engine, case: str) -> None:
    with engine.read() as connection:
        open_task = instance.case_page(connection, SPECIALIST, case, MORNING).open_tasks[0]["id"]
    with clock.hold(MORNING):
        engine.execute(SaveDraft(task_id=open_task, values={"words": "…"}), SPECIALIST)

    with engine.read() as connection:
        page = task.task_page(connection, SPECIALIST, open_task, MORNING)
        (fact,) = task.facts(connection, SPECIALIST, case)
    assert page.form is not None
    assert [field.key for field in page.form.asked] == ["result", "words"]
    assert (page.values, page.has_draft, page.may_complete, page.may_move) == ({"words": "…"}, True, True, False)
    assert (fact.element, fact.values) == ("begin", {"caller": "林婉清", "severity": "ordinary"})


def test_the_trail_tells_everything_in_order(engine: Engine, case: str) -> None:
    with engine.read() as connection:
        (event,) = audit_trail.trail(connection, case)

    assert (event.seq, event.kind, event.actor, event.values) == (
        1,
        "start_process",
        "person:1",
        {"caller": "林婉清", "severity": "ordinary"},
    )


def test_procedures_say_who_may_start_them(engine: Engine, case: str) -> None:
    with engine.read() as connection:
        (found,) = definitions.procedures(connection, OUTSIDER)
        page = definitions.start_page(connection, SPECIALIST, "one-task")
        with pytest.raises(Forbidden):
            definitions.start_page(connection, OUTSIDER, "one-task")
        (version,) = definitions.versions(connection, "one-task")

    assert (found.title, found.by_hand, found.may_start) == ("一步办结", True, False)
    assert (page.event, page.form and page.form.title) == ("begin", "来电登记")
    assert (version["version"], version["running"]) == (1, 1)


def test_a_breach_is_new_until_the_manager_has_looked(engine: Engine, case: str) -> None:
    engine.execute(PutPerson(username="lin", name="林", groups=["service_manager"]), ADMIN)
    engine.fire_due(case, MORNING + 4 * HOUR)
    with engine.read() as connection:
        known = people.known(connection, 1)
        assert known is not None
        assert notices.unseen(connection, known) == 1
        assert [row["code"] for row in notices.notices(connection, known.actor)] == ["notice.breach"]

    engine.execute(SeeNotices(person_id=1), MANAGER)

    with engine.read() as connection:
        known = people.known(connection, 1)
        assert known is not None
        assert notices.unseen(connection, known) == 0


def test_a_session_ends_after_its_hours(engine: Engine) -> None:
    engine.execute(PutPerson(username="lin", name="林"), ADMIN)
    with clock.hold(MORNING):
        engine.execute(OpenSession(person_id=1, token_hash=b"t" * 32), ADMIN)

    with engine.read() as connection:
        assert people.known_by_session(connection, b"t" * 32, MORNING + 11 * HOUR) is not None
        assert people.known_by_session(connection, b"t" * 32, MORNING + 13 * HOUR) is None


def test_the_load_counts_what_is_overdue(engine: Engine, case: str) -> None:
    with engine.read() as connection:
        load = incidents.load(connection, MORNING + 4 * HOUR)

    assert (load.ready, load.overdue, load.incidents, load.oldest_wait) == (2, 2, 0, timedelta(hours=1.6))
