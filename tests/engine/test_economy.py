"""What a completed task costs: statements, commits, bytes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from engine import clock
from engine.commands.complete_task import CompleteTask
from engine.commands.start_process import StartProcess
from engine.db.models import metadata, user_task
from engine.executor import Engine
from tests.factories import CALL, SPECIALIST, deploy_files, sequence_of_tasks, start

MORNING = datetime(2025, 9, 26, 1, tzinfo=UTC)
MOST_STATEMENTS = 11  # one more is left for the session's look-up
MOST_BYTES = {"sqlite": 8 * 1024, "postgresql": 9 * 1024}  # PostgreSQL adds 28 bytes a row and keeps keys twice
ANSWER = {"result": "settled", "words": "已与客户确认维修时间，周五上午到场。"}


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements and commits that are sent in the block."""
    sent: list[str] = []

    def execute(connection, cursor, statement, parameters, context, executemany):  # type: ignore[no-untyped-def]
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    sa.event.listen(engine.store.engine, "before_cursor_execute", execute)
    sa.event.listen(engine.store.engine, "commit", lambda connection: sent.append("COMMIT"))
    yield sent
    sa.event.remove(engine.store.engine, "before_cursor_execute", execute)


def open_task(engine: Engine, case: str) -> str:
    with engine.read() as connection:
        is_open = sa.and_(user_task.c.case_id == case, user_task.c.completed_at.is_(None))
        return connection.scalars(sa.select(user_task.c.id).where(is_open)).one()


def test_completing_a_task_takes_twelve_statements_and_one_commit(engine: Engine) -> None:
    deploy_files(engine, sequence_of_tasks(2))
    with clock.hold(MORNING):
        case = start(engine, "task-row")
    task = open_task(engine, case)

    with clock.hold(MORNING + timedelta(hours=1)), counted(engine) as sent:
        engine.execute(CompleteTask(task_id=task, revision=1, values=ANSWER), SPECIALIST, "ab" * 16)

    assert sent.count("COMMIT") == 1
    assert len(sent) - 1 <= MOST_STATEMENTS, "\n".join(sent)


def test_a_completed_case_of_five_tasks_takes_little_room(engine: Engine) -> None:
    deploy_files(engine, sequence_of_tasks(5))
    before = size(engine)

    cases = 200
    for number in range(cases):
        with clock.hold(MORNING + timedelta(minutes=number)):
            case = engine.execute(StartProcess(procedure="task-row", values=CALL), SPECIALIST, f"{number:032x}").stream
        for step in range(5):
            with clock.hold(MORNING + timedelta(hours=1, minutes=number, seconds=step, microseconds=1)):
                request = f"{number:030x}0{step}"
                engine.execute(
                    CompleteTask(task_id=open_task(engine, case), values=ANSWER), SPECIALIST, f"f{request[1:]}"
                )

    each = (size(engine) - before) / cases
    assert each <= MOST_BYTES[engine.store.dialect]


def size(engine: Engine) -> int:
    """Bytes of all tables and indexes."""
    with engine.store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.store.dialect == "sqlite":
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("VACUUM")
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            return int(pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one())
        connection.exec_driver_sql("VACUUM FULL")
        return sum(
            connection.exec_driver_sql(f"SELECT pg_total_relation_size('{name}')").scalar_one()
            for name in metadata.tables
        )
