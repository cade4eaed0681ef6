"""Who there is, and who is logged in."""

import sqlalchemy as sa

from engine.db.models.metadata import COMPOSITE_KEY, id_column, instant, metadata
from engine.db.types import Json

person = sa.Table(
    "person",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),  # the N of person:N
    sa.Column("username", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("phone", sa.Text),
    sa.Column("email", sa.Text),
    sa.Column("password_hash", sa.Text),
    sa.Column("subject", sa.Text, unique=True),  # of the identity provider
    sa.Column("roles", Json, nullable=False),  # of authorization.ROLES
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("language", sa.Text),
    instant("notices_seen_at"),
)

group_ = sa.Table(
    "group_",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),  # group, department, crew
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_en", sa.Text),
    sa.Column("department", sa.Text),  # key of the department that it belongs to
    sa.Column("head", sa.Integer, sa.ForeignKey("person.id")),
    sa.Index("ix_group__head", "head"),
    **COMPOSITE_KEY,
)

membership = sa.Table(
    "membership",
    metadata,
    sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), primary_key=True),
    sa.Column("group_key", sa.Text, sa.ForeignKey("group_.key"), primary_key=True),
    sa.Index("ix_membership_group_key", "group_key"),
    **COMPOSITE_KEY,
)

session_ = sa.Table(
    "session_",
    metadata,
    sa.Column("token_hash", sa.LargeBinary(32), primary_key=True),
    sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False),
    instant("created_at", required=True),
    instant("seen_at", required=True),
    instant("expires_at", required=True),
    sa.Column("address", sa.Text),
    sa.Index("ix_session__person_id", "person_id"),
)

api_token = sa.Table(
    "api_token",
    metadata,
    id_column(),
    sa.Column("token_hash", sa.LargeBinary(32), nullable=False, unique=True),
    sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    instant("created_at", required=True),
    instant("expires_at"),
    instant("revoked_at"),
)
