"""How long searches take, how fast pages are indexed, and what that takes of disk and memory."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx

from benchmarks.finding.asking import (
    HIGHLIGHTED,
    MAKERS,
    Question,
    answered,
    highlighted,
    questions,
    texts_of,
)
from benchmarks.finding.pages import UNIT_PAGES, Corpus
from schemas.hits import IndexedPage
from schemas.settings import Settings
from search.backend import Backend, open_backend

TARGETS = {"embedded": {"": 60.0}, "elasticsearch": {"": 150.0, "fuzzy": 400.0}}
"""Milliseconds that the 95th of a hundred searches may take, by backend and kind."""
_WARMING = 5


class _Watch:
    """Seconds on the wall's clock, and of this process's processor time."""

    def __init__(self) -> None:
        self.wall = self.cpu = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.wall += time.perf_counter() - wall
        self.cpu += time.process_time() - cpu


def _late(seconds: list[float]) -> float:
    """Milliseconds that 95 in a hundred did not exceed."""
    ordered = sorted(seconds)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))] * 1000, 1)


def _asked(backend: Backend, corpus: Corpus, kind: str, question: Question) -> tuple[_Watch, int]:
    """The time of one search, and the pages that it found."""
    watch = _Watch()
    with watch.running():
        answer = answered(backend, kind, question)
    if answer is None:
        return watch, 0
    if kind in HIGHLIGHTED:
        mark = highlighted(question, texts_of(corpus, answer))
        with watch.running():
            mark()
    return watch, answer.total


def _timed(backend: Backend, corpus: Corpus, kind: str, number: int) -> dict[str, object]:
    asked = questions(corpus, kind, number + _WARMING)
    told = [_asked(backend, corpus, kind, question) for question in asked][_WARMING:]
    wall, cpu = [watch.wall for watch, _ in told], [watch.cpu for watch, _ in told]
    limits = TARGETS[backend.name]
    limit = limits.get(kind, limits[""])
    return {
        "p50_ms": round(statistics.median(wall) * 1000, 1),
        "p95_ms": _late(wall),
        "worst_ms": round(max(wall) * 1000, 1),
        "own_cpu_p95_ms": _late(cpu),
        "median_pages_found": int(statistics.median(found for _, found in told)),
        "limit_ms": limit,
        "within": _late(wall) <= limit,
    }


def searches(
    backend: Backend, corpus: Corpus, number: int, kinds: Iterable[str] = tuple(MAKERS)
) -> dict[str, object]:
    """Every kind of search, with its limit."""
    return {kind: _timed(backend, corpus, kind, number) for kind in kinds}


def filled(backend: Backend, corpus: Corpus) -> dict[str, object]:
    """The index made anew of all pages; the time that making their texts took is left out."""
    making = 0.0

    def pages() -> Iterator[IndexedPage]:
        nonlocal making
        for number in range(corpus.pages):
            started = time.perf_counter()
            page = corpus.indexed(number)
            making += time.perf_counter() - started
            yield page

    started = time.perf_counter()
    count = backend.rebuild(pages())
    seconds = time.perf_counter() - started - making
    return {
        "pages": count,
        "seconds": round(seconds, 1),
        "pages_per_second": round(count / seconds),
    }


def bytes_of(settings: Settings) -> int:
    """What the index takes on disk."""
    if not settings.elasticsearch_url:
        return sum(p.stat().st_size for p in settings.layout.index.rglob("*") if p.is_file())
    with httpx.Client(base_url=settings.elasticsearch_url, trust_env=False) as client:
        told = client.get(f"/{settings.elasticsearch_prefix}-staff/_stats/store").json()
    return int(told["_all"]["total"]["store"]["size_in_bytes"])


def memory_mb() -> dict[str, int]:
    """This process's memory: its own (anonymous), and the most that was resident with mapped files."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    told = {name: rest for name, _, rest in (line.partition(":") for line in lines)}
    return {
        name: int(told[key].split()[0]) // 1024
        for name, key in (("own", "RssAnon"), ("most_resident", "VmHWM"))
    }


@contextmanager
def writer(settings: Settings, corpus: Corpus, wordlist: Path) -> Iterator[list[str]]:
    """Another process that indexes units of 200 pages into the same index, one after the other.

    Gives the units that it wrote, once it has ended.
    """
    environment = {
        **os.environ,
        "OPIS_ARCHIVE": str(settings.archive),
        "OPIS_ELASTICSEARCH_URL": settings.elasticsearch_url,
        "OPIS_ELASTICSEARCH_PREFIX": settings.elasticsearch_prefix,
    }
    command = [sys.executable, "-m", "benchmarks.finding.writing", str(wordlist)]
    command += [str(corpus.pages), str(corpus.noise)]
    written: list[str] = []
    process = subprocess.Popen(
        command, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        if process.stdout:
            written.append(process.stdout.readline().strip())
        yield written
    finally:
        process.terminate()
        written += process.communicate()[0].split()


def taken_out(settings: Settings, corpus: Corpus, written: list[str]) -> None:
    """Removes the units that the other process wrote, and the one that it was writing."""
    last = int(written[-1][3:]) if written and written[-1] else corpus.pages // UNIT_PAGES
    with closing(open_backend(settings, write=True)) as backend:
        for unit in (*written, f"ua-{last + 1:08d}"):
            backend.remove_unit(unit)
        backend.commit()
