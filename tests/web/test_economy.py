"""What the hot path costs: completing a task from the page, in statements and processor time."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import process_time

import sqlalchemy as sa

from engine.commands.set_calendar_day import SetCalendarDay
from tests.factories import ADMIN
from tests.web import stage
from tests.web.conftest import Office
from tests.web.test_tasks import KIND, hidden

MOST_STATEMENTS = 12
MOST_CPU_SECONDS = 0.012  # 6 ms on a quiet machine; the tests share theirs
CASES = 12


@contextmanager
def statements(office: Office) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(connection, cursor, statement, parameters, context, executemany):
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    sa.event.listen(office.engine.store.engine, "before_cursor_execute", note)
    yield sent
    sa.event.remove(office.engine.store.engine, "before_cursor_execute", note)


def test_completing_a_task_from_its_page_is_cheap(office: Office):
    client = office.visit("chen_siyu")
    tasks = [stage.open_task(office.engine, stage.start(office.engine, office.people)) for _ in range(CASES)]
    forms = [hidden(client.get(f"/tasks/{task}").text) | KIND for task in tasks]

    costs = []
    for task, sent in zip(tasks, forms, strict=True):
        with statements(office) as statements_sent:
            started = process_time()
            answer = client.post(f"/tasks/{task}/complete", data=sent)
            costs.append(process_time() - started)
        assert answer.status_code == 303

    assert len(statements_sent) <= MOST_STATEMENTS, "\n".join(statements_sent)
    assert sorted(costs)[CASES // 2] <= MOST_CPU_SECONDS


def test_a_page_with_conditions_reads_the_calendar_only_when_it_has_changed(office: Office):
    client = office.visit("chen_siyu")
    task = stage.open_task(office.engine, stage.start(office.engine, office.people))
    client.get(f"/tasks/{task}")

    with statements(office) as sent:
        client.get(f"/tasks/{task}")
    assert not [one for one in sent if "FROM calendar_day" in one]

    office.engine.execute(SetCalendarDay(day=stage.NOW.date(), working=False, name="停电"), ADMIN)
    with statements(office) as sent:
        client.get(f"/tasks/{task}")
    assert len([one for one in sent if "FROM calendar_day" in one]) == 1
