"""Brings a ledger's schema to a revision with Alembic; loaded only when that is needed."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

from pipeline.ledger.engine import one_writer, transaction
from pipeline.ledger.tables import REVISION

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration without a file; migrations run on the connection given."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def upgrade(engine: Engine, revision: str = REVISION) -> None:
    """All migrations up to a revision, in one transaction; two processes at once do it once."""
    with transaction(engine, write=True) as connection:
        one_writer(connection, "schema")
        command.upgrade(configuration(connection), revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    """All migrations back to a revision, in one transaction."""
    with transaction(engine, write=True) as connection:
        one_writer(connection, "schema")
        command.downgrade(configuration(connection), revision)
