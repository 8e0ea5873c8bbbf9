"""Runs the migrations on the connection it is given; called by Alembic."""

from __future__ import annotations

from alembic import context

from desktop.engine.store.tables.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a column by copying its table
    transactional_ddl=False,  # the caller owns the one transaction
)
context.run_migrations()
