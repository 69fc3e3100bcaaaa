"""Whether the time of an answer tells of hidden documents: the same calls to three archives.

All are served by one process: one without hidden documents, its twin (the same files, copied), and one
in which every unit of the staff index is hidden from the public. Each call goes to all three, in an
order by chance. What the twins differ by is the run's own noise: 99 in 100 such differences, by
resampling the rounds, are smaller. How likely chance alone makes the difference to the archive with
hidden documents is told by swapping the two within rounds (a permutation test of the medians).
"""

import asyncio
import random
import shutil
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from benchmarks.finding.pages import Corpus
from benchmarks.load.archives import asked_paths, fill
from benchmarks.load.calling import Line
from benchmarks.load.running import served
from schemas.hits import IndexedPage
from schemas.settings import Settings
from search.backend import open_backend

_HIDDEN = "zăvorâtul"
_SWAPS, _SURE = 2_000, 99
_CHANCE = 0.01
"""How often all kinds of calls together may be told apart by chance alone."""
Archives = tuple[Path, Path, Path]
_WARMING = 20
Column = NDArray[np.float64]
_OPEN = {"anonymous_calls": 1e6, "public_waiting": 1_000}


def archives(folder: Path, corpus: Corpus) -> tuple[Archives, str]:
    """An archive, its twin, the same with as many hidden pages again; the id of a hidden document."""
    absent, twin, present = folder / "absent", folder / "twin", folder / "present"
    fill(Settings(archive=absent), corpus)
    for copy in (twin, present):
        shutil.copytree(absent, copy)
    hidden = [_hidden(corpus, n) for n in range(corpus.pages)]
    with closing(open_backend(Settings(archive=present), write=True)) as backend:
        every = (*(corpus.indexed(n) for n in range(corpus.pages)), *hidden)
        backend.rebuild(every)
    return (absent, twin, present), hidden[0].document


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
    secret, record = quote(_HIDDEN), quote(f"urn:opis:document:{hidden}")
    return {
        "search": asked_paths(corpus),
        "hidden_word": [f"/api/v1/search?q={secret}"],
        "hidden_facet": ["/cautare?tip=dosar+tainic"],
        "hidden_document": [f"/api/v1/documents/{hidden}"],
        "hidden_pdf": [f"/api/v1/documents/{hidden}/pdf"],
        "suggest": [f"/api/v1/suggest?q={quote(_HIDDEN[:n])}" for n in range(2, 9)],
        "changes": ["/api/v1/changes"],
        "harvest": ["/oai?verb=ListRecords&metadataPrefix=oai_dc"],
        "hidden_record": [f"/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier={record}"],
    }


async def _rounds(
    ports: Sequence[int], paths: list[str], number: int, chance: random.Random
) -> list[list[float]]:
    """Seconds of the same call to each, in an order by chance."""
    lines = tuple(Line(port, {}) for port in ports)
    taken = []
    for place in range(-_WARMING, number):
        path, seconds = paths[place % len(paths)], [0.0] * len(ports)
        for which in chance.sample(range(len(ports)), len(ports)):
            began = time.perf_counter()
            await lines[which].get(path)
            seconds[which] = time.perf_counter() - began
        if place >= 0:
            taken.append(seconds)
    for line in lines:
        line.close()
    return taken


def _differences(one: Column, other: Column, chance: np.random.Generator) -> Column:
    """Differences of the medians over resampled rounds."""
    rows = chance.integers(0, len(one), (_SWAPS, len(one)))
    told: Column = np.median(other[rows], axis=1) - np.median(one[rows], axis=1)
    return told


def _by_chance(one: Column, other: Column, chance: np.random.Generator) -> float:
    """How often a difference as large comes of swapping the two within rounds."""
    found = abs(np.median(other) - np.median(one))
    swaps = chance.random((_SWAPS, len(one))) < 0.5
    first, second = np.where(swaps, one, other), np.where(swaps, other, one)
    made = np.abs(np.median(first, axis=1) - np.median(second, axis=1))
    return float((1 + np.count_nonzero(made >= found)) / (_SWAPS + 1))


def compared(rounds: list[list[float]], kinds: int = 1, seed: int = 1) -> dict[str, object]:
    """Medians, the twins' noise, the difference with its 95 % interval and its chance (milliseconds).

    `within`: no larger than the noise, or not told from chance at one in a hundred of all `kinds`.
    """
    absent, twin, present = np.array(rounds).T * 1000
    chance = np.random.default_rng(seed)
    noise = float(np.percentile(np.abs(_differences(absent, twin, chance)), _SURE))
    low, high = np.percentile(_differences(absent, present, chance), (2.5, 97.5))
    likely = _by_chance(absent, present, chance)
    difference = float(np.median(present) - np.median(absent))
    return {
        "calls": len(rounds),
        "absent_ms": round(float(np.median(absent)), 3),
        "twin_ms": round(float(np.median(twin)), 3),
        "present_ms": round(float(np.median(present)), 3),
        "difference_ms": round(difference, 4),
        "interval_ms": [round(float(low), 4), round(float(high), 4)],
        "noise_ms": round(noise, 4),
        "by_chance": round(likely, 4),
        "within": bool(abs(difference) <= noise or likely >= _CHANCE / kinds),
    }


def measure(folder: Path, corpus: Corpus, number: int) -> dict[str, object]:
    """Every kind of call, compared."""
    three, hidden = archives(folder, corpus)
    chance = random.Random(11)  # noqa: S311 which of them is called first
    kinds = _paths(corpus, hidden)
    with served(three, _OPEN) as ports:
        return {
            kind: compared(asyncio.run(_rounds(ports, paths, number, chance)), len(kinds))
            for kind, paths in kinds.items()
        }
