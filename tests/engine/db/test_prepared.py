"""Prepared statements: the same values, errors and listeners as with SQLAlchemy's own execute, on both stores."""

from datetime import UTC, datetime

import psycopg
import pytest
import sqlalchemy as sa

from engine.actor import SYSTEM
from engine.db.models import counter, notice
from engine.db.prepared import Prepared, send
from engine.db.session import Store
from engine.settings import Settings
from engine.unit_of_work import UnitOfWork

INSERT, COUNT = Prepared(counter.insert()), Prepared(counter.insert().returning(counter.c.value))
COUNTERS = Prepared(sa.select(counter).where(counter.c.value >= sa.bindparam("least")).order_by(counter.c.name))
NOTICE = {
    "principal": "person:1",
    "at": datetime(2025, 9, 26, 8, 0, 0, 5, tzinfo=UTC),
    "id": "0123456789abcdef0123456789abcdef",
    "case_id": None,
    "code": "notice.breach",
    "parameters": {"case": "投诉-1", "late": [1, True, None]},
    "seen_at": None,
}


def test_values_come_back_as_they_were_written(store: Store) -> None:
    by_id = sa.select(notice).where(notice.c.id == sa.bindparam("of_notice"))

    with store.write() as connection:
        send(connection, [(Prepared(notice.insert()), [NOTICE])])
        found = Prepared(by_id).rows(connection, {"of_notice": NOTICE["id"]})
        as_usual = connection.execute(by_id, {"of_notice": NOTICE["id"]}).mappings().one()

    assert found == [NOTICE] == [dict(as_usual)]


def test_a_statement_may_write_and_return(store: Store) -> None:
    with store.write() as connection:
        assert COUNT.rows(connection, {"name": "a", "value": 7}) == [{"value": 7}]


def test_what_a_command_wrote_is_there_for_whoever_asks_for_its_connection(store: Store, settings: Settings) -> None:
    with store.write() as connection:
        work = UnitOfWork(opened=connection, settings=settings, actor=SYSTEM, now=datetime.now(UTC), kind="test")
        work.write(INSERT, {"name": "a", "value": 1}, {"name": "b", "value": 2})
        work.write(INSERT, {"name": "c", "value": 3})
        assert COUNTERS.rows(connection, {"least": 2}) == []

        found = COUNTERS.rows(work.connection, {"least": 2})

    assert found == [{"name": "b", "value": 2}, {"name": "c", "value": 3}]


def test_a_write_that_the_database_refuses_is_sqlalchemys_error(store: Store) -> None:
    row = {"name": "a", "value": 1}

    with store.write() as connection, pytest.raises(sa.exc.IntegrityError) as refused:
        send(connection, [(INSERT, [row]), (INSERT, [row]), (INSERT, [row | {"name": "b"}])])

    assert not refused.value.connection_invalidated
    with store.read() as connection:
        assert COUNTERS.rows(connection, {"least": 0}) == []


def test_listeners_hear_each_statement(store: Store) -> None:
    heard: list[tuple[str, bool]] = []
    note = lambda c, cursor, text, bound, context, many: heard.append((text.split()[0], many))  # noqa: E731
    sa.event.listen(store.engine, "before_cursor_execute", note)

    with store.write() as connection:
        send(connection, [(INSERT, [{"name": "a", "value": 1}, {"name": "b", "value": 2}])])
        COUNTERS.rows(connection, {"least": 0})

    assert [one for one in heard if one[0] != "BEGIN"] == [("INSERT", True), ("SELECT", False)]


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", [pytest.param("postgresql")], indirect=True)
def test_a_connection_that_is_cut_off_is_given_up_and_the_next_one_works(store: Store, database_url: str) -> None:
    with pytest.raises(sa.exc.DBAPIError) as lost, store.write() as connection:
        mine = connection.scalar(sa.text("SELECT pg_backend_pid()"))
        with psycopg.connect(database_url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", (mine,))
        send(connection, [(INSERT, [{"name": "a", "value": 1}])])

    assert lost.value.connection_invalidated
    with store.read() as connection:
        assert COUNTERS.rows(connection, {"least": 0}) == []
