"""What may be run: immutable deployments."""

import sqlalchemy as sa

from engine.db.models.metadata import COMPOSITE_KEY, id_column, instant, metadata
from engine.db.types import HexId

deployment = sa.Table(
    "deployment",
    metadata,
    id_column(),
    sa.Column("procedure", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),  # from 1; the highest one starts new cases
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("hash", sa.LargeBinary(32), nullable=False),  # of all files, those of called procedures included
    sa.Column("deployed_by", sa.Text, nullable=False),
    instant("deployed_at", required=True),
    sa.Index("uq_deployment_procedure_version", "procedure", "version", unique=True),
)

deployment_file = sa.Table(
    "deployment_file",
    metadata,
    sa.Column("deployment_id", HexId, sa.ForeignKey("deployment.id"), primary_key=True),
    sa.Column(
        "path", sa.Text, primary_key=True
    ),  # as in parser.parse: "<procedure>.bpmn", "forms/<form>.json", "calls/…"
    sa.Column("content", sa.LargeBinary, nullable=False),
    **COMPOSITE_KEY,
)

start_message = sa.Table(
    "start_message",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),  # a message that starts a case when nobody waits for it
    sa.Column("procedure", sa.Text, primary_key=True),
    sa.Column("event", sa.Text, nullable=False),
    **COMPOSITE_KEY,
)
