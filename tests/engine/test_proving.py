"""A proof on request: one at a time, with its progress in its job, kept like those of the night."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine import clock, jobs, proving, worker
from engine.actor import AUDITOR
from engine.commands.ask_for_proof import AskForProof
from engine.commands.fail_job import FailJob
from engine.db.models import access, job, notice, person, proof
from engine.errors import Forbidden
from engine.executor import Engine
from engine.queries.proof import running
from tests.engine.test_access import tampered
from tests.factories import SPECIALIST, deploy, make_actor, start

MORNING = datetime(2025, 9, 26, 1, tzinfo=UTC)
WATCHER = make_actor(7, roles=[AUDITOR])


@pytest.fixture
def case(engine: Engine) -> str:
    """Three cases, and somebody who is to be told."""
    with engine.store.write() as connection:
        row = {"id": 7, "username": "watcher", "name": "稽核", "roles": [AUDITOR], "active": True}
        connection.execute(person.insert(), row)
        connection.commit()
    with clock.hold(MORNING):
        deploy(engine)
        first, _second, _third = (start(engine) for _ in range(3))
    return first


def ask(engine: Engine, hours: float = 1, **more: Any) -> None:
    with clock.hold(MORNING + timedelta(hours=hours)):
        engine.execute(AskForProof(**more), WATCHER)


def work(engine: Engine, hours: float = 1) -> None:
    with clock.hold(MORNING + timedelta(hours=hours)):
        worker.run_due(engine)


def rows(engine: Engine, table: sa.Table, *names: str) -> list[tuple[Any, ...]]:
    with engine.read() as connection:
        return [tuple(row) for row in connection.execute(sa.select(*(table.c[name] for name in names)))]


def test_it_is_made_once_kept_and_its_job_is_gone(engine: Engine, case: str) -> None:
    engine.access.note("case", "person:1", case=case)
    ask(engine)
    ask(engine, every=True)
    assert rows(engine, job, "kind") and len([kind for (kind,) in rows(engine, job, "kind") if kind == "proof"]) == 1

    work(engine)

    assert rows(engine, proof, "accesses", "cases", "found", "asked_by") == [(1, 3, 0, "person:7")]
    with engine.read() as connection:
        assert running(connection) is None


def test_it_says_how_far_it_is(engine: Engine, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "TOLD_EACH", 0.0)
    said: list[Any] = []
    note = proving._note

    def heard(*told: Any) -> None:
        note(*told)
        with engine.read() as connection:
            said.append(running(connection))

    monkeypatch.setattr(proving, "_note", heard)
    ask(engine, every=True)
    with engine.read() as connection:
        before = running(connection)
    work(engine)

    assert before == {"by": "person:7", "every": True, "phase": None, "seen": 0, "total": 0, "status": "ready"}
    assert [(one["phase"], one["seen"], one["total"]) for one in said[-3:]] == [("replay", n, 3) for n in range(3)]
    assert said[0]["phase"] == "verify" and said[0]["total"] == 4


def test_what_falls_due_meanwhile_is_done_in_between(
    engine: Engine, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proving, "MEANWHILE_EACH", 0.0)
    timers_at_proof: list[int] = []
    told = proving.audit.examine

    def examine(*arguments: Any) -> Any:
        timers_at_proof.append(len([kind for (kind,) in rows(engine, job, "kind") if kind == "timer"]))
        return told(*arguments)

    monkeypatch.setattr(proving.audit, "examine", examine)
    with engine.read() as connection:
        due = connection.scalar(sa.select(sa.func.max(job.c.due_at)).where(job.c.kind == "timer"))
    ask(engine)

    with clock.hold(due + timedelta(seconds=1)):
        one = jobs.Job(**_row(engine))
        proving.perform(engine, one, lambda: worker.run_due(engine))

    assert timers_at_proof[-1] == 0


def _row(engine: Engine) -> dict[str, Any]:
    with engine.read() as connection:
        return dict(connection.execute(sa.select(job).where(job.c.id == jobs.PROOF_ID)).mappings().one())


def test_what_it_finds_is_kept_cases_first_and_told(engine: Engine, case: str) -> None:
    engine.access.note("case", "person:1", case=case)
    engine.access.flush()
    tampered(
        engine,
        "UPDATE access SET actor = 'person:9'",
        f"UPDATE command SET actor = 'person:9' WHERE stream = '{case}' AND seq = 1",
    )
    ask(engine)
    work(engine)

    [(found, flaws)] = rows(engine, proof, "found", "flaws")
    codes = [one["code"] for one in flaws]
    assert found == len(flaws) and codes[0] == "log.changed_command" and flaws[0]["case"] == "YB-2025-0001"
    assert codes.index("access.changed") < codes.index("log.missing_trigger")
    assert rows(engine, notice, "principal", "code") == [("person:7", "notice.record_altered")]

    ask(engine, 2)
    work(engine, 2)
    assert len(rows(engine, proof, "number")) == 2 and len(rows(engine, notice, "id")) == 2


def test_one_that_was_given_up_can_be_asked_for_again(engine: Engine, case: str) -> None:
    ask(engine)
    with engine.store.write() as connection:
        assert jobs.lease(connection, jobs.Job(**_row(engine)), MORNING)
        connection.commit()
    engine.perform(FailJob(job_id=jobs.PROOF_ID, code="operation.failed", error="x", final=True))
    with engine.read() as connection:
        given_up = running(connection)
    assert given_up is not None and given_up["status"] == jobs.INCIDENT

    ask(engine)
    work(engine)

    assert rows(engine, proof, "found") == [(0,)]


def test_staff_may_not_ask_for_it(engine: Engine, case: str) -> None:
    with pytest.raises(Forbidden):
        engine.execute(AskForProof(), SPECIALIST)

    assert rows(engine, access, "kind", "about") == [("refused", {"command": "ask_for_proof"})]
