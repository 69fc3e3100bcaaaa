"""Tables of what the portal needs: the feed of changes, requests, saved searches. Dates are ISO 8601."""

from sqlalchemy import Column, Index, Integer, Table, Text, UniqueConstraint

from pipeline.ledger.tables import metadata

change_feed = Table("change_feed", metadata, Column("id", Text, primary_key=True))
"""One row: the feed's name, made with the table, so that a cursor of another feed is known as such."""

changes = Table(
    "changes",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("document", Text, nullable=False, unique=True),
    Column("unit", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("noted", Text, nullable=False),
    Index("changes_by_unit", "unit"),
    sqlite_autoincrement=True,
)
"""The newest change of each document that ever was public; a withdrawn one's `sha256` is empty."""

requests = Table(
    "requests",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("number", Text, nullable=False, unique=True),
    Column("year", Integer, nullable=False),
    Column("n", Integer, nullable=False),
    Column("secret", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("received", Text, nullable=False),
    Column("due", Text, nullable=False),
    Column("extended", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("assigned", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("answered", Text, nullable=False),
    UniqueConstraint("year", "n", name="requests_numbered_once"),
    Index("requests_by_due", "due"),
    sqlite_autoincrement=True,
)
"""Requests under Law 544/2001; `secret` is SHA-256 of the asker's, empty once all is erased."""

saved_searches = Table(
    "saved_searches",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("account", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("filters", Text, nullable=False),
    Column("created", Text, nullable=False),
    Index("saved_searches_by_account", "account"),
    sqlite_autoincrement=True,
)
"""Searches that accounts keep; `filters` is a JSON object."""
