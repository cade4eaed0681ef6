"""The access log, with what stood in `attempt`; who asked for a proof."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op

from engine.db import append_only
from engine.db.types import HexId, Json, UtcDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    access = op.create_table(
        "access",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("case_id", HexId),
        sa.Column("subject", sa.Text),
        sa.Column("code", sa.Text),
        sa.Column("client", sa.Text),
        sa.Column("about", Json),
        sa.Column("prev_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
    )
    for name in ("actor", "case_id", "kind"):
        op.create_index(f"ix_access_{name}", "access", [name, "at", "seq"])
    op.create_index("ix_access_at", "access", ["at", "seq"])
    if attempts := _attempts(op.get_bind()):
        op.bulk_insert(access, attempts)
    op.drop_table("attempt")
    op.add_column("proof", sa.Column("accesses", sa.Integer))
    op.add_column("proof", sa.Column("asked_by", sa.Text))
    for statement in append_only.create_statements(op.get_bind().dialect.name, append_only.ACCESS):
        op.execute(statement)


def _attempts(connection: Any) -> list[dict[str, Any]]:
    """The refused attempts as rows of the new log, chained as engine.access does it."""
    columns = [sa.column(name, kind) for name, kind in (("at", UtcDateTime), ("id", sa.Integer))]
    columns += [sa.column(name, sa.Text) for name in ("actor", "kind", "stream", "code", "subject")]
    old = sa.table("attempt", *columns)
    rows, before = [], bytes(32)
    for seq, row in enumerate(connection.execute(sa.select(old).order_by(old.c.at, old.c.id)).mappings(), 1):
        is_login = row["kind"] == "refuse_login"
        is_case = len(row["stream"] or "") == 32 and set(row["stream"]) <= set("0123456789abcdef")
        at: datetime = row["at"].astimezone(UTC)
        said = {
            "seq": seq,
            "actor": row["actor"],
            "kind": "login_refused" if is_login else "refused",
            "case_id": row["stream"] if is_case else None,
            "subject": row["subject"],
            "code": row["code"],
            "client": None,
            "about": None if is_login else {"command": row["kind"]},
        }
        hashed = json.dumps(
            said | {"at": at.isoformat()}, sort_keys=True, ensure_ascii=False, separators=(",", ":")
        ).encode()
        digest = sha256(before + hashed).digest()
        rows.append({**said, "at": at, "prev_hash": before, "hash": digest})
        before = digest
    return rows
