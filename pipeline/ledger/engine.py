"""Connections to the ledger's database, and its errors in our own words."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from time import monotonic, sleep

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from schemas.errors import InputError, OpisError, ServiceError, UsageError, of_system
from schemas.settings import Settings

BUSY_SECONDS = 30
CONNECT_SECONDS = 10
_PAUSE_SECONDS = 0.5
_SERVER = {
    "connect_timeout": CONNECT_SECONDS,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
_FROZEN_SECONDS = 60
"""A transaction in which nothing is asked for so long is ended by PostgreSQL."""
_WRITES = "opis_writes"
_PROBE = bytes(4096)
_PRAGMAS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
)
_STATES = {
    **dict.fromkeys(("55P03", "40P01", "40001"), "ledger-busy"),
    "53100": "disk-full",
    "25P03": "lease-lost",
}
"""What PostgreSQL's states mean here; whoever stood still in a transaction has been replaced."""


def ledger_url(settings: Settings) -> URL:
    """Where the ledger is; raises UsageError for a URL that is neither SQLite nor PostgreSQL."""
    if not settings.ledger_url:
        return URL.create("sqlite", database=str(settings.layout.ledger))
    try:
        url = make_url(settings.ledger_url)
    except ArgumentError as error:
        raise UsageError("setting-invalid", "ledger_url", value="…") from error
    names = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}
    url = url.set(drivername=names.get(url.drivername, url.drivername))
    in_memory = url.drivername == "sqlite" and url.database in {None, "", ":memory:"}
    if in_memory or url.drivername not in {"sqlite", "postgresql+psycopg"}:
        raise UsageError("setting-invalid", "ledger_url", value=url.drivername)
    return url


def ledger_file(url: URL) -> Path | None:
    """The SQLite file of a ledger, None on PostgreSQL."""
    return Path(url.database or "") if url.drivername == "sqlite" else None


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        _turn_on_wal(connection)


def _turn_on_wal(connection: sqlite3.Connection) -> None:
    """SQLite does not wait for other openers of a new file here by itself."""
    end = monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or monotonic() > end:
                raise
            sleep(0.05)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def make_engine(url: URL, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """An engine that waits so long for a lock; SQLite in WAL mode and fully synchronous."""
    try:
        if ledger_file(url) is None:
            frozen = f"-c idle_in_transaction_session_timeout={_FROZEN_SECONDS * 1000}"
            options = f"-c lock_timeout={round(busy_seconds * 1000)} {frozen}"
            arguments = {**_SERVER, "options": options}
            return create_engine(url, connect_args=arguments, pool_pre_ping=True)
        engine = create_engine(url, connect_args={"timeout": busy_seconds})
    except (ArgumentError, NoSuchModuleError) as error:
        raise UsageError("setting-invalid", "ledger_url", value=url.drivername) from error
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _sqlite_error(error: sqlite3.Error, name: str) -> OpisError:
    words = str(error).lower()
    if "locked" in words or "busy" in words:
        return InputError("ledger-busy", name)
    if "full" in words:
        return InputError("disk-full", name)
    unusable = getattr(error, "sqlite_errorname", "").startswith("SQLITE_IOERR")
    if unusable or "unable to open" in words or "readonly" in words:
        return _of_disk(name) or InputError("archive-unusable", name, why=error)
    return InputError("ledger-damaged", name, why=error)


def _of_disk(name: str) -> InputError | None:
    """What the system says of a small write brought to the disk: SQLite tells no error number."""
    try:
        with TemporaryFile(dir=Path(name).parent) as probe:
            probe.write(_PROBE)
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        error.filename = name
        return of_system(error)
    return None


def named_error(error: DBAPIError, url: URL) -> OpisError | None:
    """Our error for a database's, None where it is a defect of ours (a broken constraint)."""
    origin = error.orig
    if isinstance(origin, sqlite3.IntegrityError | sqlite3.ProgrammingError):
        return None
    if isinstance(origin, sqlite3.Error):
        return _sqlite_error(origin, str(url.database))
    where = f"{url.host or 'localhost'}/{url.database}"
    state = getattr(origin, "sqlstate", None) or ""
    if state in _STATES:
        return InputError(_STATES[state], where)
    if isinstance(error, OperationalError) or error.connection_invalidated:
        return ServiceError("ledger-unreachable", where, why=str(origin).strip())
    return None


def _connected(engine: Engine, patience: float) -> Connection:
    """A connection; a server that is being started again is waited for, so many seconds long."""
    end = monotonic() + patience
    while True:
        try:
            return engine.connect()
        except OperationalError:
            if engine.dialect.name == "sqlite" or monotonic() >= end:
                raise
            sleep(_PAUSE_SECONDS)


@contextmanager
def transaction(engine: Engine, *, write: bool, patience: float = 0) -> Iterator[Connection]:
    """One transaction: all of it is stored, or nothing; database errors by our names.

    `patience` (seconds) is how long a server that does not answer is waited for.
    """
    try:
        connected = _connected(engine.execution_options(**{_WRITES: write}), patience)
        with connected as connection, connection.begin():
            yield connection
    except DBAPIError as error:
        named = named_error(error, engine.url)
        if named is None:
            raise
        raise named from error


def one_writer(connection: Connection, name: str) -> None:
    """On PostgreSQL makes writers of one kind wait for each other until the transaction ends.

    On SQLite a writing transaction is alone already.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": f"opis {name}"}
        )
