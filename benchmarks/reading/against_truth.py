"""How true a page's geometry, state, boxes and confidences are, on sample pages with exact truth.

python -m benchmarks.reading.against_truth --binders 2 --pages 40 --seed 7 [--turn] --json

Skew left over (degrees), quarter turns that are wrong, blanks found, edges of word boxes (pixels of
the page image at 300 dpi), and how often words said to be right with p are right.
"""

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import atan2, degrees
from pathlib import Path

import cv2
import numpy as np

from benchmarks.reading.scoring import normal
from examples.binders import PageTruth, binder_names, generate, truth_pages
from pipeline.imaging.raster import Pixels
from pipeline.page import PageOutcome, read_page
from schemas.errors import PageFailedError
from schemas.geometry import Affine, Box
from schemas.records import PageState
from schemas.settings import Settings
from schemas.text import Word

_CHANCES = (0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)
_QUARTER, _HALF = 45.0, 135.0
_LEAST_OVERLAP = 0.5
_TURNS = (None, cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_180, cv2.ROTATE_90_COUNTERCLOCKWISE)


@dataclass(frozen=True, slots=True)
class Tally:
    """What was seen so far; `count`: turned, blanks, blanks found, words missed."""

    skew: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    text_called_blank: list[str] = field(default_factory=list)
    edges: list[float] = field(default_factory=list)
    chances: list[tuple[float, bool]] = field(default_factory=list)
    count: Counter[str] = field(default_factory=Counter)


def _turn_of(width: int, height: int, turn: int) -> Affine:
    maps = (
        Affine(),
        Affine(0, -1, height, 1, 0, 0),
        Affine(-1, 0, width, 0, -1, height),
        Affine(0, 1, 0, -1, 0, width),
    )
    return maps[turn]


def _to_page(truth: PageTruth, turn: int, outcome: PageOutcome) -> Affine:
    """From the clean page to the page image."""
    (a, b, c), (d, e, f) = truth.transform
    delivered = Affine(a, b, c, d, e, f).then(_turn_of(truth.width, truth.height, turn))
    return delivered.then(outcome.text.transform)


def _pairs(
    truth: PageTruth, to_page: Affine, words: Sequence[Word]
) -> Iterator[tuple[str, Box, Word | None]]:
    """Each true word with its place on the page image and the word read there, if there is one."""
    for true in truth.words:
        place = to_page.box(Box(*true.box))
        best = max(words, key=lambda word: word.box.overlap(place), default=None)
        found = best is not None and best.box.overlap(place) > _LEAST_OVERLAP * place.area
        yield true.text, place, best if found else None


def _edges(place: Box, read: Box, scale: float) -> float:
    """The largest distance of an edge, in pixels at 300 dpi."""
    one = (place.x, place.y, place.x + place.w, place.y + place.h)
    other = (read.x, read.y, read.x + read.w, read.y + read.h)
    return scale * max(abs(a - b) for a, b in zip(one, other, strict=True))


def _add_words(tally: Tally, truth: PageTruth, to_page: Affine, outcome: PageOutcome) -> None:
    scale = 300 / outcome.text.dpi
    for text, place, read in _pairs(truth, to_page, outcome.text.words):
        if read is None:
            tally.count["missed"] += 1
            continue
        right = normal(read.text) == normal(text)
        tally.chances.append((read.confidence, right))
        if right:
            tally.edges.append(_edges(place, read.box, scale))


def _add(tally: Tally, name: str, truth: PageTruth, turn: int, outcome: PageOutcome) -> None:
    if truth.kind == "blank":
        tally.count["blanks"] += 1
        tally.count["blanks found"] += outcome.state is PageState.BLANK
        return
    if outcome.state is PageState.BLANK:
        tally.text_called_blank.append(name)
        return
    to_page = _to_page(truth, turn, outcome)
    angle = degrees(atan2(to_page.d, to_page.a))
    tally.count["turned"] += bool(turn)
    if abs(angle) > _QUARTER:
        tally.wrong.append(name)
        return
    tally.skew.append(abs(angle))
    if abs(angle) < 1:
        _add_words(tally, truth, to_page, outcome)


def _image(path: Path, turn: int) -> Pixels | None:
    pixels = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    code = _TURNS[turn]
    if pixels is None or code is None:
        return None if pixels is None else np.asarray(pixels, np.uint8)
    return np.asarray(cv2.rotate(pixels, code), np.uint8)


def _shares(values: Sequence[float]) -> dict[str, float]:
    if not values:
        return {}
    p50, p95 = np.quantile(values, (0.5, 0.95))
    return {"p50": round(float(p50), 4), "p95": round(float(p95), 4), "max": round(max(values), 4)}


def _reliability(chances: Sequence[tuple[float, bool]]) -> list[dict[str, float]]:
    """Words by what was said of them: how many, the mean said, the share that is right."""
    said = np.array([chance for chance, _ in chances])
    right = np.array([ok for _, ok in chances], dtype=np.float64)
    group = np.digitize(said, _CHANCES)
    return [
        {
            "words": int((group == n).sum()),
            "said": round(float(said[group == n].mean()), 4),
            "right": round(float(right[group == n].mean()), 4),
        }
        for n in range(len(_CHANCES) + 1)
        if (group == n).any()
    ]


def measure(made: Path, settings: Settings, language: str, *, turn: bool) -> Tally:
    """All pages of generated binders; with `turn` each in one of the four ways."""
    tally = Tally()
    for binder in binder_names(made):
        for number, truth in enumerate(truth_pages(made, binder)):
            if truth.kind not in {"text", "blank"} or not truth.file:
                continue
            name, way = f"{binder}/{truth.page}", number % 4 if turn else 0
            pixels = _image(made / "binders" / truth.file, way)
            if pixels is None:
                continue
            try:
                outcome = read_page(pixels, truth.dpi, settings, language, separator=False)
            except PageFailedError:
                tally.wrong.append(name)
                continue
            _add(tally, name, truth, way, outcome)
    return tally


def told(tally: Tally) -> dict[str, object]:
    """The figures as JSON holds them."""
    near = [edge <= 2 for edge in tally.edges]
    return {
        "pages": len(tally.skew)
        + len(tally.wrong)
        + tally.count["blanks"]
        + len(tally.text_called_blank),
        "skew": _shares(tally.skew),
        "orientation": {"turned": tally.count["turned"], "wrong": tally.wrong},
        "blank": {
            "of": tally.count["blanks"],
            "found": tally.count["blanks found"],
            "text_called_blank": tally.text_called_blank,
        },
        "boxes": {
            "words": len(near),
            "within_2_px": round(sum(near) / len(near), 4) if near else None,
            **_shares(tally.edges),
        },
        "words_missed": tally.count["missed"],
        "reliability": _reliability(tally.chances) if tally.chances else [],
    }


def main() -> int:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add = parser.add_argument
    add("--binders", type=int, default=2)
    add("--pages", type=int, default=40)
    add("--seed", type=int, default=7)
    add("--turn", action="store_true", help="deliver the pages in all four ways")
    add("--language", default="ron")
    add("--json", action="store_true", help="one JSON object")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory("-binders") as work:
        made = Path(work)
        workers = os.cpu_count() or 1
        generate(made, chosen.binders, chosen.pages, chosen.seed, workers=workers, form="folder")
        found = told(measure(made, Settings(), chosen.language, turn=chosen.turn))
    print(json.dumps(found, indent=None if chosen.json else 2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
