"""How fast and how truly pages are found, on both backends.

python -m benchmarks.finding --pages N --json [--backend embedded|elasticsearch] [--data DIR]

Speed: searches of every kind over text-only generated pages. Truth: judged queries and spellings over
binders of the sample generator (benchmarks.finding.relevance).

Pages have about 1,500 characters: words of a list by Zipf's law, 3 in 100 with a letter misread
(`--noise`). They have no ALTO: highlighting is timed on the words that reading the ALTO would give.
Elasticsearch is the one of OPIS_TEST_ELASTICSEARCH_URL, or one that is started with 2 GB of heap.
Nothing is left on disk, but with `--data DIR`: the index is built there once and used again for as long
as pages, noise and the index's version are the same; how fast it was built is kept beside it.
"""

import argparse
import json
import os
import time
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

from benchmarks.finding.asking import MAKERS
from benchmarks.finding.kept import Built, built, folder_of, keep, linked, name_of
from benchmarks.finding.pages import Corpus, corpus
from benchmarks.finding.relevance import relevance
from benchmarks.finding.served import served
from benchmarks.finding.speed import bytes_of, filled, memory_mb, searches, taken_out, writer
from schemas.settings import Settings
from search.backend import open_backend

WORDLIST = Path("../shared/data/ro_text/langdata_ron.wordlist")


BACKENDS = ("embedded", "elasticsearch")
_JUDGED = {"binders": 40, "pages": 30, "noise": 0.03, "queries": 50, "seed": 11}


def _built(chosen: argparse.Namespace, settings: Settings, folder: Path) -> Built:
    """What building the index took, now or when it was built."""
    if told := built(folder):
        return {**told, "reused": True}
    made = corpus(chosen.pages, chosen.wordlist, chosen.noise)
    with closing(open_backend(settings, write=True)) as backend:
        load = round(os.getloadavg()[0], 1)
        indexing = filled(backend, made)
        told = {**indexing, "load": load, "memory_mb": memory_mb(), "bytes": bytes_of(settings)}
    keep(folder, told)
    return {**told, "reused": False}


def _meanwhile(chosen: argparse.Namespace, settings: Settings, made: Corpus) -> dict[str, object]:
    """Searches while another process indexes; the index is left as it was."""
    with ExitStack() as stack:
        if not settings.elasticsearch_url:
            copy = stack.enter_context(linked(settings.layout.index))
            settings = replace(settings, archive=copy)
        backend = stack.enter_context(closing(open_backend(settings)))
        with writer(settings, made, chosen.wordlist) as written:
            told = searches(backend, made, chosen.searches, chosen.kinds)
        told["pages_then"] = backend.count()
        if settings.elasticsearch_url:
            taken_out(settings, made, written)
    return told


def measure(chosen: argparse.Namespace, settings: Settings, folder: Path) -> dict[str, object]:
    """Index, search alone, search while another process indexes."""
    indexing = _built(chosen, settings, folder)
    if chosen.build_only:
        return {"pages": chosen.pages, "indexing": indexing}
    made = corpus(chosen.pages, chosen.wordlist, chosen.noise)
    with closing(open_backend(settings)) as backend:
        alone = searches(backend, made, chosen.searches, chosen.kinds)
    load = round(os.getloadavg()[0], 1)
    memory = memory_mb()
    meanwhile = _meanwhile(chosen, settings, made) if chosen.meanwhile else None
    return {
        "pages": chosen.pages,
        "noise": chosen.noise,
        "searches_of_each_kind": chosen.searches,
        "load": load,
        "indexing": indexing,
        "bytes_a_page": round(int(str(indexing["bytes"])) / chosen.pages),
        "alone": alone,
        "memory_mb": memory,
        "while_another_indexes": meanwhile,
    }


def _measured(chosen: argparse.Namespace, backend: str) -> dict[str, object]:
    """One backend's speed and truth."""
    started = time.perf_counter()
    name = name_of(backend, chosen.pages, chosen.noise)
    with (
        folder_of(chosen.data, name) as folder,
        served(backend, folder, lasting=chosen.data is not None) as settings,
    ):
        speed = measure(chosen, settings, folder)
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
    parser.add_argument("--data", type=Path, help="where indexes are kept; others may enter it")
    parser.add_argument("--build-only", action="store_true", help="nothing is searched")
    parser.add_argument("--kinds", nargs="*", choices=tuple(MAKERS), default=tuple(MAKERS))
    parser.add_argument("--alone", dest="meanwhile", action="store_false", help="no other process")
    parser.add_argument("--no-relevance", dest="relevance", action="store_false")
    parser.add_argument("--json", action="store_true", help="one JSON object on one line")
    chosen = parser.parse_args()
    wanted = (chosen.backend,) if chosen.backend else BACKENDS
    told = {"backends": {backend: _measured(chosen, backend) for backend in wanted}}
    print(json.dumps(told) if chosen.json else json.dumps(told, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
