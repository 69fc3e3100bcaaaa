"""Accounts, sessions, keys, sign-ins and the audit chain."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_BOUNDS = ("role", "institutions", "departments", "stations")


def _texts(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.Text, nullable=False) for name in names)


def _numbers(*names: str) -> tuple[sa.Column[int], ...]:
    return tuple(sa.Column(name, sa.Integer, nullable=False) for name in names)


def _seq() -> sa.Column[int]:
    return sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True)


def _accounts() -> None:
    op.create_table(
        "accounts",
        _seq(),
        *_texts("name", "password", *_BOUNDS),
        *_numbers("active"),
        *_texts("created", "changed"),
        sa.UniqueConstraint("name", name="accounts_name_key"),
        sqlite_autoincrement=True,
    )


def _sessions() -> None:
    owner = sa.ForeignKey("accounts.seq", ondelete="CASCADE")
    op.create_table(
        "sessions",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("account", sa.Integer, owner),
        *_texts("caller"),
        *_numbers("started", "seen", "ends"),
        *_texts("purpose"),
        *_numbers("purpose_ends"),
    )
    op.create_index("sessions_by_account", "sessions", ["account"])


def _keys() -> None:
    op.create_table(
        "api_keys",
        _seq(),
        *_texts("id", "name", "digest", *_BOUNDS, "scopes", "created"),
        *_numbers("ends"),
        *_texts("revoked", "used"),
        sa.UniqueConstraint("id", name="api_keys_id_key"),
        sqlite_autoincrement=True,
    )


def _signing_in() -> None:
    op.create_table(
        "attempts",
        sa.Column("key", sa.Text, primary_key=True),
        *_numbers("failures", "until"),
    )
    op.create_table(
        "sign_ins",
        sa.Column("state", sa.Text, primary_key=True),
        *_texts("nonce", "verifier", "back"),
        *_numbers("ends"),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        *_texts("time", "actor", "role", "action", "subject", "purpose", "previous", "digest"),
    )
    op.create_index("audit_by_time", "audit", ["time"])


def upgrade() -> None:
    _accounts()
    _sessions()
    _keys()
    _signing_in()
    _audit()


def downgrade() -> None:
    for table in ("audit", "sign_ins", "attempts", "api_keys", "sessions", "accounts"):
        op.drop_table(table)
