"""The ledger's tables. Order comes from `seq`, never from a clock; times are ISO 8601 UTC text."""

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

REVISION = "0005"
"""The newest migration: a ledger at this revision is opened without loading Alembic."""

metadata = MetaData()

units = Table(
    "units",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("content_key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("station", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("scanned", Integer, nullable=False),
    Column("created", Text, nullable=False),
    Column("updated", Text, nullable=False),
    sqlite_autoincrement=True,
)

steps = Table(
    "steps",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("unit", Text, ForeignKey("units.id", ondelete="CASCADE"), nullable=False),
    Column("page", Integer, nullable=False),
    Column("stage", Text, nullable=False),
    Column("inputs", Text, nullable=False),
    Column("parameters", Text, nullable=False),
    Column("state", Text),
    Column("result", Text, nullable=False),
    UniqueConstraint("unit", "stage", "page", name="steps_once"),
    Index("steps_by_state", "stage", "state"),
    sqlite_autoincrement=True,
)

batches = Table(
    "batches",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("year", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("started", Text, nullable=False),
    Column("ended", Text),
    Column("state", Text, nullable=False),
    UniqueConstraint("year", "number", name="batches_numbered_once"),
    sqlite_autoincrement=True,
)

batch_sources = Table(
    "batch_sources",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("batch", Text, ForeignKey("batches.id", ondelete="CASCADE"), nullable=False),
    Column("file", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("unit", Text),
    Index("batch_sources_by_batch", "batch"),
    sqlite_autoincrement=True,
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("remedy", Text, nullable=False),
    Column("station", Text, nullable=False),
    Column("received", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("stored", Text, nullable=False),
    UniqueConstraint("station", "id", name="quarantine_once"),
    sqlite_autoincrement=True,
)

leases = Table(
    "leases",
    metadata,
    Column("token", Integer, primary_key=True, autoincrement=True),
    Column("unit", Text, ForeignKey("units.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("holder", Text, nullable=False),
    Column("machine", Text, nullable=False),
    Column("process", Text, nullable=False),
    Column("beat", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
    sqlite_autoincrement=True,
)
"""Who works on a unit; `token` is never given twice, so a later lease has a higher one."""
