"""Leases: who works on a unit, by a number that only grows."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    texts = (sa.Column(name, sa.Text, nullable=False) for name in ("holder", "machine", "process"))
    op.create_table(
        "leases",
        sa.Column("token", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("unit", sa.Text, sa.ForeignKey("units.id", ondelete="CASCADE"), nullable=False),
        *texts,
        sa.Column("beat", sa.Integer, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.UniqueConstraint("unit", name="leases_unit_key"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("leases")
