"""Bring a database to this release's schema, and tell whether it is there."""

from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from engine.db.models import metadata
from engine.errors import SchemaTooNew, SchemaTooOld


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


def current_revision(engine: sa.Engine) -> str | None:
    """The revision of the database; None where it is empty."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def check(engine: sa.Engine) -> None:
    """Refuse a database that this release was not made for.

    Raises:
        SchemaTooOld: `renoflow migrate` is due (also where the database is empty).
        SchemaTooNew: A newer release has been here.
    """
    scripts = ScriptDirectory.from_config(configuration())
    found, wanted = current_revision(engine), scripts.get_current_head()
    if found == wanted:
        return
    known = {script.revision for script in scripts.walk_revisions()}
    raise (SchemaTooOld if found is None or found in known else SchemaTooNew)(found=found, wanted=wanted)


def differences(engine: sa.Engine) -> list[Any]:
    """What the models say and the database does not, or the other way round."""
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": False}), metadata))
