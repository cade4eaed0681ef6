"""The schema: migrations and models say the same, on both stores."""

import pytest
import sqlalchemy as sa

from engine.db import append_only, migrate, schema, session
from engine.db.models import contract
from engine.errors import SchemaTooNew, SchemaTooOld


def test_the_migrations_from_empty_give_what_the_models_say(empty_database_url: str) -> None:
    engine = session.connect(empty_database_url)

    migrate.upgrade(engine)

    assert migrate.differences(engine) == []
    schema.check(engine)
    engine.dispose()


def test_a_database_without_tables_is_too_old(empty_database_url: str) -> None:
    engine = session.connect(empty_database_url)

    with pytest.raises(SchemaTooOld):
        schema.check(engine)
    engine.dispose()


def test_a_database_of_a_newer_release_is_refused(store: session.Store) -> None:
    with store.write() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()

    with pytest.raises(SchemaTooNew):
        schema.check(store.engine)


def test_the_amounts_of_contracts_become_fen(empty_database_url: str) -> None:
    engine = session.connect(empty_database_url)
    migrate.upgrade(engine, "0001")
    texts = {"C-1": "120000.00", "C-2": "86000", "C-3": "0.005", "C-4": "NaN", "C-5": "1E+30", "C-6": None}
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(sa.text("INSERT INTO customer (key, name) VALUES ('K-1', '林婉清')"))
        connection.execute(sa.text("INSERT INTO site (key, customer, address) VALUES ('S-1', 'K-1', '枫林苑')"))
        row = sa.text("INSERT INTO contract (key, site, kind, amount) VALUES (:key, 'S-1', 'construction', :amount)")
        connection.execute(row, [{"key": key, "amount": text} for key, text in texts.items()])

    migrate.upgrade(engine)

    with engine.connect() as connection:
        rows = connection.execute(sa.select(contract.c.key, contract.c.amount, contract.c.status)).all()
    assert {row.key: row.amount and str(row.amount) for row in rows} == {
        "C-1": "120000.00",
        "C-2": "86000.00",
        "C-3": "0.01",
        **dict.fromkeys(("C-4", "C-5", "C-6")),
    }
    assert {row.status for row in rows} == {"active"}
    assert migrate.differences(engine) == []
    engine.dispose()


def test_the_triggers_of_the_log_and_the_ledger_stand_after_the_migrations(store: session.Store) -> None:
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with store.read() as connection:
        found = set(connection.scalars(sa.text(catalogue[store.dialect])))

    assert found == append_only.trigger_names(store.dialect)
