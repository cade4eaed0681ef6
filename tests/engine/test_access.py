"""The access log: written in batches, never changed; what is altered, removed or cut off is named by its row."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from engine import access, audit, clock, seals
from engine.audit import Flaw
from engine.commands.claim_task import ClaimTask
from engine.commands.make_seal import MakeSeal
from engine.db import append_only, migrate, session
from engine.db.models import access as table
from engine.errors import EngineError
from engine.executor import Engine
from tests.factories import SPECIALIST, deploy, start

MORNING = datetime(2025, 9, 26, 1, tzinfo=UTC)
YESTERDAY = date(2025, 9, 26)
CASE = "ab" * 16


def note(engine: Engine, count: int, **more: object) -> None:
    for number in range(count):
        engine.access.note("case", f"person:{number + 1}", case=CASE, **more)  # type: ignore[arg-type]


@pytest.fixture
def sealed(engine: Engine) -> Engine:
    """Five rows of yesterday, sealed, and two of today."""
    with clock.hold(MORNING):
        note(engine, 5)
        engine.access.flush()
        engine.perform(MakeSeal(day=YESTERDAY))
        with engine.read() as connection:
            seals.write_file(connection, engine.settings)
    with clock.hold(MORNING + timedelta(days=1)):
        note(engine, 2)
        engine.access.flush()
    return engine


def rows(engine: Engine, *names: str) -> list[tuple[object, ...]]:
    with engine.read() as connection:
        found = sa.select(*(table.c[name] for name in names)).order_by(table.c.seq)
        return [tuple(row) for row in connection.execute(found)]


def flaws(engine: Engine) -> list[Flaw]:
    with engine.read() as connection:
        found = audit.verify(connection, settings=engine.settings)
    return [one for one in found if one.code != "log.missing_trigger"]


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    sent: list[str] = []

    def hear(connection: object, cursor: object, statement: str, *rest: object) -> None:
        sent.append(statement)

    sa.event.listen(engine.store.engine, "before_cursor_execute", hear)
    yield sent
    sa.event.remove(engine.store.engine, "before_cursor_execute", hear)


def tampered(engine: Engine, *changes: str) -> None:
    """Change the database as somebody would who owns it."""
    with engine.store.write() as connection:
        for drop in append_only.drop_statements(engine.store.dialect):
            connection.exec_driver_sql(drop)
        for one in changes:
            connection.exec_driver_sql(one)
        connection.commit()


def test_a_note_costs_no_statement_and_a_batch_is_one_insert(engine: Engine) -> None:
    with statements(engine) as noted:
        note(engine, 300)
    with statements(engine) as written:
        assert engine.access.flush() == 300
    with statements(engine) as again:
        assert engine.access.flush() == 0

    assert noted == again == []
    assert len([one for one in written if one.startswith("INSERT INTO access")]) == 1
    assert rows(engine, "seq") == [(number,) for number in range(1, 301)]


def test_the_writer_writes_what_waits_and_ends_with_all_written(engine: Engine) -> None:
    started, may_end = threading.Event(), threading.Event()

    class Main(threading.Thread):
        def run(self) -> None:
            started.set()
            may_end.wait()

    main = Main()
    main.start()
    started.wait()
    writer = access.Writer(engine.access, seconds=3600, main=main)
    writer.start()
    note(engine, access.AT_ONCE)
    while not rows(engine, "seq"):  # woken by the many rows, long before the hour is over
        pass
    note(engine, 3)
    may_end.set()
    main.join()
    engine.access.many.set()
    writer.join()

    assert len(rows(engine, "seq")) == access.AT_ONCE + 3


def test_batches_of_several_processes_make_one_chain(engine: Engine) -> None:
    other = access.Waiting(engine.store)
    for waiting in (engine.access, other, engine.access):
        waiting.note("case", "person:1", case=CASE)
        waiting.flush()
    threads = [
        threading.Thread(target=lambda w=waiting: (w.note("task", "person:2"), w.flush()))
        for waiting in (engine.access, other)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert rows(engine, "seq") == [(1,), (2,), (3,), (4,), (5,)]
    assert flaws(engine) == []


def test_rows_wait_while_the_store_fails_and_what_is_too_much_is_counted(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "MOST_WAITING", 3)
    note(engine, 5)
    with engine.store.write() as connection:
        connection.exec_driver_sql("ALTER TABLE access RENAME TO gone")
        connection.commit()
    assert engine.access.flush() == 0
    with engine.store.write() as connection:
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO access")
        connection.commit()

    engine.access.flush()

    assert rows(engine, "kind", "about") == [("case", None)] * 3 + [("lost", {"rows": 2})]


def test_a_refused_command_is_a_row_at_once(engine: Engine) -> None:
    with clock.hold(MORNING):
        deploy(engine)
        start(engine)
        with pytest.raises(EngineError):
            engine.execute(ClaimTask(task_id=CASE), SPECIALIST)

    assert rows(engine, "seq", "at", "actor", "kind", "subject", "code", "about") == [
        (1, MORNING, "person:1", "refused", CASE, "request.not_found", {"command": "claim_task"})
    ]


def test_what_no_store_takes_is_replaced(engine: Engine) -> None:
    engine.access.note("refused", "person:1", subject="/cases/\0" + "x" * 500, client="\ud800")

    assert engine.access.flush() == 1
    assert rows(engine, "subject", "client") == [("/cases/\ufffd" + "x" * 192, "\ufffd")]


def test_an_untouched_log_has_no_flaw(sealed: Engine) -> None:
    assert flaws(sealed) == []


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'person:9'",
        "kind = 'task'",
        "at = '2025-09-26 01:00:01'",
        "subject = 'x'",
        "case_id = NULL",
        """about = '{"rows":1}'""",
        "client = '10.0.0.1'",
        "hash = prev_hash",
    ],
)
def test_a_changed_row_is_named(sealed: Engine, change: str) -> None:
    tampered(sealed, f"UPDATE access SET {change} WHERE seq = 3")

    assert Flaw(code="access.changed", stream="access", seq=3) in flaws(sealed)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL takes neither
@pytest.mark.parametrize(
    "change",
    ["actor = CAST(x'70ff' AS TEXT)", "at = '2025-09-26T01:00:00'", "at = 'never'", "case_id = 'x'", "hash = 7"],
)
def test_a_row_that_can_not_be_read_is_named_and_hides_no_other(sealed: Engine, change: str) -> None:
    tampered(sealed, f"UPDATE access SET {change} WHERE seq = 3", "UPDATE access SET kind = 'task' WHERE seq = 6")

    found = flaws(sealed)
    assert Flaw(code="access.changed", stream="access", seq=3) in found
    assert Flaw(code="access.changed", stream="access", seq=6) in found


def test_a_removed_row_is_named_and_a_gap_by_its_ends(sealed: Engine) -> None:
    tampered(sealed, "DELETE FROM access WHERE seq = 2")
    assert Flaw(code="access.missing", stream="access", seq=2) in flaws(sealed)

    tampered_again = "DELETE FROM access WHERE seq IN (3, 4)"
    with sealed.store.write() as connection:
        connection.exec_driver_sql(tampered_again)
        connection.commit()
    assert Flaw(code="access.missing", stream="access", seq=2, about="2–4") in flaws(sealed)


def test_the_removed_last_row_of_yesterday_is_named_by_row_and_day(sealed: Engine) -> None:
    tampered(sealed, "DELETE FROM access WHERE seq >= 5")

    assert flaws(sealed) == [Flaw(code="seal.lost_row", stream="access", seq=5, about="2025-09-26")]


def test_a_chain_computed_anew_is_found(sealed: Engine) -> None:
    with sealed.read() as connection:
        kept = [dict(row) for row in connection.execute(sa.select(table).order_by(table.c.seq)).mappings()]
    tampered(sealed, "DELETE FROM access")
    with sealed.store.write() as connection:
        access.append(connection, [row | {"actor": "person:9"} if row["seq"] == 2 else row for row in kept])
        connection.commit()

    assert flaws(sealed) == [Flaw(code="seal.other_history", stream="access", seq=5, about="2025-09-26")]


def test_the_log_takes_new_rows_only(sealed: Engine) -> None:
    changes = ["UPDATE access SET actor = 'x'", "DELETE FROM access", "INSERT INTO access SELECT * FROM access"]
    for change in changes:
        with sealed.store.write() as connection, pytest.raises(sa.exc.DBAPIError):
            connection.exec_driver_sql(change)


def test_attempts_of_earlier_releases_become_rows_of_the_chain(empty_database_url: str) -> None:
    store = session.Store(empty_database_url)
    migrate.upgrade(store.engine, "0004")
    with store.write() as connection:
        names = "INSERT INTO attempt (id, at, actor, kind, stream, code, subject) VALUES "
        connection.exec_driver_sql(
            names + f"(1, '2025-09-26 01:00:00', 'person:1', 'claim_task', '{CASE}', 'access.forbidden', '{CASE}'), "
            "(2, '2025-09-26 02:00:00', 'person:2', 'refuse_login', NULL, 'login.refused', NULL)"
        )
        connection.commit()

    migrate.upgrade(store.engine)

    with store.read() as connection:
        found = connection.execute(sa.select(table.c.seq, table.c.kind, table.c.case_id, table.c.about).order_by("seq"))
        assert [tuple(row) for row in found] == [
            (1, "refused", CASE, {"command": "claim_task"}),
            (2, "login_refused", None, None),
        ]
        assert list(access.verify(connection)) == []
    store.close()
