"""Two machines that share storage and services only; one loses its power, the server restarts.

All 40 binders are of two cheap pages, so that what is tried is their way and not their reading.
"""

import json
import re
import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine, text

from benchmarks.scale.drops import drop
from benchmarks.scale.hosts import Host, host, settings_of, wait_for
from tests.flows.opis_command import Place
from tests.flows.prefect_server import POOL, OwnServer, Server, prefect
from tests.services.prefect import _environment
from tests.services.process import service_folder

pytestmark = [pytest.mark.slow, pytest.mark.services, pytest.mark.timeout(900)]
BINDERS = 40
PAGES = 2
PREFECT = (sys.executable, "-m", "prefect")
QUICK = {
    "OPIS_LEASE_SECONDS": "6",
    "OPIS_LEASE_RENEWAL_SECONDS": "1",
    "OPIS_HOLDER_SECONDS": "6",
    "OPIS_RESCAN_SECONDS": "1",
    "OPIS_STABILITY_SECONDS": "1",
    "OPIS_WORKING_HOURS": "",
    "PREFECT_WORKER_QUERY_SECONDS": "2",
}


@pytest.fixture
def own_prefect(postgres_database: str) -> Iterator[OwnServer]:
    """A Prefect server on PostgreSQL, with Opis deployed."""
    name = f"prefect_{uuid.uuid4().hex[:8]}"
    engine = create_engine(postgres_database, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = postgres_database.replace("+psycopg", "+asyncpg").rpartition("/")[0] + f"/{name}"
    with service_folder("prefect") as folder:
        server = OwnServer(folder, url)
        try:
            server.start()
            deploy(server.server, folder / "deploy")
            yield server
        finally:
            server.stop()
            with engine.connect() as connection:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
            engine.dispose()


def deploy(server: Server, home: Path) -> None:
    """What the operator does once; the queues by call, as each command costs seconds."""
    server.post("work_pools/", {"name": POOL, "type": "process"})
    for priority, queue in enumerate(("urgent", "normal"), 1):
        server.post(f"work_pools/{POOL}/queues", {"name": queue, "priority": priority})
    prefect("deploy", "--all", env=_environment(home) | {"PREFECT_API_URL": server.url})


@pytest.fixture
def machines(
    own_prefect: OwnServer,
    postgres_database: str,
    elasticsearch_url: str,
    elasticsearch_prefix: str,
    tmp_path: Path,
) -> Iterator[tuple[Host, Host]]:
    """Two machines with their workers, at one archive."""
    archive = tmp_path / "storage" / "archive"
    shared = settings_of(archive, postgres_database, elasticsearch_url, elasticsearch_prefix)
    given = {**shared, **QUICK, "PREFECT_API_URL": own_prefect.server.url}
    with (
        host("masina-a", tmp_path / "a", given) as first,
        host("masina-b", tmp_path / "b", given) as second,
    ):
        for machine in (first, second):
            machine.work(PREFECT)
        yield first, second


def receipts(archive: Path) -> list[dict]:
    found = (archive / "stations/S2/receipts").glob("*.json")
    return [json.loads(path.read_bytes()) for path in found]


def done(archive: Path) -> int:
    return sum(one["state"] == "done" for one in receipts(archive))


def all_done_with(archive: Path) -> bool:
    """Whether nothing lies in the station's inbox or claimed any more."""
    station = archive / "stations/S2"
    claimed = (path.name for path in (station / "claimed").iterdir())
    return not any((station / "inbox").iterdir()) and all(n.startswith(".") for n in claimed)


def runs_of(machine: Host) -> set[str]:
    """Names of the runs that a machine's worker for `normal` started."""
    told = (machine.root / "normal.log").read_text()
    return set(re.findall(r"Flow run '([^']+)' submitted", told))


def taken_by(machine: Host, server: Server) -> int:
    """How many drops a machine took, by the logs of its runs in the server."""
    names = runs_of(machine)
    runs = [run["id"] for run in server.flow_runs("opis-take") if run["name"] in names]
    wanted = {"logs": {"flow_run_id": {"any_": runs}}, "sort": "TIMESTAMP_DESC"}
    lines = server.post("logs/filter", wanted) if runs else []
    return sum(line["message"].startswith("preluat") for line in lines)


def indexed_by_unit(url: str, prefix: str) -> dict[str, int]:
    """Pages of each unit in all of the archive's indices, each document counted."""
    httpx.post(f"{url}/{prefix}*/_refresh", trust_env=False)
    body = {"size": 1000, "_source": ["unit"]}
    answer = httpx.post(f"{url}/{prefix}*/_search", json=body, trust_env=False, timeout=60).json()
    return Counter(hit["_source"]["unit"] for hit in answer["hits"]["hits"])


def test_two_machines_share_the_work_and_survive_what_happens(
    machines, own_prefect, elasticsearch_url, elasticsearch_prefix
):
    first = machines[0]
    archive = Path(first.given["OPIS_ARCHIVE"])
    inbox = archive / "stations/S2/inbox"
    for number in range(BINDERS):
        drop(inbox, number, PAGES)
    server = own_prefect.server
    assert wait_for(lambda: done(archive) >= BINDERS // 3, 240)
    assert wait_for(lambda: all(taken_by(machine, server) for machine in machines), 240)
    first.kill()
    assert done(archive) < BINDERS
    own_prefect.stop()
    own_prefect.start()
    assert wait_for(lambda: done(archive) == BINDERS, 400)
    assert wait_for(lambda: all_done_with(archive), 60)

    told = receipts(archive)
    units = {one["unit"] for one in told}
    assert len(units) == len(told) == BINDERS
    assert indexed_by_unit(elasticsearch_url, elasticsearch_prefix) == dict.fromkeys(units, PAGES)
    place = Place(archive.parent, {**first.given, "OPIS_STATIONS": ""})
    status = place.run("status", "--json").json
    assert (status["units"], status["published"], status["reconciled"]) == (BINDERS, BINDERS, True)
    assert status["pages"]["scanned"] == BINDERS * PAGES
    verified = place.run("verify", "--json")
    assert (verified.code, verified.json["failed"]) == (0, [])
