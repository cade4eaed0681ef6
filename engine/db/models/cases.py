"""Cases: the process's state and everything that is derived from it for people's lists."""

import sqlalchemy as sa

from engine.db.models.metadata import COMPOSITE_KEY, id_column, instant, metadata, place_columns
from engine.db.types import HexId, Json

instance = sa.Table(
    "instance",
    metadata,
    id_column(),
    sa.Column("procedure", sa.Text, nullable=False),
    sa.Column("deployment_id", HexId, sa.ForeignKey("deployment.id"), nullable=False),
    sa.Column("business_key", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),  # running, suspended, completed, cancelled
    sa.Column("end_state", sa.Text),
    sa.Column("subject", sa.Text),  # for lists; may name people, so it is erased with the submissions
    sa.Column("parties", Json, nullable=False),  # principal keys of `party`, here to know which are new
    sa.Column("concerns", Json, nullable=False),  # "register:key" of `concern`, here to know which are new
    sa.Column("state", sa.LargeBinary, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("head_hash", sa.LargeBinary(32), nullable=False),  # of the stream's last command
    instant("last_at", required=True),
    instant("started_at", required=True),
    sa.Column("started_by", sa.Text, nullable=False),
    instant("suspended_at"),
    instant("ended_at"),
    sa.Index("uq_instance_procedure_business_key", "procedure", "business_key", unique=True),
    sa.Index("ix_instance_started_at", "started_at"),
)

user_task = sa.Table(
    "user_task",
    metadata,
    id_column(),
    *place_columns(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("form", sa.Text),
    sa.Column("candidates", Json, nullable=False),  # principal keys
    sa.Column("excluded", Json),
    sa.Column("assignee", sa.Text),  # principal key of one person
    sa.Column("revision", sa.Integer, nullable=False),
    instant("due_at"),
    sa.Column("deadline", sa.Text),
    instant("not_before"),
    instant("created_at", required=True),
    instant("claimed_at"),
    instant("completed_at"),
    instant("cancelled_at"),
    sa.Index("ix_user_task_case_id", "case_id"),
    sqlite_with_rowid=False,
)

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("principal", sa.Text, primary_key=True),
    sa.Column("due_at", instant("due_at").type, primary_key=True),  # no deadline: types.NEVER
    sa.Column("task_id", HexId, primary_key=True),
    **COMPOSITE_KEY,
)

breach = sa.Table(
    "breach",
    metadata,
    id_column(),  # the timer's
    *place_columns(),
    sa.Column("deadline", sa.Text, nullable=False),
    instant("due_at", required=True),
    instant("met_at"),
    sa.Index("ix_breach_case_id", "case_id"),
    sqlite_with_rowid=False,
)

# Deadlines that ended without a breach: one row for nearly every task ever done, so it is narrow and has no key.
deadline_met = sa.Table(
    "deadline_met",
    metadata,
    sa.Column("case_id", HexId, sa.ForeignKey("instance.id"), nullable=False),
    sa.Column("element", sa.Text, nullable=False),
    sa.Column("item", sa.Text),
    sa.Column("deadline", sa.Text, nullable=False),
    instant("due_at", required=True),
    instant("met_at", required=True),
    sa.Index("ix_deadline_met_case_id", "case_id"),
)

draft = sa.Table(
    "draft",
    metadata,
    sa.Column("task_id", HexId, primary_key=True),
    sa.Column("actor", sa.Text, primary_key=True),
    sa.Column("values", Json, nullable=False),
    instant("saved_at", required=True),
    **COMPOSITE_KEY,
)

party = sa.Table(
    "party",
    metadata,
    sa.Column("principal", sa.Text, primary_key=True),
    sa.Column("case_id", HexId, primary_key=True),
    **COMPOSITE_KEY,
)

# Which rows of the registers a case is about: all that its forms have ever named, but departments and groups.
concern = sa.Table(
    "concern",
    metadata,
    sa.Column("register", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("started_at", instant("started_at").type, primary_key=True),  # of the case: lists show the newest first
    sa.Column("case_id", HexId, primary_key=True),
    sa.Index("ix_concern_case_id", "case_id"),
    **COMPOSITE_KEY,
)

notice = sa.Table(
    "notice",
    metadata,
    sa.Column("principal", sa.Text, primary_key=True),
    instant("at", required=True),
    sa.Column("id", HexId, primary_key=True),
    sa.Column("case_id", HexId),
    sa.Column("code", sa.Text, nullable=False),  # of engine.messages
    sa.Column("parameters", Json, nullable=False),
    instant("seen_at"),
    sa.Index("ix_notice_principal_at", "principal", "at"),
    **COMPOSITE_KEY,
)

counter = sa.Table(
    "counter",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Integer, nullable=False),
    **COMPOSITE_KEY,
)
