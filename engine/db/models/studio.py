"""The studio: drafts of procedures, who published which version, and what an administrator switched."""

import sqlalchemy as sa

from engine.db.models.metadata import COMPOSITE_KEY, id_column, instant, metadata
from engine.db.types import HexId, Json

# Drafts are outside of the log: a row goes when its draft is published or dropped.
procedure_draft = sa.Table(
    "procedure_draft",
    metadata,
    id_column(),
    sa.Column("procedure", sa.Text, nullable=False, unique=True),  # one open draft each
    sa.Column("based_on", HexId, sa.ForeignKey("deployment.id")),  # NULL: a new procedure
    sa.Column("state", sa.Text, nullable=False),  # editing, submitted, approved (waits for its effective date)
    sa.Column("revision", sa.Integer, nullable=False),  # from 1, one more with each change of a file
    sa.Column("started_by", sa.Text, nullable=False),
    instant("started_at", required=True),
    sa.Column("saved_by", sa.Text, nullable=False),
    instant("saved_at", required=True),
    sa.Column("submitted_by", sa.Text),
    instant("submitted_at"),
    instant("effective_at"),  # NULL: as soon as it is approved
    sa.Column("digest", sa.LargeBinary(32)),  # of the files as they were submitted (deployments.content_hash)
    sa.Column("against", HexId, sa.ForeignKey("deployment.id")),  # in force when it was submitted
    sa.Column("approved_by", sa.Text),
    instant("approved_at"),
    sa.Column("submitted_seq", sa.Integer),  # of the command in stream `definitions` whose submission has the reason
    sa.Column("returned_seq", sa.Integer),  # likewise, of the last return
)

draft_file = sa.Table(
    "draft_file",
    metadata,
    sa.Column("draft_id", HexId, sa.ForeignKey("procedure_draft.id"), primary_key=True),
    sa.Column("path", sa.Text, primary_key=True),  # as in parser.parse, without what it calls
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),  # the draft's when this file was saved last: never used again
    sa.Column("saved_by", sa.Text, nullable=False),
    instant("saved_at", required=True),
    **COMPOSITE_KEY,
)

publication = sa.Table(
    "publication",
    metadata,
    sa.Column("deployment_id", HexId, sa.ForeignKey("deployment.id"), primary_key=True),
    sa.Column("author", sa.Text, nullable=False),  # who submitted it
    sa.Column("approver", sa.Text, nullable=False),
    instant("effective_at", required=True),
    sa.Column("submitted_seq", sa.Integer, nullable=False),  # see procedure_draft
    sa.Column("because", HexId, sa.ForeignKey("deployment.id")),  # a new version only because it calls this one
    **COMPOSITE_KEY,
)

option = sa.Table(
    "option",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),  # four_eyes
    sa.Column("value", Json, nullable=False),
    **COMPOSITE_KEY,
)
