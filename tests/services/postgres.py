"""A real PostgreSQL with a cluster of its own, on a free port of the loopback address."""

import os
import signal
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from tests.services.process import (
    NOBODY,
    ServiceError,
    free_port,
    hand_over,
    running,
    service_folder,
)

VERSIONS = Path("/usr/lib/postgresql")
OPTIONS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=60")


def _programs() -> Path:
    found = sorted(VERSIONS.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise ServiceError("PostgreSQL is not installed. Remedy: make services")
    return found[-1].parent


def _initialise(programs: Path, folder: Path) -> None:
    hand_over(folder)
    command = [programs / "initdb", "-D", folder / "data", "-U", "opis", "-A", "trust", "-N"]
    user = {"user": NOBODY, "group": NOBODY, "extra_groups": ()} if os.geteuid() == 0 else {}
    done = subprocess.run(
        [*command, "-E", "UTF8", "--locale=C.UTF-8"],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        **user,
    )
    if done.returncode:
        raise ServiceError(f"initdb failed:\n{done.stdout}{done.stderr}")


def _answers(url: URL) -> bool:
    engine = create_engine(url)
    try:
        engine.connect().close()
    except OperationalError:
        return False
    finally:
        engine.dispose()
    return True


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The SQLAlchemy URL of a real PostgreSQL server's database `postgres`."""
    given = os.environ.get("OPIS_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    programs, port = _programs(), free_port()
    url = URL.create("postgresql+psycopg", "opis", None, "127.0.0.1", port, "postgres")
    with service_folder("postgres") as folder:
        _initialise(programs, folder)
        settings = (
            f"port={port}",
            f"unix_socket_directories={folder}",
            "listen_addresses=127.0.0.1",
        )
        command = [str(programs / "postgres"), "-D", str(folder / "data")]
        for setting in (*settings, *OPTIONS):
            command += ["-c", setting]
        with running(
            "PostgreSQL",
            command,
            lambda: _answers(url),
            folder / "server.log",
            how=signal.SIGINT,
            unprivileged=True,
            seconds=60,
        ):
            yield url.render_as_string(hide_password=False)


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """The SQLAlchemy URL of an empty database of the test's own, dropped after it."""
    name = f"opis_test_{uuid.uuid4().hex[:8]}"
    engine = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()
