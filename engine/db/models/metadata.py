"""The MetaData that every table hangs on, and the column shapes that repeat."""

from typing import Any

import sqlalchemy as sa

from engine.db.types import HexId, UtcDateTime

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

COMPOSITE_KEY: dict[str, Any] = {"sqlite_with_rowid": False}  # the key is the table: no second B-tree for it


def id_column(name: str = "id", *, key: bool = True) -> "sa.Column[str]":
    """A HexId that is the primary key, or a plain required one."""
    return sa.Column(name, HexId, primary_key=key, nullable=False)


def place_columns() -> "list[sa.Column[Any]]":
    """Where in a case something stands: advance.Place without its id."""
    return [
        sa.Column("case_id", HexId, sa.ForeignKey("instance.id"), nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("element", sa.Text, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("item", sa.Text),
    ]


def instant(name: str, *, required: bool = False) -> "sa.Column[Any]":
    """A column of instants."""
    return sa.Column(name, UtcDateTime, nullable=not required)
