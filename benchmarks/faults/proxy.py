"""A small HTTP proxy that lets an Elasticsearch behind it fail as told, in a process of its own.

Its orders are a JSON file, read at each request: {"fault": NAME, "first": N, "times": K}; from the
N-th request since the file changed, K requests meet the fault.
"""

import http.client
import json
import sys
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import msgspec

FAULTS = ("none", "refuse", "busy", "unavailable", "late", "one-busy", "one-wrong")
_BUSY, _UNAVAILABLE, _BAD = 429, 503, 400
_ERRORS = {_BUSY: "es_rejected_execution_exception", _BAD: "document_parsing_exception"}


@dataclass(frozen=True, slots=True)
class Orders:
    """What to do to which requests."""

    fault: str = "none"
    first: int = 1
    times: int = 1_000_000


def give(path: Path, orders: Orders) -> None:
    """Change a proxy's orders; its count begins anew."""
    path.with_suffix(".new").write_bytes(msgspec.json.encode(orders))
    path.with_suffix(".new").replace(path)


class _Counter:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._stamp = 0
        self._count = 0

    def next(self, *, bulk: bool) -> str:
        """The fault that this request meets; some are met by bulk requests alone."""
        with self._lock:
            stamp = self._path.stat().st_ino
            orders = msgspec.json.decode(self._path.read_bytes(), type=Orders)
            if stamp != self._stamp:
                self._stamp, self._count = stamp, 0
            if orders.fault.startswith("one-") and not bulk:
                return "none"
            self._count += 1
            hit = orders.first <= self._count < orders.first + orders.times
            return orders.fault if hit else "none"


def _without_last(body: bytes) -> tuple[bytes, str]:
    """A bulk request without its last document, and that one's id."""
    lines = body.splitlines(keepends=True)
    head = json.loads(lines[-2])
    return b"".join(lines[:-2]), str(next(iter(head.values())).get("_id", ""))


def _with_refused(answer: bytes, ident: str, status: int) -> bytes:
    empty: dict[str, Any] = {"took": 1, "errors": False, "items": []}
    told = json.loads(answer) if answer else empty
    error = {"type": _ERRORS[status], "reason": "refused by order"}
    told["items"].append({"index": {"_id": ident, "status": status, "error": error}})
    return json.dumps({**told, "errors": True}).encode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    upstream = ""
    counter: _Counter

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        bulk = urlsplit(self.path).path.endswith("_bulk")
        fault = self.counter.next(bulk=bulk)
        if fault == "refuse":
            self.close_connection = True
            return
        if fault in {"busy", "unavailable"}:
            self._answer(
                _BUSY if fault == "busy" else _UNAVAILABLE, b'{"error":{"type":"busy"}}', []
            )
            return
        ident = ""
        if fault.startswith("one-"):
            body, ident = _without_last(body)
        status, headers, answer = self._forward(body) if body or not ident else (200, [], b"")
        if fault == "late":
            self.close_connection = True
            return
        if ident:
            answer = _with_refused(answer, ident, _BUSY if fault == "one-busy" else _BAD)
        self._answer(status, answer, headers)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _handle  # noqa: N815 the standard library's names

    def _forward(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = http.client.HTTPConnection(self.upstream, timeout=60)
        dropped = {"host", "content-length", "accept-encoding", "connection"}
        headers = {k: v for k, v in self.headers.items() if k.lower() not in dropped}
        try:
            connection.request(self.command, self.path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def _answer(self, status: int, body: bytes, headers: list[tuple[str, str]]) -> None:
        kept = {"x-elastic-product": "Elasticsearch", "content-type": "application/json"}
        kept |= {k.lower(): v for k, v in headers if k.lower() in {"content-type", "warning"}}
        self.send_response(status)
        for name, value in kept.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""


def main() -> None:
    """Serve UPSTREAM-URL on a free port by ORDERS-FILE; its own URL is written to URL-FILE."""
    upstream, orders, told = sys.argv[1:4]
    _Handler.upstream = urlsplit(upstream).netloc
    _Handler.counter = _Counter(Path(orders))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    Path(told).write_text(f"http://127.0.0.1:{server.server_port}", encoding="ascii")
    server.serve_forever()


if __name__ == "__main__":
    main()
