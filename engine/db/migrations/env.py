"""Alembic's entry: the caller brings the connection and owns the transaction."""

from alembic import context

from engine.db.models import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, transaction_per_migration=False
)
context.run_migrations()
