"""A real PostgreSQL with a cluster of its own, on a free port of the loopback address."""

import os
import signal
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
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


def _serving(folder: Path, url: URL) -> AbstractContextManager[object]:
    """A server on an initialised folder, at the URL's port."""
    settings = (
        f"port={url.port}",
        f"unix_socket_directories={folder}",
        "listen_addresses=127.0.0.1",
    )
    command = [str(_programs() / "postgres"), "-D", str(folder / "data")]
    for setting in (*settings, *OPTIONS):
        command += ["-c", setting]
    return running(
        "PostgreSQL",
        command,
        lambda: _answers(url),
        folder / "server.log",
        how=signal.SIGINT,
        unprivileged=True,
        seconds=60,
    )


def _url(port: int) -> URL:
    return URL.create("postgresql+psycopg", "opis", None, "127.0.0.1", port, "postgres")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The SQLAlchemy URL of a real PostgreSQL server's database `postgres`."""
    given = os.environ.get("OPIS_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    url = _url(free_port())
    with service_folder("postgres") as folder:
        _initialise(_programs(), folder)
        with _serving(folder, url):
            yield url.render_as_string(hide_password=False)


class OwnServer:
    """A PostgreSQL server of one test, to be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        _initialise(_programs(), folder)
        self._folder = folder
        self._url = _url(free_port())
        self._running = ExitStack()
        self.url = self._url.render_as_string(hide_password=False)

    def start(self) -> None:
        self._running.enter_context(_serving(self._folder, self._url))

    def stop(self) -> None:
        self._running.close()


@pytest.fixture
def own_postgres() -> Iterator[OwnServer]:
    """A running server that nobody else uses."""
    with service_folder("postgres") as folder:
        server = OwnServer(folder)
        server.start()
        try:
            yield server
        finally:
            server.stop()


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
