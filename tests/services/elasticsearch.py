"""A real Elasticsearch, alone on a free port of the loopback address."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.services.process import answers, hand_over, installed, running, service_folder

CONFIG = """\
cluster.name: opis-tests
node.name: opis-tests
discovery.type: single-node
network.host: 127.0.0.1
http.port: 0
transport.port: 0
node.portsfile: true
path.data: {data}
path.logs: {folder}/logs
cluster.routing.allocation.disk.threshold_enabled: false
xpack.security.enabled: false
xpack.ml.enabled: false
xpack.inference.elastic.authorization.enabled: false
xpack.inference.elastic.periodic_authorization_enabled: false
"""
_GARBAGE_LIES = "indices.breaker.total.use_real_memory: false\n"
"""With the collector of a quick start: what nobody needs any more is no reason to refuse."""
JVM = """\
-Xms{heap_mb}m
-Xmx{heap_mb}m
{options}
-XX:-UsePerfData
-Djava.io.tmpdir=${{ES_TMPDIR}}
--patch-module=jdk.localedata={home}/localedata
"""

_LEAST_HEAP = 512
_QUICK_START = "-XX:+UseSerialGC\n-XX:TieredStopAtLevel=1"
_LASTING = "-XX:+UseG1GC\n-XX:G1ReservePercent=25\n-XX:InitiatingHeapOccupancyPercent=30"
"""As Elasticsearch sets it itself: its breaker looks at the heap that is used, garbage and all."""


def _configure(home: Path, folder: Path, data: Path, heap_mb: int) -> None:
    for name in ("config", "logs", "tmp"):
        (folder / name).mkdir()
    data.mkdir(exist_ok=True)
    quick = heap_mb == _LEAST_HEAP
    config = CONFIG.format(folder=folder, data=data) + (_GARBAGE_LIES if quick else "")
    (folder / "config/elasticsearch.yml").write_text(config)
    options = _QUICK_START if quick else _LASTING
    (folder / "config/jvm.options").write_text(
        JVM.format(home=home, heap_mb=heap_mb, options=options)
    )
    log4j = (home / "config/log4j2.properties").read_bytes()
    (folder / "config/log4j2.properties").write_bytes(log4j)
    hand_over(folder)
    hand_over(data)


def _environment(home: Path, folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "ES_JAVA_HOME": str(home / "jre"),
        "ES_PATH_CONF": str(folder / "config"),
        "ES_TMPDIR": str(folder / "tmp"),
    }


def _url(folder: Path) -> str | None:
    ports = folder / "logs/http.ports"
    lines = ports.read_text().split() if ports.exists() else []
    return f"http://{lines[0]}" if lines else None


@contextmanager
def served_elasticsearch(data: Path | None = None, heap_mb: int = _LEAST_HEAP) -> Iterator[str]:
    """The URL of a real Elasticsearch 9, security off: the one that is given, or one of our own.

    It keeps nothing, or its indices in `data`. With the least heap it starts quickly and stays slow.
    """
    given = os.environ.get("OPIS_TEST_ELASTICSEARCH_URL")
    if given:
        yield given.rstrip("/")
        return
    home = installed("elasticsearch")
    with service_folder("elasticsearch") as folder:
        _configure(home, folder, data or folder / "data", heap_mb)

        def ready() -> bool:
            url = _url(folder)
            return url is not None and answers(f"{url}/_cluster/health")

        with running(
            "Elasticsearch",
            [str(home / "bin/elasticsearch")],
            ready,
            folder / "server.log",
            env=_environment(home, folder),
            unprivileged=True,
        ):
            yield str(_url(folder))


@pytest.fixture(scope="session")
def elasticsearch_url() -> Iterator[str]:
    """The URL of a real Elasticsearch 9, security off; shared by all tests of the run."""
    with served_elasticsearch() as url:
        yield url


@pytest.fixture
def elasticsearch_prefix(elasticsearch_url: str) -> Iterator[str]:
    """A prefix for the names of one test's indices, which are removed after it."""
    prefix = f"opis-test-{uuid.uuid4().hex[:8]}"
    yield prefix
    with httpx.Client(base_url=elasticsearch_url, trust_env=False) as client:
        found = client.get(f"/{prefix}*/_settings", params={"expand_wildcards": "all"}).json()
        for index in found:
            client.delete(f"/{index}").raise_for_status()
