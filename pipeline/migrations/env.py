"""Alembic's environment: migrations run in the transaction of the connection they are given.

`pipeline.ledger.upgrade` gives it; there is no alembic.ini and no other way in.
"""

from alembic import context

from pipeline.ledger.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
