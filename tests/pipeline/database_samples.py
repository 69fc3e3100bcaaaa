"""A ledger that many tests share, on each database; what a test does to it does not last."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, make_url, text

from pipeline.ledger import Ledger, open_ledger
from schemas.settings import Settings

DATABASES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.services))


class UndoneError(Exception):
    """What was done to the database is not to last."""


@contextmanager
def shared_ledger(
    request: pytest.FixtureRequest, folder: Path
) -> Iterator[tuple[Ledger, Settings]]:
    """A ledger on the database of the fixture's parameter."""
    url = ""
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_url")
        name = f"opis_shared_{uuid.uuid4().hex[:8]}"
        engine = create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        url = make_url(server).set(database=name).render_as_string(hide_password=False)
    settings = Settings(archive=folder / "archive", ledger_url=url)
    with open_ledger(settings) as ledger:
        yield ledger, settings


@contextmanager
def undone(ledger: Ledger) -> Iterator[Connection]:
    """A writing transaction that leaves nothing."""
    with suppress(UndoneError), ledger.writing() as connection:
        yield connection
        raise UndoneError
