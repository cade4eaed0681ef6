"""Who looked at what: log-ins, refused attempts, reads of cases, exports. It only grows (engine.access)."""

import sqlalchemy as sa

from engine.db.models.metadata import instant, metadata
from engine.db.types import HexId, Json

access = sa.Table(
    "access",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),  # from 1 without gaps
    instant("at", required=True),  # of the deed; rows of several processes may stand a second out of order
    sa.Column("actor", sa.Text, nullable=False),  # principal key, "system", or "unknown:" and a keyed digest
    sa.Column("kind", sa.Text, nullable=False),  # one of engine.access.KINDS
    sa.Column("case_id", HexId),  # no foreign key: it must outlive a case that somebody removes
    sa.Column("subject", sa.Text),  # a task id, "customer:K-001", the digest of a file, an address that was refused
    sa.Column("code", sa.Text),  # of the error, where it was refused
    sa.Column("client", sa.Text),  # the machine that a log-in came from
    sa.Column("about", Json),  # of a refused command its kind; of an export format, selection and rows
    sa.Column("prev_hash", sa.LargeBinary(32), nullable=False),
    sa.Column("hash", sa.LargeBinary(32), nullable=False),
    sa.Index("ix_access_at", "at", "seq"),
    sa.Index("ix_access_actor", "actor", "at", "seq"),
    sa.Index("ix_access_case_id", "case_id", "at", "seq"),
    sa.Index("ix_access_kind", "kind", "at", "seq"),
)
