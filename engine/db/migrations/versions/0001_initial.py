"""The first schema."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from engine.db import append_only
from engine.db.types import HexId, Json, UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    for create in (_calendar, _people, _registers, _definitions, _log, _instances, _files, _tasks, _deadlines, _jobs):
        create()
    for statement in append_only.create_statements(op.get_bind().dialect.name):
        op.execute(statement)


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _calendar() -> None:
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("working", sa.Boolean, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
    )
    op.create_table(
        "calendar_year",
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("published", sa.Boolean, nullable=False),
    )


def _people() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("username", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("phone", sa.Text),
        sa.Column("email", sa.Text),
        sa.Column("password_hash", sa.Text),
        sa.Column("subject", sa.Text, unique=True),
        sa.Column("roles", Json, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("language", sa.Text),
        sa.Column("notices_seen_at", UtcDateTime),
    )
    op.create_table(
        "api_token",
        sa.Column("id", HexId, primary_key=True),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime),
        sa.Column("revoked_at", UtcDateTime),
    )
    op.create_table(
        "group_",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text),
        sa.Column("department", sa.Text),
        sa.Column("head", sa.Integer, sa.ForeignKey("person.id")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_group__head", "group_", ["head"])
    op.create_table(
        "session_",
        sa.Column("token_hash", sa.LargeBinary(32), primary_key=True),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("seen_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("address", sa.Text),
    )
    op.create_index("ix_session__person_id", "session_", ["person_id"])
    op.create_table(
        "membership",
        sa.Column("person_id", sa.Integer, sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("group_key", sa.Text, sa.ForeignKey("group_.key"), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_membership_group_key", "membership", ["group_key"])


def _registers() -> None:
    op.create_table(
        "customer",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("phone", sa.Text),
        sa.Column("address", sa.Text),
        sa.Column("grade", sa.Text),
        sa.Column("note", sa.Text),
    )
    op.create_index("ix_customer_name", "customer", ["name"])
    op.create_index("ix_customer_phone", "customer", ["phone"])
    op.create_table(
        "site",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("customer", sa.Text, sa.ForeignKey("customer.key"), nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("crew", sa.Text),
        sa.Column("foreman", sa.Integer, sa.ForeignKey("person.id")),
        sa.Column("designer", sa.Integer, sa.ForeignKey("person.id")),
        sa.Column("started_on", sa.Date),
        sa.Column("completed_on", sa.Date),
    )
    op.create_index("ix_site_customer", "site", ["customer"])
    op.create_table(
        "contract",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("site", sa.Text, sa.ForeignKey("site.key"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("signed_on", sa.Date),
        sa.Column("amount", sa.Text),
        sa.Column("warranty_until", sa.Date),
    )
    op.create_index("ix_contract_site", "contract", ["site"])


def _definitions() -> None:
    op.create_table(
        "counter",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "deployment",
        sa.Column("id", HexId, primary_key=True),
        sa.Column("procedure", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("deployed_by", sa.Text, nullable=False),
        sa.Column("deployed_at", UtcDateTime, nullable=False),
    )
    op.create_index("uq_deployment_procedure_version", "deployment", ["procedure", "version"], unique=True)
    op.create_table(
        "epoch",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("release", sa.Text, nullable=False),
        sa.Column("since", UtcDateTime, nullable=False),
    )
    op.create_table(
        "start_message",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("procedure", sa.Text, primary_key=True),
        sa.Column("event", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "deployment_file",
        sa.Column("deployment_id", HexId, sa.ForeignKey("deployment.id"), primary_key=True),
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )


def _log() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("stream", sa.Text),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("subject", sa.Text),
    )
    op.create_index("ix_attempt_at", "attempt", ["at"])
    op.create_table(
        "command",
        sa.Column("stream", sa.Text, primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.Column("reads", Json, nullable=False),
        sa.Column("state_digest", sa.LargeBinary(32)),
        sa.Column("state_bytes_hash", sa.LargeBinary(32)),
        sa.Column("engine_epoch", sa.Integer, nullable=False),
        sa.Column("request_id", HexId),
        sa.Column("prev_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("uq_command_request_id", "command", ["request_id"], unique=True, **_where("request_id IS NOT NULL"))
    op.create_table(
        "submission",
        sa.Column("stream", sa.Text, primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("scope", sa.Text),
        sa.Column("element", sa.Text),
        sa.Column("round", sa.Integer),
        sa.Column("item", sa.Text),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("salt", sa.LargeBinary(16)),
        sa.Column("values", Json),
        sqlite_with_rowid=False,
    )


def _instances() -> None:
    op.create_table(
        "notice",
        sa.Column("principal", sa.Text, primary_key=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("id", HexId, primary_key=True),
        sa.Column("case_id", HexId),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("parameters", Json, nullable=False),
        sa.Column("seen_at", UtcDateTime),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_notice_principal_at", "notice", ["principal", "at"])
    keys = (("register", sa.Text), ("key", sa.Text), ("started_at", UtcDateTime), ("case_id", HexId))
    columns: list[Any] = [sa.Column(name, kind, primary_key=True) for name, kind in keys]
    op.create_table("concern", *columns, sqlite_with_rowid=False)
    op.create_index("ix_concern_case_id", "concern", ["case_id"])
    op.create_table(
        "party",
        sa.Column("principal", sa.Text, primary_key=True),
        sa.Column("case_id", HexId, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "instance",
        sa.Column("id", HexId, primary_key=True),
        sa.Column("procedure", sa.Text, nullable=False),
        sa.Column("deployment_id", HexId, sa.ForeignKey("deployment.id"), nullable=False),
        sa.Column("business_key", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("end_state", sa.Text),
        sa.Column("subject", sa.Text),
        sa.Column("parties", Json, nullable=False),
        sa.Column("concerns", Json, nullable=False),
        sa.Column("state", sa.LargeBinary, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("head_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("last_at", UtcDateTime, nullable=False),
        sa.Column("started_at", UtcDateTime, nullable=False),
        sa.Column("started_by", sa.Text, nullable=False),
        sa.Column("suspended_at", UtcDateTime),
        sa.Column("ended_at", UtcDateTime),
    )
    op.create_index("ix_instance_started_at", "instance", ["started_at"])
    op.create_index("uq_instance_procedure_business_key", "instance", ["procedure", "business_key"], unique=True)


def _files() -> None:
    op.create_table(
        "file",
        sa.Column("hash", sa.LargeBinary(32), primary_key=True),
        sa.Column("size_bytes", sa.Integer, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "case_file",
        sa.Column("id", HexId, primary_key=True),
        sa.Column("case_id", HexId, sa.ForeignKey("instance.id"), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("hash", sa.LargeBinary(32), sa.ForeignKey("file.hash"), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("element", sa.Text),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
    )
    op.create_index("ix_case_file_case_id", "case_file", ["case_id"])


def _tasks() -> None:
    op.create_table(
        "draft",
        sa.Column("task_id", HexId, primary_key=True),
        sa.Column("actor", sa.Text, primary_key=True),
        sa.Column("values", Json, nullable=False),
        sa.Column("saved_at", UtcDateTime, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "inbox",
        sa.Column("principal", sa.Text, primary_key=True),
        sa.Column("due_at", UtcDateTime, primary_key=True),
        sa.Column("task_id", HexId, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "user_task",
        sa.Column("id", HexId, primary_key=True),
        sa.Column("case_id", HexId, sa.ForeignKey("instance.id"), nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("element", sa.Text, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("item", sa.Text),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("form", sa.Text),
        sa.Column("candidates", Json, nullable=False),
        sa.Column("excluded", Json),
        sa.Column("assignee", sa.Text),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("due_at", UtcDateTime),
        sa.Column("deadline", sa.Text),
        sa.Column("not_before", UtcDateTime),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("claimed_at", UtcDateTime),
        sa.Column("completed_at", UtcDateTime),
        sa.Column("cancelled_at", UtcDateTime),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_user_task_case_id", "user_task", ["case_id"])


def _deadlines() -> None:
    op.create_table(
        "breach",
        sa.Column("id", HexId, primary_key=True),
        sa.Column("case_id", HexId, sa.ForeignKey("instance.id"), nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("element", sa.Text, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("item", sa.Text),
        sa.Column("deadline", sa.Text, nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("met_at", UtcDateTime),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_breach_case_id", "breach", ["case_id"])
    op.create_table(
        "deadline_met",
        sa.Column("case_id", HexId, sa.ForeignKey("instance.id"), nullable=False),
        sa.Column("element", sa.Text, nullable=False),
        sa.Column("item", sa.Text),
        sa.Column("deadline", sa.Text, nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("met_at", UtcDateTime, nullable=False),
    )
    op.create_index("ix_deadline_met_case_id", "deadline_met", ["case_id"])


def _jobs() -> None:
    op.create_table(
        "job",
        sa.Column("id", HexId, primary_key=True),
        sa.Column("stream", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("args", Json, nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("error", sa.Text),
        sa.Column("status", sa.Text, nullable=False, server_default="ready"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_job_due_at", "job", ["due_at"], **_where("status = 'ready'"))
    op.create_index("ix_job_stream", "job", ["stream", "due_at"])
    op.create_table(
        "message",
        sa.Column("id", HexId, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("payload", Json, nullable=False),
        sa.Column("sender", sa.Text),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("receiver", HexId),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_message_name_key", "message", ["name", "key"], **_where("receiver IS NULL"))
    op.create_table(
        "message_wait",
        sa.Column("id", HexId, primary_key=True),
        sa.Column("case_id", HexId, sa.ForeignKey("instance.id"), nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("element", sa.Text, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("item", sa.Text),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_message_wait_case_id", "message_wait", ["case_id"])
    op.create_index("ix_message_wait_name_key", "message_wait", ["name", "key"])
