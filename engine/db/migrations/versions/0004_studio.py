"""The studio: drafts of procedures, publications and switches."""

import sqlalchemy as sa
from alembic import op

from engine.db import append_only
from engine.db.types import HexId, Json, UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "procedure_draft",
        sa.Column("id", HexId, primary_key=True),
        sa.Column("procedure", sa.Text, nullable=False, unique=True),
        sa.Column("based_on", HexId, sa.ForeignKey("deployment.id")),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("started_by", sa.Text, nullable=False),
        sa.Column("started_at", UtcDateTime, nullable=False),
        sa.Column("saved_by", sa.Text, nullable=False),
        sa.Column("saved_at", UtcDateTime, nullable=False),
        sa.Column("submitted_by", sa.Text),
        sa.Column("submitted_at", UtcDateTime),
        sa.Column("effective_at", UtcDateTime),
        sa.Column("digest", sa.LargeBinary(32)),
        sa.Column("against", HexId, sa.ForeignKey("deployment.id")),
        sa.Column("approved_by", sa.Text),
        sa.Column("approved_at", UtcDateTime),
        sa.Column("submitted_seq", sa.Integer),
        sa.Column("returned_seq", sa.Integer),
    )
    op.create_table(
        "draft_file",
        sa.Column("draft_id", HexId, sa.ForeignKey("procedure_draft.id"), primary_key=True),
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("saved_by", sa.Text, nullable=False),
        sa.Column("saved_at", UtcDateTime, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "publication",
        sa.Column("deployment_id", HexId, sa.ForeignKey("deployment.id"), primary_key=True),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("approver", sa.Text, nullable=False),
        sa.Column("effective_at", UtcDateTime, nullable=False),
        sa.Column("submitted_seq", sa.Integer, nullable=False),
        sa.Column("because", HexId, sa.ForeignKey("deployment.id")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "option",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", Json, nullable=False),
        sqlite_with_rowid=False,
    )
    for statement in append_only.create_statements(op.get_bind().dialect.name, append_only.PUBLICATIONS):
        op.execute(statement)
