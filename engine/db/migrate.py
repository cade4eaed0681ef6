"""Bring a database to this release's schema (Alembic)."""

from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

from engine.db.models import metadata


def configuration(connection: sa.Connection | None = None) -> Config:
    """Alembic's configuration, without a file: the scripts lie in this package."""
    config = Config()
    config.set_main_option("script_location", "engine.db:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(engine: sa.Engine, revision: str = "head") -> None:
    """Run the migrations that the database lacks, in one transaction."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        command.upgrade(configuration(connection), revision)


def differences(engine: sa.Engine) -> list[Any]:
    """What the models say and the database does not, or the other way round."""
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": False}), metadata))
