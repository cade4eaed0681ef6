"""The record: whole, unchanged, and re-executable."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from engine import clock, log, rebuild, replay
from engine.commands.claim_task import ClaimTask
from engine.commands.complete_task import CompleteTask
from engine.db import append_only
from engine.db.models import user_task
from engine.executor import Engine
from tests.factories import SPECIALIST, deploy, start

MORNING = datetime(2025, 9, 26, 1, tzinfo=UTC)


@pytest.fixture
def case(engine: Engine) -> str:
    """A case that was started, claimed, breached and completed."""
    with clock.hold(MORNING):
        deploy(engine)
        case = start(engine)
        with engine.read() as connection:
            task = connection.scalars(sa.select(user_task.c.id)).one()
        engine.execute(ClaimTask(task_id=task), SPECIALIST)
    with clock.hold(MORNING + timedelta(hours=5)):
        engine.execute(CompleteTask(task_id=task, values={"result": "settled", "words": "好"}), SPECIALIST)
    return case


def findings(engine: Engine, stream: str | None = None) -> list[tuple[int, str]]:
    with engine.read() as connection:
        return [(one.seq, one.code) for one in log.verify(connection, stream)]


def tampered(engine: Engine, statement: str) -> None:
    """Change the record as somebody would who owns the database."""
    with engine.store.write() as connection:
        for drop in append_only.drop_statements(engine.store.dialect):
            connection.exec_driver_sql(drop)
        connection.execute(sa.text(statement))
        connection.commit()


def test_an_untouched_record_has_no_findings(engine: Engine, case: str) -> None:
    assert findings(engine) == []
    assert findings(engine, case) == []


def test_the_replay_finds_the_same_states(engine: Engine, case: str) -> None:
    with engine.read() as connection:
        replayed = list(replay.steps(connection, case))

    assert [(one.kind, one.code) for one in replayed] == [
        ("start_process", None),
        ("claim_task", None),
        ("fire_timer", None),
        ("complete_task", None),
    ]


def test_the_projections_equal_a_rebuild(engine: Engine, case: str) -> None:
    other = start(engine)

    with engine.read() as connection:
        assert [*rebuild.compare(connection, case), *rebuild.compare(connection, other)] == []


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE command SET actor = 'person:2' WHERE seq = 2 AND kind = 'claim_task'", (2, "log.changed_command")),
        ("DELETE FROM command WHERE kind = 'claim_task'", (2, "log.missing")),
        ("DELETE FROM command WHERE kind = 'complete_task'", (4, "log.cut_off")),
        ("UPDATE command SET seq = 9 WHERE kind = 'complete_task'", (4, "log.missing")),
        ("UPDATE submission SET \"values\" = '{}' WHERE element = 'answer'", (4, "log.changed_submission")),
        ("DELETE FROM submission WHERE element = 'begin'", (1, "log.missing_submission")),
        ("UPDATE submission SET seq = 3 WHERE element = 'answer'", (3, "log.stray_submission")),
        ("UPDATE instance SET seq = seq + 1", (5, "log.cut_off")),
    ],
)
def test_what_was_changed_is_found_with_its_row(
    engine: Engine, case: str, statement: str, expected: tuple[int, str]
) -> None:
    tampered(engine, statement)

    found = findings(engine, case)
    assert expected in found or (expected[1] == "log.stray_submission" and (4, "log.missing_submission") in found)


def test_a_changed_state_is_found(engine: Engine, case: str) -> None:
    empty = "x''" if engine.store.dialect == "sqlite" else "''::bytea"

    tampered(engine, f"UPDATE instance SET state = {empty}")

    assert findings(engine, case) == [(4, "log.changed_state")]


def test_a_changed_answer_is_found_by_the_replay(engine: Engine, case: str) -> None:
    tampered(engine, "UPDATE command SET reads = '[]' WHERE seq = 1 AND kind = 'start_process'")

    with engine.read() as connection:
        last = list(replay.steps(connection, case))[-1]
    assert (last.seq, last.code) == (1, "replay.reads")


def test_an_erased_submission_is_no_finding(engine: Engine, case: str) -> None:
    with engine.store.write() as connection:
        connection.execute(sa.text('UPDATE submission SET "values" = NULL, salt = NULL'))
        connection.commit()

    assert findings(engine) == []


def test_a_case_of_an_older_epoch_is_not_called_green(engine: Engine, case: str, older_epoch: None) -> None:
    with engine.read() as connection:
        assert [one.code for one in replay.steps(connection, case)] == ["replay.older_epoch"]


@pytest.fixture
def older_epoch(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This release is of a newer epoch than the cases recorded so far."""
    monkeypatch.setattr(replay, "ENGINE_EPOCH", log.ENGINE_EPOCH + 1)
    yield
