"""Elasticsearch down, overloaded, late, choosy or emptied: no page is missing or double in the end."""

import importlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from benchmarks.faults.bench import Bench
from benchmarks.faults.commands import Place
from benchmarks.faults.judging import SCAN, Problem, Tally, after, standing, tail, told_badly
from benchmarks.faults.proxy import Orders, give
from benchmarks.faults.tracer import Call, Decision
from schemas.errors import OpisError
from schemas.hits import IndexedPage
from schemas.settings import Settings
from search.backend import open_backend

_PAGES = 500
_ONCE = {"busy": 3, "unavailable": 2, "late": 1, "one-busy": 2}
"""Faults so short that the program has to live through them by itself."""
_FOR_GOOD = ("refuse", "busy", "late", "one-busy", "one-wrong")
_SOON = 14


@dataclass(frozen=True, slots=True)
class Server:
    """A real Elasticsearch, and the proxy in front of it with its orders."""

    url: str
    proxy: str
    orders: Path

    def order(self, fault: str = "none", first: int = 1, times: int = 1_000_000) -> None:
        """What becomes of requests from now on."""
        give(self.orders, Orders(fault, first, times))

    def delete(self, prefix: str) -> None:
        """All indices of a prefix are gone."""
        with httpx.Client(base_url=self.url, trust_env=False) as client:
            for index in client.get(f"/{prefix}*/_settings").json():
                client.delete(f"/{index}").raise_for_status()


@contextmanager
def proxied(url: str, folder: Path) -> Iterator[Server]:
    """A proxy in front of a server that runs."""
    orders, told = folder / "orders.json", folder / "proxy.url"
    give(orders, Orders())
    command = [sys.executable, "-m", "benchmarks.faults.proxy", url, str(orders), str(told)]
    process = subprocess.Popen(command)
    try:
        while not told.exists() or not told.read_text(encoding="ascii"):
            time.sleep(0.05)
        yield Server(url, told.read_text(encoding="ascii"), orders)
    finally:
        process.kill()
        process.wait()
        told.unlink(missing_ok=True)


@contextmanager
def served(bench: Bench) -> Iterator[Server]:
    """The server that OPIS_TEST_ELASTICSEARCH_URL names, or one of our own."""
    services = importlib.import_module("tests.services.elasticsearch")
    with services.served_elasticsearch() as url, proxied(url, bench.root) as server:
        yield server


def _place(server: Server, bench: Bench, prefix: str) -> AbstractContextManager[Place]:
    return bench.place(OPIS_ELASTICSEARCH_URL=server.proxy, OPIS_ELASTICSEARCH_PREFIX=prefix)


def _under(server: Server, bench: Bench, fault: str, first: int, times: int) -> list[Problem]:
    """A batch under a fault, then without: it says what is wrong, and nothing is missing."""
    prefix = f"faults-{next(bench.numbers)}"
    with _place(server, bench, prefix) as place:
        server.order(fault, first, times)
        done = place.run(*SCAN)
        server.order()
        problems = told_badly(done)
        if times < _SOON and done.code:
            problems.append(Problem("stuck", f"a short fault stops it: {tail(done)}"))
        if not done.code:
            problems += [Problem("silent", p.what) for p in standing(place, bench.reference)]
        problems += after(place, bench.reference)
    server.delete(prefix)
    return problems


def _deleted_after(server: Server, bench: Bench, *command: str) -> list[Problem]:
    """The index is deleted behind our back; a reindex or the same batch again fills it."""
    prefix = f"faults-{next(bench.numbers)}"
    with _place(server, bench, prefix) as place:
        place.run(*SCAN)
        server.delete(prefix)
        verified = place.run("verify", "--json")
        problems = [] if verified.code else [Problem("silent", f"verify: {tail(verified)}")]
        done = place.run(*command)
        problems += [Problem("stuck", tail(done))] if done.code else []
        problems += after(place, bench.reference)
    server.delete(prefix)
    return problems


def _deleted_meanwhile(server: Server, bench: Bench, number: int) -> list[Problem]:
    prefix = f"faults-{next(bench.numbers)}"

    def decide(call: Call) -> Decision:
        if call.number == number:
            server.delete(prefix)
        return None

    with _place(server, bench, prefix) as place:
        done = place.traced(decide, *SCAN)
        problems = [*told_badly(done), *after(place, bench.reference)]
    server.delete(prefix)
    return problems


def _one_of_many(server: Server, bench: Bench, fault: str) -> list[Problem]:
    """One document of 500 is refused; after that they are written once more."""
    prefix = f"faults-{next(bench.numbers)}"
    settings = replace(Settings(), elasticsearch_url=server.proxy, elasticsearch_prefix=prefix)
    pages = tuple(
        IndexedPage("ua-many", "d", n, n, "", "de", "", "", "", "", "", "", "")
        for n in range(1, _PAGES + 1)
    )
    problems: list[Problem] = []
    with closing(open_backend(settings, write=True)) as backend:
        server.order(fault, 2, _SOON)
        try:
            backend.replace_unit("ua-many", pages)
            problems.append(Problem("silent", "one of 500 is refused and nothing is said"))
        except OpisError as error:
            if f"ua-many.{_PAGES}" not in error.detail.get("list", ""):
                problems.append(Problem("unnamed", f"{error.code} {error.detail}"))
        server.order()
        backend.replace_unit("ua-many", pages)
        backend.commit()
        count = backend.count(unit="ua-many")
    if count != _PAGES:
        problems.append(Problem("lost" if count < _PAGES else "doubled", f"{count} of {_PAGES}"))
    server.delete(prefix)
    return problems


def _trials(server: Server, bench: Bench) -> Iterator[tuple[str, Callable[[], list[Problem]]]]:
    chances = bench.draw("elastic")
    yield "down at start", lambda: _under(server, bench, "refuse", 1, 10**6)
    yield "one of 500 refused", lambda: _one_of_many(server, bench, "one-wrong")
    again = ("reindex", "--json")
    yield "deleted, then reindex", lambda: _deleted_after(server, bench, *again)
    yield "deleted, then the same batch", lambda: _deleted_after(server, bench, *SCAN)
    for _ in range(min(bench.most, 6)):
        for fault, times in _ONCE.items():
            first = 1 if fault.startswith("one-") else chances.randint(1, 12)
            name = f"{fault}, {times} times from request {first}"
            yield name, lambda f=fault, n=first, t=times: _under(server, bench, f, n, t)  # type: ignore[misc]  # bound now
        for fault in _FOR_GOOD:
            first = 1 if fault.startswith("one-") else chances.randint(2, 12)
            name = f"{fault} for good from request {first}"
            yield name, lambda f=fault, n=first: _under(server, bench, f, n, 10**6)  # type: ignore[misc]  # bound now
        number = chances.randint(1, 200)
        yield f"deleted at call {number}", lambda n=number: _deleted_meanwhile(server, bench, n)  # type: ignore[misc]  # bound now


def failing(bench: Bench) -> dict[str, object]:
    """All of it before a real server."""
    tally = Tally()
    with served(bench) as server:
        for name, trial in _trials(server, bench):
            if not bench.over:
                tally.add(name, trial())
    return tally.figures()
