"""An Elasticsearch that has too much to do, or lacks a part for a moment, is waited for, not pressed."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from schemas.errors import ServiceError
from schemas.settings import Settings
from search.backend import Backend, open_backend
from search.query import parse
from tests.search.index_samples import page

pytestmark = pytest.mark.services
ANSWERS = {
    429: b'{"error":{"type":"circuit_breaking_exception","reason":"Data too large"},"status":429}',
    503: b'{"error":{"type":"search_phase_execution_exception"},"status":503}',
}
LEFT_OUT = {"host", "content-length", "transfer-encoding", "connection", "content-encoding"}
UNIT = "ua-cafe0001"


class Overloaded(ThreadingHTTPServer):
    """Stands before a real Elasticsearch and answers the next such requests as one that cannot."""

    def __init__(self, behind: str) -> None:
        super().__init__(("127.0.0.1", 0), _Between)
        self.behind = behind
        self.what, self.status = "/_bulk", 429
        self.refuses = 0
        self.refused = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Between(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Overloaded

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def _through(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.server.what in self.path and self.server.refuses:
            self.server.refuses -= 1
            self.server.refused += 1
            status = self.server.status
            self._answer(status, {"content-type": "application/json"}, ANSWERS[status])
            return
        sent = {k: v for k, v in self.headers.items() if k.lower() not in LEFT_OUT}
        told = httpx.request(
            self.command, self.server.behind + self.path, content=body, headers=sent, timeout=60
        )
        kept = {k: v for k, v in told.headers.items() if k.lower() not in LEFT_OUT}
        self._answer(told.status_code, kept, told.content)

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _through  # noqa: N815 names that the server calls


@pytest.fixture
def overloaded(elasticsearch_url: str) -> Iterator[Overloaded]:
    with Overloaded(elasticsearch_url) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()


@pytest.fixture
def backend(overloaded: Overloaded, elasticsearch_prefix: str, tmp_path: Path) -> Iterator[Backend]:
    told = Settings(
        archive=tmp_path,
        elasticsearch_url=overloaded.url,
        elasticsearch_prefix=elasticsearch_prefix,
    )
    opened = open_backend(told, write=True)
    yield opened
    opened.close()


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds between two tries, which are not waited for."""
    told: list[float] = []
    monkeypatch.setattr("elasticsearch.helpers.actions.time.sleep", told.append)
    return told


def test_making_the_index_anew_waits_two_minutes(
    backend: Backend, overloaded: Overloaded, pauses: list[float]
):
    overloaded.refuses = 17
    assert backend.rebuild([page(UNIT, n, f"proces verbal {n}") for n in range(1, 301)]) == 300
    assert backend.count() == 300
    assert overloaded.refused == len(pauses) == 17
    assert 60 < sum(pauses) < 180


def test_one_that_stays_full_is_told_and_the_old_index_answers_on(
    backend: Backend, overloaded: Overloaded, pauses: list[float]
):
    backend.rebuild([page(UNIT, 1, "proces verbal")])
    overloaded.refuses = 1000
    with pytest.raises(ServiceError, match="elasticsearch-busy"):
        backend.rebuild([page(UNIT, n, "dispoziție") for n in (1, 2)])
    assert overloaded.refused == len(pauses) + 1 == 18
    assert backend.search(parse("proces"), {}).total == 1
    assert backend.search(parse("dispoziție"), {}).total == 0


def test_a_unit_waits_a_little_since_its_batch_waits_too(
    backend: Backend, overloaded: Overloaded, pauses: list[float]
):
    overloaded.refuses = 5
    assert backend.replace_unit(UNIT, [page(UNIT, 1, "proces verbal")]) == 1
    assert len(pauses) == 5
    overloaded.refuses = 1000
    with pytest.raises(ServiceError, match="elasticsearch-busy"):
        backend.replace_unit(UNIT, [page(UNIT, 1, "dispoziție")])
    assert overloaded.refused == 5 + 6
    assert sum(pauses[5:]) < 10


@pytest.fixture
def look_pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds between two looks, which are not waited for."""
    told: list[float] = []
    monkeypatch.setattr("search.elastic.sleep", told.append)
    return told


@pytest.mark.parametrize("status", [429, 503])
def test_a_search_looks_again_after_pauses(
    backend: Backend, overloaded: Overloaded, look_pauses: list[float], status: int
):
    backend.rebuild([page(UNIT, 1, "proces verbal")])
    overloaded.what, overloaded.status, overloaded.refuses = "/_search", status, 5
    look_pauses.clear()
    assert backend.search(parse("proces"), {}).total == 1
    assert overloaded.refused == 5
    assert look_pauses == sorted(look_pauses)
    assert len(look_pauses) >= 6


def test_a_search_that_stays_refused_is_told_after_some_seconds(
    backend: Backend, overloaded: Overloaded, look_pauses: list[float]
):
    backend.rebuild([page(UNIT, 1, "proces verbal")])
    overloaded.what, overloaded.status, overloaded.refuses = "/_search", 503, 1000
    look_pauses.clear()
    with pytest.raises(ServiceError, match="elasticsearch-unreachable"):
        backend.search(parse("proces"), {})
    assert overloaded.refused == len(look_pauses) == 7
    assert 2 < sum(look_pauses) < 5
