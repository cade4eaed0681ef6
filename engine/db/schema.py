"""Which schema a database has, and whether this release was made for it. Every start asks, so Alembic stays out."""

from pathlib import Path

import sqlalchemy as sa

from engine.errors import SchemaTooNew, SchemaTooOld

VERSIONS = Path(__file__).parent / "migrations" / "versions"


def revisions() -> list[str]:
    """The revisions of this release, oldest first: a migration's file begins with its revision."""
    return sorted(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*_*.py"))


def current_revision(engine: sa.Engine) -> str | None:
    """The revision of the database; None where it is empty."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.scalars(sa.text("SELECT version_num FROM alembic_version")).one_or_none()


def check(engine: sa.Engine) -> None:
    """Refuse a database that this release was not made for.

    Raises:
        SchemaTooOld: `renoflow migrate` is due (also where the database is empty).
        SchemaTooNew: A newer release has been here.
    """
    found, known = current_revision(engine), revisions()
    if found == known[-1]:
        return
    raise (SchemaTooOld if found is None or found in known else SchemaTooNew)(found=found, wanted=known[-1])
