"""Tables of accounts, sessions, keys and the audit chain: what no unit holds.

Expiry and throttling are counted in seconds since 1970 (integers); lists are JSON arrays.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from pipeline.ledger.tables import metadata

accounts = Table(
    "accounts",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("name", Text, nullable=False, unique=True),
    Column("password", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("institutions", Text, nullable=False),
    Column("departments", Text, nullable=False),
    Column("stations", Text, nullable=False),
    Column("active", Integer, nullable=False),
    Column("created", Text, nullable=False),
    Column("changed", Text, nullable=False),
    sqlite_autoincrement=True,
)
"""Local accounts; `password` is an argon2id hash."""

sessions = Table(
    "sessions",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("account", Integer, ForeignKey("accounts.seq", ondelete="CASCADE")),
    Column("caller", Text, nullable=False),
    Column("started", Integer, nullable=False),
    Column("seen", Integer, nullable=False),
    Column("ends", Integer, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("purpose_ends", Integer, nullable=False),
    Index("sessions_by_account", "account"),
)
"""Who is signed in: `digest` is SHA-256 of the token; `caller` is told by an identity provider and
empty for an account of ours."""

api_keys = Table(
    "api_keys",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("institutions", Text, nullable=False),
    Column("departments", Text, nullable=False),
    Column("stations", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("created", Text, nullable=False),
    Column("ends", Integer, nullable=False),
    Column("revoked", Text, nullable=False),
    Column("used", Text, nullable=False),
    sqlite_autoincrement=True,
)
"""Keys of machines: `digest` is SHA-256 of the secret part; `ends` 0 is without end."""

attempts = Table(
    "attempts",
    metadata,
    Column("key", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("until", Integer, nullable=False),
)
"""Wrong passwords by name, address and device, all hashed; nothing is answered before `until`. Of an address
from which a name's owner signed in `until` is how long that is known, with no failures."""

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("state", Text, primary_key=True),
    Column("nonce", Text, nullable=False),
    Column("verifier", Text, nullable=False),
    Column("back", Text, nullable=False),
    Column("ends", Integer, nullable=False),
)
"""Sign-ins begun at an identity provider and not yet come back; `state` is hashed."""

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("time", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Index("audit_by_time", "time"),
)
"""The chain: `seq` without gaps, each row holding the digest of the one before."""
