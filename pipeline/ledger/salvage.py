"""A damaged SQLite ledger: put aside, and what can still be read of it copied."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, MetaData, Table, insert
from sqlalchemy.exc import DBAPIError

from pipeline.ledger.engine import ledger_file, ledger_url
from schemas.durable import sync_folder
from schemas.errors import InputError
from schemas.settings import Settings

_OF_UNITS = frozenset({"units", "steps", "quarantine", "leases"})
_FEED = frozenset({"changes", "change_feed"})
"""A feed with gaps would leave mirrors wrong: a new one, by another name, is filled instead."""
_NOT_COPIED = _OF_UNITS | _FEED | {"alembic_version"}


def move_aside(settings: Settings) -> Path:
    """Give the ledger's file another name; raises InputError ledger-damaged on PostgreSQL."""
    file = ledger_file(ledger_url(settings))
    if file is None:
        raise InputError("ledger-damaged", settings.ledger_url, why="PostgreSQL")
    number = 1
    while (aside := file.with_name(f"{file.name}.damaged-{number}")).exists():
        number += 1
    for ending in ("-wal", "-shm", ""):
        part = file.with_name(file.name + ending)
        if part.exists():
            part.replace(aside.with_name(aside.name + ending))
    sync_folder(file.parent)
    return aside


def salvage(connection: Connection, damaged: Path) -> int:
    """Copy the tables that no unit holds, row by row as far as they can be read; returns how many."""
    tables, copied = MetaData(), 0
    tables.reflect(connection)
    with closing(sqlite3.connect(f"file:{quote(str(damaged))}?mode=ro", uri=True)) as source:
        source.row_factory = sqlite3.Row
        for table in tables.sorted_tables:
            if table.name not in _NOT_COPIED:
                copied += _copy(source, connection, table)
    return copied


def _copy(source: sqlite3.Connection, connection: Connection, table: Table) -> int:
    copied = 0
    with suppress(sqlite3.Error):
        for row in source.execute(f'SELECT * FROM "{table.name}" ORDER BY rowid'):  # noqa: S608 a name of ours
            values = {name: row[name] for name in row.keys() if name in table.c}  # noqa: SIM118 a Row iterates over values
            with suppress(DBAPIError), connection.begin_nested():
                connection.execute(insert(table).values(values))
                copied += 1
    return copied
