"""Work put off: jobs, and messages between cases."""

import sqlalchemy as sa

from engine.db.models.metadata import id_column, instant, metadata, place_columns
from engine.db.types import HexId, Json

job = sa.Table(
    "job",
    metadata,
    id_column(),  # a timer's or service call's own id; the idempotency key of what it does outside
    sa.Column("stream", sa.Text, nullable=False),
    # timer, reminder, call, aside, message, message_expiry, start, notify, announce, publish, nightly, proof
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("args", Json, nullable=False),
    instant("due_at", required=True),  # moved on by a lease and by back-off
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("error", sa.Text),
    sa.Column("status", sa.Text, nullable=False, server_default="ready"),  # ready, held (case suspended), incident
    sa.Index(
        "ix_job_due_at",
        "due_at",
        sqlite_where=sa.text("status = 'ready'"),
        postgresql_where=sa.text("status = 'ready'"),
    ),
    sa.Index("ix_job_stream", "stream", "due_at"),
    sqlite_with_rowid=False,
)

message = sa.Table(
    "message",
    metadata,
    id_column(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("payload", Json, nullable=False),
    sa.Column("sender", sa.Text),  # case id; NULL: from outside
    instant("at", required=True),
    instant("expires_at", required=True),
    sa.Column("receiver", HexId),  # case that received it; NULL: still kept
    sa.Index(
        "ix_message_name_key",
        "name",
        "key",
        sqlite_where=sa.text("receiver IS NULL"),
        postgresql_where=sa.text("receiver IS NULL"),
    ),
    sqlite_with_rowid=False,
)

message_wait = sa.Table(
    "message_wait",
    metadata,
    id_column(),
    *place_columns(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Index("ix_message_wait_name_key", "name", "key"),
    sa.Index("ix_message_wait_case_id", "case_id"),
    sqlite_with_rowid=False,
)
