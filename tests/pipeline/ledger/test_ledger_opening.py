"""A ledger is opened quickly, and what stands in the way is named."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from pipeline.accounts.tables import accounts
from pipeline.ledger import open_ledger
from pipeline.ledger.engine import ledger_url, make_engine, transaction
from pipeline.ledger.tables import REVISION, metadata
from pipeline.ledger.upgrade import configuration, downgrade, upgrade
from pipeline.portal.tables import changes
from schemas.errors import InputError, OpisError, ServiceError, UsageError
from schemas.settings import Settings
from tests.pipeline.unit_samples import IN_DOCUMENTS, make_unit, publish

ROOT = Path(__file__).resolve().parents[3]


def code_of(call) -> str:
    with pytest.raises(OpisError) as caught:
        call()
    return caught.value.code


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(archive=tmp_path / "arhivă cu spații")


def test_migrations_make_the_tables_that_the_program_uses(ledger_settings):
    engine = make_engine(ledger_url(ledger_settings))
    ledger_settings.archive.mkdir()
    upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert accounts.metadata is changes.metadata is metadata
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == REVISION
    engine.dispose()


def test_migrations_go_down_and_up_again(ledger_settings):
    open_ledger(ledger_settings).close()
    engine = make_engine(ledger_url(ledger_settings))
    downgrade(engine)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    engine.dispose()
    with open_ledger(ledger_settings) as ledger:
        assert ledger.units() == ()


def test_leases_come_and_go_with_their_migration(ledger_settings):
    with open_ledger(ledger_settings) as ledger:
        unit, _ = ledger.claim_unit("k", "n", "s", "f")
    engine = make_engine(ledger_url(ledger_settings))
    downgrade(engine, "0001")
    assert "leases" not in inspect(engine).get_table_names()
    upgrade(engine, "0002")
    assert "leases" in inspect(engine).get_table_names()
    engine.dispose()
    with open_ledger(ledger_settings) as ledger:
        assert ledger.units() == (unit,)
        with ledger.unit_lock(unit.id):
            pass


def test_an_upgrade_cut_short_leaves_nothing(ledger_settings):
    ledger_settings.archive.mkdir()
    engine = make_engine(ledger_url(ledger_settings))
    with transaction(engine, write=True) as connection:
        connection.execute(text("CREATE TABLE quarantine (x TEXT)"))
    with pytest.raises(Exception, match=r"already exists|ledger-damaged"):
        upgrade(engine)
    assert inspect(engine).get_table_names() == ["quarantine"]
    engine.dispose()


def test_the_program_knows_the_newest_migration():
    assert ScriptDirectory.from_config(configuration()).get_current_head() == REVISION


def test_a_current_ledger_is_opened_without_alembic(settings):
    open_ledger(settings).close()
    program = (
        "import sys; from pathlib import Path; from schemas.settings import Settings;"
        "from pipeline.ledger import open_ledger;"
        "print(open_ledger(Settings(archive=Path(sys.argv[1]))).counts().units);"
        "print(sorted({'alembic', 'pyarrow', 'numpy', 'cv2', 'pikepdf'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, settings.archive],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert done.stdout.split("\n") == ["{}", "[]", ""]


def test_sqlite_is_set_for_durability(settings):
    with open_ledger(settings) as ledger, ledger.reading() as connection:
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        values = [connection.scalar(text(f"PRAGMA {name}")) for name in pragmas]
    assert values == ["wal", 2, 1, 30000]


def test_no_archive_yet(settings):
    assert code_of(lambda: open_ledger(settings, create=False)) == "archive-missing"
    assert not settings.archive.exists()


@pytest.mark.services
def test_no_archive_yet_in_an_empty_database(postgres_database, tmp_path):
    settings = Settings(archive=tmp_path, ledger_url=postgres_database)
    assert code_of(lambda: open_ledger(settings, create=False)) == "archive-missing"


def test_a_newer_ledger_is_left_alone(ledger_settings):
    with open_ledger(ledger_settings) as ledger, ledger.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert code_of(lambda: open_ledger(ledger_settings)) == "ledger-newer"


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\0" * 400])
def test_a_damaged_ledger_is_named(settings, content):
    open_ledger(settings).close()
    settings.layout.ledger.write_bytes(content)
    assert code_of(lambda: open_ledger(settings)) == "ledger-damaged"
    assert settings.layout.ledger.read_bytes() == content


def test_damage_inside_is_named_when_met(settings):
    with open_ledger(settings) as ledger:
        for n in range(400):
            ledger.claim_unit(f"key {n}", "n" * 100, "s", "f")
    data = bytearray(settings.layout.ledger.read_bytes())
    half = len(data) // 2
    data[half:] = bytes(byte ^ 0x5A for byte in data[half:])
    settings.layout.ledger.write_bytes(data)
    with open_ledger(settings) as ledger:
        assert code_of(ledger.units) == "ledger-damaged"


@pytest.mark.parametrize("create", [True, False])
@pytest.mark.parametrize("emptied", [True, False])
def test_units_without_their_ledger_are_not_taken_in_again(settings, create, emptied):
    open_ledger(settings).close()
    publish(settings, make_unit([list(IN_DOCUMENTS)]))
    for name in ("ledger.db", "ledger.db-wal", "ledger.db-shm"):
        (settings.archive / name).unlink(missing_ok=True)
    if emptied:
        settings.layout.ledger.touch()
    assert code_of(lambda: open_ledger(settings, create=create)) == "ledger-lost"


def test_waiting_for_a_lock_ends(settings):
    with open_ledger(settings) as ledger, ledger.writing():
        engine = make_engine(ledger_url(settings), busy_seconds=0.2)

        def write() -> None:
            with transaction(engine, write=True):
                pass

        assert code_of(write) == "ledger-busy"
        engine.dispose()


@pytest.mark.services
def test_waiting_for_a_lock_ends_on_postgresql(postgres_database, tmp_path):
    settings = Settings(archive=tmp_path, ledger_url=postgres_database)
    query = text("LOCK TABLE units IN ACCESS EXCLUSIVE MODE")
    with open_ledger(settings) as ledger, ledger.writing() as connection:
        connection.execute(query)
        engine = make_engine(ledger_url(settings), busy_seconds=0.2)

        def write() -> None:
            with transaction(engine, write=True) as other:
                other.execute(query)

        assert code_of(write) == "ledger-busy"
        engine.dispose()


def test_readers_do_not_wait_for_a_writer(ledger_settings):
    with open_ledger(ledger_settings) as ledger, ledger.writing() as connection:
        connection.execute(text("DELETE FROM units"))
        with open_ledger(ledger_settings, create=False) as reader:
            assert reader.counts().units == {}


def test_postgresql_that_does_not_answer_is_named(tmp_path, free_port):
    url = f"postgresql://opis:secret@127.0.0.1:{free_port}/opis"
    with pytest.raises(ServiceError) as caught:
        open_ledger(Settings(archive=tmp_path, ledger_url=url))
    assert (caught.value.code, caught.value.file) == ("ledger-unreachable", "127.0.0.1/opis")
    assert "secret" not in str(caught.value.detail)


@pytest.mark.services
def test_postgresql_ended_during_work_is_named_and_back_again_is_used(postgres_database, tmp_path):
    settings = Settings(archive=tmp_path, ledger_url=postgres_database)
    end = text("SELECT pg_terminate_backend(pg_backend_pid())")
    with open_ledger(settings) as ledger:
        with pytest.raises(ServiceError) as caught, ledger.writing() as connection:
            connection.execute(end)
        assert caught.value.code == "ledger-unreachable"
        assert ledger.claim_unit("k", "n", "s", "f")[1]


@pytest.mark.parametrize(
    "url", ["mysql://a/b", "nonsense", "sqlite://", "sqlite:///:memory:", "postgresql+pg8000://a/b"]
)
def test_other_databases_are_refused(tmp_path, url):
    with pytest.raises(UsageError) as caught:
        open_ledger(Settings(archive=tmp_path, ledger_url=url))
    assert (caught.value.code, caught.value.file) == ("setting-invalid", "ledger_url")


def test_sqlite_elsewhere(tmp_path):
    file = tmp_path / "other" / "l.db"
    with open_ledger(Settings(archive=tmp_path / "a", ledger_url=f"sqlite:///{file}")) as ledger:
        ledger.claim_unit("k", "n", "s", "f")
    assert file.exists()
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("place", ["file", "folder"])
def test_an_archive_that_cannot_be_made(tmp_path, place):
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder" / "ledger.db").mkdir(parents=True)
    settings = Settings(archive=tmp_path / place if place == "folder" else tmp_path / "file" / "a")
    with pytest.raises(InputError) as caught:
        open_ledger(settings)
    assert caught.value.code == "archive-unusable"
    assert os.path.lexists(tmp_path / "file")


CROWDED = """
import os, resource, sys
from pathlib import Path
from pipeline.ledger import open_ledger
from schemas.errors import OpisError
from schemas.settings import Settings
settings = Settings(archive=Path(sys.argv[1]))
open_ledger(settings).close()
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
try:
    while True:
        os.dup(0)
except OSError:
    pass
try:
    open_ledger(settings)
except OpisError as error:
    print(error.code)
"""


def test_too_many_open_files_are_named_as_that(tmp_path):
    command = [sys.executable, "-c", CROWDED, str(tmp_path / "a")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.stdout == "too-many-files\n", done.stderr
