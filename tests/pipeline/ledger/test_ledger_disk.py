"""What SQLite calls an I/O error is told by the cause the system names."""

import os
import sqlite3

import pytest
from sqlalchemy.exc import OperationalError

from pipeline.ledger.engine import ledger_url, make_engine, transaction
from schemas.errors import InputError
from schemas.settings import Settings


def refused(name):
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = name
    raise OperationalError("INSERT", {}, error)


@pytest.mark.parametrize(("number", "code"), [(28, "disk-full"), (30, "archive-unusable")])
@pytest.mark.parametrize("name", ["SQLITE_IOERR_FSYNC", "SQLITE_IOERR_WRITE"])
def test_what_reaches_the_disk_only_at_fsync_is_named(tmp_path, monkeypatch, number, code, name):
    engine = make_engine(ledger_url(Settings(archive=tmp_path)))

    def full(_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError) as told, transaction(engine, write=False):
        refused(name)
    assert told.value.code == code
    assert "ledger.db" in str(told.value)


def test_an_error_that_a_write_beside_it_does_not_meet_keeps_the_words_of_sqlite(tmp_path):
    engine = make_engine(ledger_url(Settings(archive=tmp_path)))
    with pytest.raises(InputError) as told, transaction(engine, write=False):
        refused("SQLITE_IOERR_READ")
    assert told.value.code == "archive-unusable"
    assert told.value.detail == {"why": "disk I/O error"}
