"""The schema: migrations and models say the same, on both stores."""

import pytest
import sqlalchemy as sa

from engine.db import append_only, migrate, schema, session
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


def test_the_triggers_of_the_log_stand_after_the_migrations(store: session.Store) -> None:
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with store.read() as connection:
        found = set(connection.scalars(sa.text(catalogue[store.dialect])))

    assert found == append_only.trigger_names(store.dialect)
