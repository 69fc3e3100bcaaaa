"""Whether the time of an answer tells of hidden documents: paired calls to two archives.

Both are served by one process; in the second one every unit of the staff index is hidden from the
public. The noise is what the difference of the medians comes to when the two are swapped at random
within pairs: 99 in 100 such differences are smaller.
"""

import asyncio
import random
import shutil
import statistics
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import numpy as np

from benchmarks.finding.pages import Corpus
from benchmarks.load.archives import asked_paths, fill
from benchmarks.load.calling import Line
from benchmarks.load.running import served
from schemas.hits import IndexedPage
from schemas.settings import Settings
from search.backend import open_backend

_HIDDEN = "zăvorâtul"
_SWAPS, _SURE = 2_000, 99
_OPEN = {"anonymous_calls": 1e6, "public_waiting": 1_000}


def archives(folder: Path, corpus: Corpus) -> tuple[Path, Path, str]:
    """An archive, the same with as many hidden pages again, and the id of a hidden document."""
    absent, present = folder / "absent", folder / "present"
    fill(Settings(archive=absent), corpus)
    shutil.copytree(absent, present)
    hidden = [_hidden(corpus, n) for n in range(corpus.pages)]
    with closing(open_backend(Settings(archive=present), write=True)) as backend:
        every = (*(corpus.indexed(n) for n in range(corpus.pages)), *hidden)
        backend.rebuild(every)
    return absent, present, hidden[0].document


def _hidden(corpus: Corpus, number: int) -> IndexedPage:
    page = corpus.indexed(number)
    return IndexedPage(
        unit=f"ua-h{page.unit[3:]}",
        document=f"hid-{page.document[4:]}",
        page=page.page,
        document_page=page.document_page,
        leaf=page.leaf,
        text=f"{page.text} {_HIDDEN}",
        type="dosar tainic",
        regime="restricted",
    )


def _paths(corpus: Corpus, hidden: str) -> dict[str, list[str]]:
    """Calls of each kind; searches of words that are there and of what only hidden pages say."""
    secret = quote(_HIDDEN)
    return {
        "search": asked_paths(corpus),
        "hidden_word": [f"/api/v1/search?q={secret}"],
        "hidden_facet": ["/cautare?tip=dosar+tainic"],
        "hidden_document": [f"/api/v1/documents/{hidden}"],
        "hidden_pdf": [f"/api/v1/documents/{hidden}/pdf"],
        "suggest": [f"/api/v1/suggest?q={quote(_HIDDEN[:n])}" for n in range(2, 9)],
        "changes": ["/api/v1/changes"],
    }


async def _pairs(
    ports: tuple[int, int], paths: list[str], number: int, chance: random.Random
) -> list[tuple[float, float]]:
    """Seconds of the same call to both, which of them first by chance."""
    lines = tuple(Line(port, {}) for port in ports)
    taken = []
    for place in range(-20, number):
        path, pair = paths[place % len(paths)], [0.0, 0.0]
        for which in chance.sample((0, 1), 2):
            began = time.perf_counter()
            await lines[which].get(path)
            pair[which] = time.perf_counter() - began
        if place >= 0:
            taken.append((pair[0], pair[1]))
    for line in lines:
        line.close()
    return taken


def compared(pairs: list[tuple[float, float]], seed: int = 1) -> dict[str, object]:
    """Medians, their difference, and what chance alone makes of it (milliseconds)."""
    both = np.array(pairs) * 1000
    chance = np.random.default_rng(seed)
    swaps = chance.random((_SWAPS, len(both))) < 0.5
    first = np.where(swaps, both[:, 0], both[:, 1])
    other = np.where(swaps, both[:, 1], both[:, 0])
    noise = np.percentile(np.abs(np.median(first, axis=1) - np.median(other, axis=1)), _SURE)
    absent, present = (statistics.median(column) for column in both.T.tolist())
    return {
        "calls": len(pairs),
        "absent_ms": round(absent, 3),
        "present_ms": round(present, 3),
        "difference_ms": round(present - absent, 4),
        "noise_ms": round(float(noise), 4),
        "within": bool(abs(present - absent) <= noise),
    }


def measure(folder: Path, corpus: Corpus, number: int) -> dict[str, object]:
    """Every kind of call, compared."""
    absent, present, hidden = archives(folder, corpus)
    chance = random.Random(11)  # noqa: S311 which of two is called first
    with served((absent, present), _OPEN) as (one, other):
        return {
            kind: compared(asyncio.run(_pairs((one, other), paths, number, chance)))
            for kind, paths in _paths(corpus, hidden).items()
        }
