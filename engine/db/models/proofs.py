"""That the record was not altered: the daily seals, and what the proofs found. Both only grow."""

import sqlalchemy as sa

from engine.db.models.metadata import instant, metadata
from engine.db.types import Json

seal = sa.Table(
    "seal",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),  # from 1 without gaps
    sa.Column("day", sa.Text, nullable=False, unique=True),  # "2025-11-19", in office time; also the file's name
    sa.Column("document", sa.Text, nullable=False),  # canonical JSON, see engine.seals; text, as its bytes are signed
    sa.Column("signature", sa.LargeBinary(64), nullable=False),
)

proof = sa.Table(
    "proof",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    instant("at", required=True),
    instant("ended_at", required=True),
    sa.Column("commands", sa.Integer, nullable=False),
    sa.Column("cases", sa.Integer, nullable=False),  # that were re-executed
    sa.Column("found", sa.Integer, nullable=False),
    sa.Column("flaws", Json, nullable=False),  # the first ones: [{code, stream, seq, case, about}, …]
    sa.Column("accesses", sa.Integer),  # rows of the access log; NULL: before there was one
    sa.Column("asked_by", sa.Text),  # principal key; NULL: the night
)
