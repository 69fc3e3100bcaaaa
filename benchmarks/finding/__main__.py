"""How fast and how truly pages are found, on both backends.

python -m benchmarks.finding --pages N --json [--backend embedded|elasticsearch] [--wordlist FILE]

Speed: searches of every kind over text-only generated pages. Truth: judged queries and spellings over
binders of the sample generator (benchmarks.finding.relevance).

Pages have about 1,500 characters: words of a list by Zipf's law, 3 in 100 with a letter misread
(`--noise`). They have no ALTO: highlighting is timed on the words that reading the ALTO would give.
Elasticsearch is the one of OPIS_TEST_ELASTICSEARCH_URL, or one that is started with 512 MB of heap.
Nothing is left on disk.
"""

import argparse
import json
import os
import tempfile
import time
from contextlib import closing
from pathlib import Path

from benchmarks.finding.pages import corpus
from benchmarks.finding.relevance import relevance
from benchmarks.finding.served import served
from benchmarks.finding.speed import bytes_of, filled, memory_mb, searches, writer
from schemas.settings import Settings
from search.backend import open_backend

WORDLIST = Path("../shared/data/ro_text/langdata_ron.wordlist")


BACKENDS = ("embedded", "elasticsearch")
_JUDGED = {"binders": 40, "pages": 30, "noise": 0.03, "queries": 50, "seed": 11}


def measure(chosen: argparse.Namespace, settings: Settings) -> dict[str, object]:
    """Index, search alone, search while another process indexes."""
    made = corpus(chosen.pages, chosen.wordlist, chosen.noise)
    with closing(open_backend(settings, write=True)) as backend:
        indexing = filled(backend, made)
        size = bytes_of(settings)
        indexing_memory = memory_mb()
        alone = searches(backend, made, chosen.searches)
        with writer(settings, made, chosen.wordlist):
            meanwhile = searches(backend, made, chosen.searches)
        count = backend.count()
    return {
        "pages": chosen.pages,
        "noise": chosen.noise,
        "searches_of_each_kind": chosen.searches,
        "load": round(os.getloadavg()[0], 1),
        "indexing": {**indexing, "memory_mb": indexing_memory},
        "bytes_a_page": round(size / chosen.pages),
        "alone": alone,
        "while_another_indexes": {**meanwhile, "pages_then": count},
        "memory_mb": memory_mb(),
    }


def _measured(chosen: argparse.Namespace, backend: str) -> dict[str, object]:
    """One backend's speed and truth."""
    started = time.perf_counter()
    with (
        tempfile.TemporaryDirectory(prefix="opis-finding-") as folder,
        served(backend, Path(folder)) as settings,
    ):
        speed = measure(chosen, settings)
    judged = relevance(backend, **_JUDGED) if chosen.relevance else None  # type: ignore[arg-type]  # the table's own types
    seconds = round(time.perf_counter() - started)
    return {**speed, "relevance": judged, "seconds": seconds}


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=100_000)
    parser.add_argument("--backend", choices=BACKENDS, help="one of them only")
    parser.add_argument("--wordlist", type=Path, default=WORDLIST)
    parser.add_argument("--noise", type=float, default=0.03, help="share of words misread")
    parser.add_argument("--searches", type=int, default=200, help="of each kind")
    parser.add_argument("--no-relevance", dest="relevance", action="store_false")
    parser.add_argument("--json", action="store_true", help="one JSON object on one line")
    chosen = parser.parse_args()
    wanted = (chosen.backend,) if chosen.backend else BACKENDS
    told = {"backends": {backend: _measured(chosen, backend) for backend in wanted}}
    print(json.dumps(told) if chosen.json else json.dumps(told, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
