"""How well the beginnings of documents are found in binders without separator sheets.

python -m benchmarks.boundaries [--templates dev] [--seed 90] [--binders 20] [--pages 100]
python -m benchmarks.boundaries --archive ARCHIVE --truth OUT

The first makes binders of the sample generator as text with places, reads them as they are and worn
(letters misread, capitals, without marks, without places) and parts them as the program does. The
second compares an archive that took in OUT/binders with OUT/truth. A binder's first page, which
always begins a document, counts for nothing. Intervals (95 %) by drawing binders anew.
"""

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from examples.binders import binder_names, load_truth
from examples.binders.compose import Options
from examples.binders.lexicon import SETS, WIDER
from examples.binders.seen import SeenPage, seen_binder
from pipeline.boundaries.guessing import beginnings, facts_of
from pipeline.boundaries.segmentation import BEGINS, UNSURE, split_documents
from pipeline.training.boundaries_data import Wear
from schemas.geometry import Box
from schemas.layout import ArchiveLayout
from schemas.records import Unit, decode_unit
from schemas.text import Block, Line, PageText

WEARS = {
    "as it is": Wear(),
    "3 % misread": Wear(noise=0.03),
    "capitals": Wear(capitals=True),
    "without marks": Wear(plain=True),
    "without places": Wear(),
    "3 % misread, capitals": Wear(noise=0.03, capitals=True),
}
NO_PLACES = "without places"
DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Parted:
    """A binder's pages after the first: where documents begin, were found to, and how sure."""

    true: tuple[int, ...]
    found: tuple[int, ...]
    doubtful: tuple[int, ...]
    pages: int

    @property
    def counts(self) -> tuple[int, int, int]:
        """Beginnings that are right, found, true."""
        return len({*self.true} & {*self.found}), len(self.found), len(self.true)

    @property
    def wrong_and_sure(self) -> int:
        return len(({*self.true} ^ {*self.found}) - {*self.doubtful})


def _unplaced(text: PageText) -> PageText:
    """The text with no word's place known."""
    nowhere = Box(0, 0, 0, 0)
    lines = (tuple(replace(w, box=nowhere) for w in line.words) for line in text.lines)
    blocks = (Block(tuple(Line(words) for words in lines)),) if text.lines else ()
    return replace(text, blocks=blocks)


def part(pages: Sequence[SeenPage], *, placed: bool) -> Parted:
    """A binder parted as the program parts it."""
    texts = [page.text if placed or page.text is None else _unplaced(page.text) for page in pages]
    states = [page.state for page in pages]
    sure = beginnings([facts_of(s, t) for s, t in zip(states, texts, strict=True)])
    found = split_documents(states, (), [chance >= BEGINS for chance in sure])
    first = min(n for n, page in enumerate(pages, 1) if page.begins)
    return Parted(
        tuple(n for n, page in enumerate(pages, 1) if page.begins and n > first),
        tuple(n for n, _ in found if n > first),
        tuple(n for n, chance in enumerate(sure, 1) if UNSURE[0] <= chance <= UNSURE[1]),
        sum(page.text is not None for page in pages),
    )


def _f1(counts: Sequence[tuple[int, int, int]]) -> float:
    right, found, true = (sum(some) for some in zip(*counts, strict=True))
    return 200 * right / (found + true) if found + true else 100.0


def _interval(counts: Sequence[tuple[int, int, int]]) -> tuple[float, float]:
    draw = random.Random(7)  # noqa: S311 - the same draws every time, no secret
    drawn = sorted(_f1(draw.choices(counts, k=len(counts))) for _ in range(DRAWS))
    return round(drawn[DRAWS // 40], 2), round(drawn[-1 - DRAWS // 40], 2)


def scores(parted: Sequence[Parted]) -> dict[str, object]:
    """Precision, recall and F1 in per cent of beginnings; pages left to a person, and missed by all."""
    counts = [one.counts for one in parted]
    right, found, true = (sum(some) for some in zip(*counts, strict=True))
    pages = sum(one.pages for one in parted)
    return {
        "pages": pages,
        "documents": true,
        "precision": round(100 * right / max(1, found), 2),
        "recall": round(100 * right / max(1, true), 2),
        "f1": round(_f1(counts), 2),
        "f1_95": _interval(counts),
        "doubtful": round(100 * sum(len(one.doubtful) for one in parted) / max(1, pages), 2),
        "wrong_and_sure": round(100 * sum(one.wrong_and_sure for one in parted) / max(1, pages), 2),
    }


def of_generator(chosen: argparse.Namespace) -> dict[str, object]:
    """Scores by wear, of binders that are made now."""
    options = Options(
        pages=chosen.pages,
        seed=chosen.seed,
        templates=chosen.templates,
        separators=False,
        text_only=True,
    )
    told: dict[str, object] = {"templates": chosen.templates, "seed": chosen.seed}
    for name, wear in WEARS.items():
        read = [
            seen_binder(index, options, wear.misread(f"{chosen.seed}:{index}"))
            for index in range(chosen.binders)
        ]
        started = time.process_time()
        parted = [part(pages, placed=name != NO_PLACES) for pages in read]
        spent = time.process_time() - started
        cost = round(1000 * spent / sum(len(pages) for pages in read), 2)
        told[name] = {**scores(parted), "ms_page": cost}
    return told


def _units(archive: Path) -> Iterator[Unit]:
    for path in sorted(archive.glob("units/*/*")):
        record = ArchiveLayout(archive).unit(path.name).record
        yield decode_unit(record.read_bytes())


def of_archive(archive: Path, out: Path) -> dict[str, object]:
    """Scores of an archive's documents against the truth of its binders."""
    units = {unit.name: unit for unit in _units(archive)}
    parted = []
    for name in binder_names(out):
        first, *true = (document.first_page for document in load_truth(out, name).documents)
        documents = units[name].documents
        parted.append(
            Parted(
                tuple(true),
                tuple(d.first_page for d in documents if d.first_page > first),
                tuple(d.first_page for d in documents if d.boundary <= UNSURE[1]),
                len(units[name].pages),
            )
        )
    return {"binders": len(parted), **scores(parted)}


def main() -> None:
    """Print the scores as one JSON object."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add(
        "--templates",
        choices=(*SETS, *WIDER),
        default="dev",
        help="heldout, sealed: for tests only",
    )
    add("--seed", type=int, default=90, help="of the generator; heldout: 900 or more")
    add("--binders", type=int, default=20, help="how many (default %(default)s)")
    add("--pages", type=int, default=100, help="pages in each (default %(default)s)")
    add("--archive", type=Path, help="an archive that took in OUT/binders")
    add("--truth", type=Path, help="OUT of the generator")
    chosen = parser.parse_args()
    told = of_archive(chosen.archive, chosen.truth) if chosen.archive else of_generator(chosen)
    print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main()
