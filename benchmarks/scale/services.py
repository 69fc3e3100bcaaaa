"""The services that machines share, started for a measurement, with the CPU that they use."""

import importlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # the package has no types

from benchmarks.scale.hosts import cpu_of, settings_of


@dataclass(frozen=True, slots=True)
class Services:
    """URLs of PostgreSQL's maintenance database and of Elasticsearch."""

    postgres: str
    elasticsearch: str

    def cpu_seconds(self) -> dict[str, float]:
        """CPU seconds that each used so far, with its ended children."""
        told = {"postgresql": 0.0, "elasticsearch": 0.0}
        for child in psutil.Process().children():
            words = " ".join(child.cmdline())
            for name, sign in (("postgresql", "postgres"), ("elasticsearch", "elasticsearch")):
                if sign in words and "unshare" not in words:
                    told[name] += cpu_of(child.pid)
        return told

    def archive(self, folder: Path) -> dict[str, str]:
        """Settings of a new archive with a database and indices of its own."""
        name = f"opis_{uuid.uuid4().hex[:10]}"
        sqlalchemy = importlib.import_module("sqlalchemy")
        engine = sqlalchemy.create_engine(self.postgres, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(sqlalchemy.text(f"CREATE DATABASE {name}"))
        engine.dispose()
        ledger = self.postgres.rpartition("/")[0] + f"/{name}"
        return settings_of(folder / "archive", ledger, self.elasticsearch, name.replace("_", "-"))


@contextmanager
def services() -> Iterator[Services]:
    """A PostgreSQL and an Elasticsearch that run as long as the block."""
    databases = importlib.import_module("tests.services.postgres")
    folders = importlib.import_module("tests.services.process")
    indices = importlib.import_module("tests.services.elasticsearch")
    with folders.service_folder("postgres") as folder, indices.served_elasticsearch() as search:
        server = databases.OwnServer(folder)
        server.start()
        try:
            yield Services(server.url, search)
        finally:
            server.stop()
