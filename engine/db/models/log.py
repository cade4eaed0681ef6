"""What was done: the command log, and what people sent with it."""

import sqlalchemy as sa

from engine.db.models.metadata import COMPOSITE_KEY, id_column, instant, metadata
from engine.db.types import HexId, Json

command = sa.Table(
    "command",
    metadata,
    sa.Column("stream", sa.Text, primary_key=True),  # case id, "people", "calendar", "definitions" or "registers"
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),  # from 1 without gaps in its stream
    instant("at", required=True),
    sa.Column("actor", sa.Text, nullable=False),  # principal key, or "system"
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("body", Json, nullable=False),  # keys, routing values and digests
    sa.Column("reads", Json, nullable=False),  # [[function, arguments, answer], …] in the order of asking
    sa.Column("state_digest", sa.LargeBinary(32)),  # NULL: the command left the process's state alone
    sa.Column("state_bytes_hash", sa.LargeBinary(32)),
    sa.Column("engine_epoch", sa.Integer, nullable=False),
    sa.Column("request_id", HexId),
    sa.Column("prev_hash", sa.LargeBinary(32), nullable=False),
    sa.Column("hash", sa.LargeBinary(32), nullable=False),
    sa.Index(
        "uq_command_request_id",
        "request_id",
        unique=True,
        sqlite_where=sa.text("request_id IS NOT NULL"),
        postgresql_where=sa.text("request_id IS NOT NULL"),
    ),
    **COMPOSITE_KEY,
)

submission = sa.Table(
    "submission",
    metadata,
    sa.Column("stream", sa.Text, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),  # of the command that it came with
    sa.Column(
        "scope", sa.Text
    ),  # scope, element, round, item: of the user task; NULL for comments, people and registers
    sa.Column("element", sa.Text),
    sa.Column("round", sa.Integer),
    sa.Column("item", sa.Text),
    sa.Column("actor", sa.Text, nullable=False),
    instant("at", required=True),
    sa.Column("salt", sa.LargeBinary(16)),  # NULL with erased values: a salt would let short texts be guessed
    sa.Column("values", Json),  # field id → value; NULL once erased
    **COMPOSITE_KEY,
)

epoch = sa.Table(
    "epoch",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("release", sa.Text, nullable=False),
    instant("since", required=True),
)

file = sa.Table(
    "file",
    metadata,
    sa.Column("hash", sa.LargeBinary(32), primary_key=True),  # SHA-256 of the content, which lies under var/files/
    sa.Column("size_bytes", sa.Integer, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    instant("created_at", required=True),
)

case_file = sa.Table(
    "case_file",
    metadata,
    id_column(),
    sa.Column("case_id", HexId, sa.ForeignKey("instance.id"), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("hash", sa.LargeBinary(32), sa.ForeignKey("file.hash"), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("element", sa.Text),
    sa.Column("actor", sa.Text, nullable=False),
    instant("at", required=True),
    sa.Index("ix_case_file_case_id", "case_id"),
)
