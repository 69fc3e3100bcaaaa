"""Units, steps, batches and the mirror of the quarantine."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _seq() -> sa.Column[int]:
    return sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True)


def _texts(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.Text, nullable=False) for name in names)


def _units() -> None:
    op.create_table(
        "units",
        _seq(),
        *_texts("id", "content_key", "name", "station", "source", "state"),
        sa.Column("scanned", sa.Integer, nullable=False),
        *_texts("created", "updated"),
        sa.UniqueConstraint("id", name="units_id_key"),
        sa.UniqueConstraint("content_key", name="units_content_key_key"),
        sqlite_autoincrement=True,
    )


def _steps() -> None:
    op.create_table(
        "steps",
        _seq(),
        sa.Column("unit", sa.Text, sa.ForeignKey("units.id", ondelete="CASCADE"), nullable=False),
        sa.Column("page", sa.Integer, nullable=False),
        *_texts("stage", "inputs", "parameters"),
        sa.Column("state", sa.Text),
        *_texts("result"),
        sa.UniqueConstraint("unit", "stage", "page", name="steps_once"),
        sqlite_autoincrement=True,
    )
    op.create_index("steps_by_state", "steps", ["stage", "state"])


def _batches() -> None:
    op.create_table(
        "batches",
        _seq(),
        *_texts("id"),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        *_texts("started"),
        sa.Column("ended", sa.Text),
        *_texts("state"),
        sa.UniqueConstraint("id", name="batches_id_key"),
        sa.UniqueConstraint("year", "number", name="batches_numbered_once"),
        sqlite_autoincrement=True,
    )


def _batch_sources() -> None:
    owner = sa.ForeignKey("batches.id", ondelete="CASCADE")
    op.create_table(
        "batch_sources",
        _seq(),
        sa.Column("batch", sa.Text, owner, nullable=False),
        *_texts("file", "outcome"),
        sa.Column("unit", sa.Text),
        sqlite_autoincrement=True,
    )
    op.create_index("batch_sources_by_batch", "batch_sources", ["batch"])


def _quarantine() -> None:
    op.create_table(
        "quarantine",
        _seq(),
        *_texts("id", "file", "code", "reason", "remedy", "station", "received"),
        *_texts("sha256", "stored"),
        sa.UniqueConstraint("station", "id", name="quarantine_once"),
        sqlite_autoincrement=True,
    )


def upgrade() -> None:
    _units()
    _steps()
    _batches()
    _batch_sources()
    _quarantine()


def downgrade() -> None:
    for table in ("quarantine", "batch_sources", "batches", "steps", "units"):
        op.drop_table(table)
