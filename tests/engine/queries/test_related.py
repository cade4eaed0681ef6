"""What a case is about: the rows that its forms name, found by an index."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from engine import case_forms, clock, rebuild
from engine.commands.complete_task import CompleteTask
from engine.commands.put_register_row import PutRegisterRow
from engine.commands.start_process import StartProcess
from engine.db.models import concern, instance, user_task
from engine.executor import Engine
from engine.form_schema import Form
from engine.queries import related
from engine.queries.instance import visible
from tests.factories import ADMIN, CALL, OUTSIDER, SPECIALIST, deploy_files, files_of

MORNING = datetime(2025, 9, 26, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def _asking(form: bytes, *fields: dict[str, object]) -> bytes:
    schema = json.loads(form)
    schema["components"] += fields
    return json.dumps(schema).encode()


def _customer(key: str) -> dict[str, object]:
    properties = {"label_en": "Customer", "register": "customer"}
    return {"type": "textfield", "key": key, "label": "客户", "properties": properties}


@pytest.fixture
def company(engine: Engine) -> Engine:
    """Three customers, and a procedure whose forms name some."""
    files = files_of("one-task")
    begin, answer = "forms/one-task/begin.json", "forms/one-task/answer.json"
    neighbours = {"type": "dynamiclist", "path": "others", "label": "邻居", "properties": {"label_en": "Neighbours"}}
    files[begin] = _asking(files[begin], _customer("who"))
    files[answer] = _asking(files[answer], _customer("payer"), neighbours | {"components": [_customer("neighbour")]})
    with clock.hold(MORNING):
        deploy_files(engine, files)
        for number in (1, 2, 3):
            row = PutRegisterRow(register="customer", key=f"K-{number}", values={"name": f"客户{number}"}, new=True)
            engine.execute(row, ADMIN)
    return engine


def _start(engine: Engine, at: datetime, who: str | None = "K-1") -> str:
    with clock.hold(at):
        values = CALL | ({"who": who} if who else {})
        return engine.execute(StartProcess(procedure="one-task", values=values), SPECIALIST).stream


def _complete(engine: Engine, case: str, **values: object) -> None:
    with engine.read() as connection:
        task = connection.scalars(sa.select(user_task.c.id).where(user_task.c.case_id == case)).one()
    with clock.hold(MORNING + 30 * MINUTE):
        engine.execute(CompleteTask(task_id=task, values={"result": "settled"} | values), SPECIALIST)


def test_cases_about_a_customer_are_listed_newest_first(company: Engine) -> None:
    first, other, second = (
        _start(company, MORNING + number * MINUTE, who) for number, who in enumerate(("K-1", "K-2", "K-1"))
    )
    _complete(company, other, payer="K-1")

    with company.read() as connection:
        found = related.about(connection, SPECIALIST, {"customer": ["K-1"]}, size=10)
        newest = (found[0]["started_at"], second)
        rest = related.about(connection, SPECIALIST, {"customer": ["K-1"]}, after=newest, size=1)
    assert [row["id"] for row in found] == [second, other, first]
    assert [row["id"] for row in rest] == [other]


def test_every_row_that_a_form_names_counts_and_a_later_one_takes_none_away(company: Engine) -> None:
    case = _start(company, MORNING)

    _complete(company, case, payer="K-2", others=[{"neighbour": "K-3"}, {"neighbour": "K-1"}])

    with company.read() as connection:
        row = visible(connection, SPECIALIST, case)
        assert row["concerns"] == ["customer:K-1", "customer:K-2", "customer:K-3"]
        assert related.related(connection, SPECIALIST, row, MORNING).rows == [
            ("customer", f"K-{number}", f"客户{number}") for number in (1, 2, 3)
        ]
        assert [*rebuild.compare(connection, case)] == []


def test_who_takes_no_part_is_not_told_of_a_customers_cases(company: Engine) -> None:
    _start(company, MORNING)

    with company.read() as connection:
        assert related.about(connection, OUTSIDER, {"customer": ["K-1"]}, size=10) == []


def test_a_rebuild_misses_a_row_that_was_lost_and_finds_one_that_was_added(company: Engine) -> None:
    case = _start(company, MORNING)
    with company.store.write() as connection:
        connection.execute(concern.update().values(key="K-2"))
        connection.execute(instance.update().values(concerns=[]))
        connection.commit()

    with company.read() as connection:
        found = [*rebuild.compare(connection, case)]
    assert [line.partition(":")[0] for line in found] == ["concern", "concern", "instance.concerns"]
    assert ("is missing" in found[0], "should not be there" in found[1]) == (True, True)


def test_departments_only_work_on_a_case_and_a_foreman_is_a_person() -> None:
    fields = [
        {"type": "textfield", "key": register, "label": "人", "properties": {"label_en": "Who", "register": register}}
        for register in ("foreman", "department", "group", "person")
    ]
    form = Form.read({"type": "default", "schemaVersion": 18, "title": "表", "title_en": "Form", "components": fields})

    named = case_forms.concerns(form, {"foreman": "7", "department": "design_dept", "group": "finance", "person": "8"})

    assert named == {"person:7", "person:8"}
