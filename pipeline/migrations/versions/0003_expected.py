"""The units that inventories list."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    names = ("key", "reference", "fond", "inventar", "cota", "an")
    op.create_table(
        "expected",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in names),
        sa.Column("leaves", sa.Integer),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("title", "source")),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("listed", sa.Text, nullable=False),
        sa.UniqueConstraint("key", name="expected_key_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("expected_by_reference", "expected", ["reference"])


def downgrade() -> None:
    op.drop_table("expected")
