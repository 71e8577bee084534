"""Runs migrations on the connection that ``store.migrate`` hands over; there is no configuration file."""

from alembic import context

from store.tables import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, transaction_per_migration=False)
with context.begin_transaction():
    context.run_migrations()
