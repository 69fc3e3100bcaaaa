"""The feed of public changes, requests for information, saved searches."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _seq() -> sa.Column[int]:
    return sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True)


def _texts(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.Text, nullable=False) for name in names)


def _numbers(*names: str) -> tuple[sa.Column[int], ...]:
    return tuple(sa.Column(name, sa.Integer, nullable=False) for name in names)


def _changes() -> None:
    feed = op.create_table("change_feed", sa.Column("id", sa.Text, primary_key=True))
    op.bulk_insert(feed, [{"id": secrets.token_hex(6)}])
    op.create_table(
        "changes",
        _seq(),
        *_texts("document", "unit", "kind", "sha256", "version", "noted"),
        sa.UniqueConstraint("document", name="changes_document_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("changes_by_unit", "changes", ["unit"])


def _requests() -> None:
    op.create_table(
        "requests",
        _seq(),
        *_texts("number"),
        *_numbers("year", "n"),
        *_texts("secret", "state", "received", "due"),
        *_numbers("extended"),
        *_texts("text", "name", "contact", "document", "assigned", "outcome"),
        *_texts("answer", "answered"),
        sa.UniqueConstraint("number", name="requests_number_key"),
        sa.UniqueConstraint("year", "n", name="requests_numbered_once"),
        sqlite_autoincrement=True,
    )
    op.create_index("requests_by_due", "requests", ["due"])


def _saved_searches() -> None:
    op.create_table(
        "saved_searches",
        _seq(),
        *_texts("id", "account", "name", "query", "filters", "created"),
        sa.UniqueConstraint("id", name="saved_searches_id_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("saved_searches_by_account", "saved_searches", ["account"])


def upgrade() -> None:
    _changes()
    _requests()
    _saved_searches()


def downgrade() -> None:
    for table in ("saved_searches", "requests", "changes", "change_feed"):
        op.drop_table(table)
