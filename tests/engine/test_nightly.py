"""The nightly proof: done once a night, kept, and loud where it finds something."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from engine import clock, jobs, nightly, worker
from engine.db import append_only
from engine.db.models import job, notice, person, proof, seal
from engine.executor import Engine
from tests.factories import deploy, start

EVENING = datetime(2025, 9, 26, 12, tzinfo=UTC)  # 20:00 in the office
MIDNIGHT = datetime(2025, 9, 26, 16, 5, tzinfo=UTC)  # 00:05 of the 27th


@pytest.fixture
def case(engine: Engine) -> str:
    """An evening's case, three people, and a night's job that waits."""
    people = [(1, ["administrator"], True), (2, ["auditor"], True), (3, [], True), (4, ["auditor"], False)]
    with engine.store.write() as connection:
        for key, roles, active in people:
            row = {"id": key, "username": f"p{key}", "name": f"P{key}", "roles": roles, "active": active}
            connection.execute(person.insert(), row)
        connection.commit()
    with clock.hold(EVENING):
        deploy(engine)
        case = start(engine)
        nightly.ensure(engine)
    return case


def due(engine: Engine) -> list[tuple[datetime, str]]:
    with engine.read() as connection:
        rows = sa.select(job.c.due_at, job.c.status).where(job.c.kind == nightly.KIND).order_by(job.c.due_at)
        return [tuple(row) for row in connection.execute(rows)]


def proofs(engine: Engine) -> list[tuple[int, int, int]]:
    with engine.read() as connection:
        rows = sa.select(proof.c.commands, proof.c.cases, proof.c.found).order_by(proof.c.number)
        return [tuple(row) for row in connection.execute(rows)]


def days(engine: Engine) -> list[str]:
    with engine.read() as connection:
        return list(connection.scalars(sa.select(seal.c.day).order_by(seal.c.number)))


def night(engine: Engine, at: datetime) -> None:
    with clock.hold(at):
        worker.run_due(engine)


def alter(engine: Engine) -> None:
    with engine.store.write() as connection:
        for drop in append_only.drop_statements(engine.store.dialect):
            connection.exec_driver_sql(drop)
        connection.exec_driver_sql("UPDATE command SET actor = 'person:2' WHERE kind = 'start_process'")
        connection.commit()


def test_the_night_proves_and_seals_the_day_and_puts_the_next(engine: Engine, case: str) -> None:
    assert due(engine) == [(MIDNIGHT, jobs.READY)]

    night(engine, MIDNIGHT)

    assert (days(engine), proofs(engine)) == (["2025-09-26"], [(3, 1, 0)])  # deployed, started, breached
    assert (engine.settings.seal_folder / "2025-09-26.json").is_file()
    assert due(engine) == [(MIDNIGHT + timedelta(days=1), jobs.READY)]


def test_after_a_downtime_it_is_done_once(engine: Engine, case: str) -> None:
    night(engine, MIDNIGHT + timedelta(days=3, hours=9))

    assert days(engine) == ["2025-09-29"]
    assert len(proofs(engine)) == 1
    assert due(engine) == [(MIDNIGHT + timedelta(days=4), jobs.READY)]


def test_a_second_start_puts_no_second_job(engine: Engine, case: str) -> None:
    with clock.hold(EVENING + timedelta(days=2)):
        nightly.ensure(engine)

    assert due(engine) == [(MIDNIGHT, jobs.READY)]


def test_a_finding_becomes_an_incident_and_a_notice_and_the_day_is_sealed_all_the_same(
    engine: Engine, case: str
) -> None:
    alter(engine)

    night(engine, MIDNIGHT)

    assert due(engine) == [(MIDNIGHT + nightly.LEASE, jobs.INCIDENT), (MIDNIGHT + timedelta(days=1), jobs.READY)]
    assert days(engine) == ["2025-09-26"]
    with engine.read() as connection:
        told = connection.execute(sa.select(notice).where(notice.c.code == "notice.record_altered")).mappings().all()
        kept = connection.execute(sa.select(proof)).mappings().one()
    assert sorted(row["principal"] for row in told) == ["person:1", "person:2"]
    assert kept["found"] == told[0]["parameters"]["count"] == len(kept["flaws"])
    assert {"code": "log.changed_command", "stream": case, "seq": 1, "case": "YB-2025-0001", "about": ""} in kept[
        "flaws"
    ]


def test_the_proof_of_the_next_night_goes_on_while_the_incident_stands(engine: Engine, case: str) -> None:
    alter(engine)
    night(engine, MIDNIGHT)

    night(engine, MIDNIGHT + timedelta(days=1))

    assert days(engine) == ["2025-09-26", "2025-09-27"]
    assert len(proofs(engine)) == 2
    assert [status for _, status in due(engine)] == [jobs.INCIDENT, jobs.INCIDENT, jobs.READY]


def test_an_incident_that_is_tried_again_seals_nothing_twice_and_tells_nobody_twice(engine: Engine, case: str) -> None:
    alter(engine)
    night(engine, MIDNIGHT)
    with engine.store.write() as connection:
        given_up = connection.scalar(sa.select(job.c.id).where(job.c.status == jobs.INCIDENT))
        jobs.retry(connection, str(given_up), MIDNIGHT + timedelta(hours=2))
        connection.commit()

    night(engine, MIDNIGHT + timedelta(hours=2))

    assert days(engine) == ["2025-09-26"]
    with engine.read() as connection:
        told = list(connection.scalars(sa.select(notice.c.principal).where(notice.c.code == "notice.record_altered")))
    assert sorted(told) == ["person:1", "person:2"]
