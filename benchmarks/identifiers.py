"""How many planted identifiers are found on sample pages, with which value, and what is hidden besides.

python -m benchmarks.identifiers [--templates dev] [--seed 5] [--binders 4] [--pages 50]
python -m benchmarks.identifiers --text-only --noise 0.01 …       quick: words of the truth, misread
python -m benchmarks.identifiers --keep FOLDER …                  keeps what was read, for the next run

Pages are drawn by examples.binders, read by the program's own reading, each document understood
and searched as the program does. An identifier is found when each of its words (abbreviations such
as "str." left out) is hidden, as text where it was read, as pixels where it was not. Bands are of
the page's character error rate. Intervals are 95 %, by drawing documents again.
"""

import argparse
import json
import pickle
import random
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.planted import Paper, Planted, Sheet, papers
from examples.binders.lexicon import SETS, WIDER
from pipeline.imaging.image import prepare
from pipeline.metadata.documenttext import DocumentText, read_document
from pipeline.pictures.rereading import line_reader
from pipeline.privacy.finding import find_personal
from scanners.pages.decode import decode_page
from scanners.sources import sniff
from schemas.geometry import Box
from schemas.privacy import Category, PersonalData, Sensitive
from schemas.settings import Settings

BANDS = ((0.005, "below 0.5 %"), (0.02, "0.5-2 %"), (0.05, "2-5 %"), (9.0, "above 5 %"))
VALUED = frozenset(("CNP", "IBAN", "PHONE", "EMAIL", "ID_CARD", "PLATE"))
CHECKED = frozenset(("CNP", "IBAN"))
CALLED_VALID = 0.9
COVERED = 0.6
DRAWS = 1000


def _hidden(items: Sequence[Sensitive], page: int) -> tuple[frozenset[int], tuple[Box, ...]]:
    own = [item for item in items if item.page == page]
    words = frozenset(n for item in own for n in item.words)
    return words, tuple(box for item in own for box in item.boxes)


def _is_hidden(
    word: tuple[tuple[int, ...], Box], words: frozenset[int], boxes: Sequence[Box]
) -> bool:
    read, box = word
    if read:
        return words.issuperset(read)
    return sum(box.overlap(other) for other in boxes) >= COVERED * box.area


def _value_of(planted: Planted, items: Sequence[Sensitive]) -> tuple[bool, bool]:
    """Whether an item over the planted words has its value; whether one is called valid and wrong."""
    own = {n for read, _ in planted.words for n in read}
    same = [i for i in items if i.kind == planted.label and own.intersection(i.words)]
    right = any(item.value == planted.value for item in same)
    wrong = [i for i in same if i.value != planted.value and i.confidence >= CALLED_VALID]
    return right, bool(wrong) and not right


def band(cer: float) -> str:
    """The name of the band that an error rate is in."""
    return next(name for limit, name in BANDS if cer < limit)


Counts = Counter[tuple[str, ...]]


def counted(paper: Paper, data: PersonalData, misses: list[dict[str, str]]) -> Counts:
    """What was found of a document's planted identifiers, and what was hidden besides."""
    counts: Counts = Counter()
    for page, sheet in enumerate(paper.sheets, 1):
        words, boxes = _hidden(data.items, page)
        own = [item for item in data.items if item.page == page]
        where = band(sheet.cer)
        every = range(len(sheet.text.words))
        counts["words", where] += len(every)
        counts["over", where] += sum(n in words and n not in sheet.private for n in every)
        for planted in sheet.planted:
            open_words = [w for w in planted.words if not _is_hidden(w, words, boxes)]
            counts["planted", planted.label, where] += 1
            counts["found", planted.label, where] += not open_words
            if open_words:
                misses.append(_miss(paper, sheet, planted, open_words))
            if planted.label in VALUED:
                right, wrong = _value_of(planted, own)
                counts["valued", planted.label, where] += 1
                counts["right", planted.label, where] += right
                if planted.label in CHECKED:
                    counts["checked", where] += 1
                    counts["wrong", where] += wrong
    if paper.health:
        counts["health",] += 1
        counts["told",] += any(c.category is Category.HEALTH for c in data.categories)
    if paper.public:
        counts["public",] += 1
        counts["clean",] += not data.items
    return counts


def _miss(
    paper: Paper, sheet: Sheet, planted: Planted, words: Sequence[tuple[tuple[int, ...], Box]]
) -> dict[str, str]:
    """A miss, for whoever mends the rules: invented data, shown only when asked for."""
    read = sheet.text.words
    seen = " ".join(read[n].text for w, _ in planted.words for n in w)
    left = " ".join(read[n].text for w, _ in words for n in w)
    return {
        "template": paper.template,
        "label": planted.label,
        "value": planted.value,
        "read": seen,
        "left": left,
        "band": band(sheet.cer),
    }


def _rereader(paper: Paper) -> Callable[[int, Box], str] | None:
    """Reads a region of a page again, as the program does; None without images."""
    if not paper.sheets[0].file:
        return None
    settings = Settings()
    read = line_reader(settings, settings.language)

    def again(page: int, box: Box) -> str:
        path = Path(paper.sheets[page - 1].file)
        kind = sniff(path.read_bytes()[:1024])
        if read is None or kind is None or not path.exists():
            return ""
        image = decode_page(path, kind, 0, settings)
        shown = prepare(image.pixels, image.dpi, settings).page
        grey = shown if shown.ndim == 2 else shown[..., 1]
        return " ".join(read(grey, (box,)))

    return again


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None


def _interval(each: Sequence[Counts], part: Counts, up: str, down: str) -> list[float] | None:
    """95 % of the share `up` / `down` when documents are drawn again."""
    pairs = [(_sum(one, up), _sum(one, down)) for one in each]
    pairs = [pair for pair in pairs if pair[1]]
    if not pairs or not _sum(part, down):
        return None
    draw = random.Random(1)  # noqa: S311 - resampling, no secret
    shares = []
    for _ in range(DRAWS):
        again = draw.choices(pairs, k=len(pairs))
        shares.append(sum(a for a, _ in again) / sum(b for _, b in again))
    shares.sort()
    return [round(shares[int(DRAWS * 0.025)], 4), round(shares[int(DRAWS * 0.975)], 4)]


def _sum(counts: Counts, name: str) -> int:
    return sum(n for key, n in counts.items() if key[0] == name)


def report(each: Sequence[Counts]) -> dict[str, object]:
    """Shares of all documents, by label and by band."""
    total: Counts = Counter()
    for one in each:
        total.update(one)
    bands: dict[str, dict[str, object]] = defaultdict(dict)
    labels = sorted({key[1] for key in total if key[0] == "planted"})
    for _, where in BANDS:
        some: Counts = Counter({key: n for key, n in total.items() if key[-1] == where})
        if _sum(some, "words"):
            bands[where] = {
                "words": _sum(some, "words"),
                "planted": _sum(some, "planted"),
                "found": _share(_sum(some, "found"), _sum(some, "planted")),
                "value_right": _share(_sum(some, "right"), _sum(some, "valued")),
                "wrong_called_valid": _share(_sum(some, "wrong"), _sum(some, "checked")),
                "over_redacted": _share(_sum(some, "over"), _sum(some, "words")),
                "labels": {
                    label: _share(some["found", label, where], some["planted", label, where])
                    for label in labels
                },
            }
    return {
        "documents": len(each),
        "planted": _sum(total, "planted"),
        "found": _share(_sum(total, "found"), _sum(total, "planted")),
        "found_95": _interval(each, total, "found", "planted"),
        "value_right": _share(_sum(total, "right"), _sum(total, "valued")),
        "wrong_called_valid": _share(_sum(total, "wrong"), _sum(total, "checked")),
        "over_redacted": _share(_sum(total, "over"), _sum(total, "words")),
        "over_redacted_95": _interval(each, total, "over", "words"),
        "health_documents": _sum(total, "health"),
        "health_told": _share(_sum(total, "told"), _sum(total, "health")),
        "public_acts": _sum(total, "public"),
        "public_acts_clean": _share(_sum(total, "clean"), _sum(total, "public")),
        "public_acts_clean_95": _interval(each, total, "clean", "public"),
        "labels": {
            label: _share(
                sum(n for k, n in total.items() if k[:2] == ("found", label)),
                sum(n for k, n in total.items() if k[:2] == ("planted", label)),
            )
            for label in labels
        },
        "bands": dict(bands),
    }


def _kind(read: DocumentText) -> str:
    found = read.first.fields.get("type")
    return found.value if found else ""


def measure(
    documents: Sequence[Paper],
) -> tuple[dict[str, object], list[dict[str, str]], list[PersonalData]]:
    """The report on all documents, what was missed, and what was found."""
    each: list[Counts] = []
    misses: list[dict[str, str]] = []
    told: list[PersonalData] = []
    understood = found = 0.0
    pages = 0
    for paper in documents:
        texts = tuple(sheet.text for sheet in paper.sheets)
        started = time.process_time()
        read = read_document(texts)
        middle = time.process_time()
        data = find_personal(read, texts, 1, _rereader(paper), _kind(read))
        understood += middle - started
        found += time.process_time() - middle
        pages += len(texts)
        each.append(counted(paper, data, misses))
        told.append(data)
    cost = {
        "understanding_ms_page": round(1000 * understood / max(1, pages), 1),
        "finding_ms_page": round(1000 * found / max(1, pages), 1),
    }
    return {**report(each), "pages": pages, **cost}, misses, told


@contextmanager
def _known(chosen: argparse.Namespace) -> Iterator[tuple[Paper, ...]]:
    """The papers, with their pictures for as long as they are measured."""
    if chosen.keep:
        yield _kept(chosen)
        return
    with tempfile.TemporaryDirectory() as folder:
        yield papers(chosen, Path(folder))


def _kept(chosen: argparse.Namespace) -> tuple[Paper, ...]:
    kept: Path = chosen.keep / "papers.pickle"
    if not kept.exists():
        chosen.keep.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps(papers(chosen, chosen.keep)))
    known: tuple[Paper, ...] = pickle.loads(kept.read_bytes())  # noqa: S301 - a file of our own
    return known


def main() -> None:
    """Print the report as one JSON object."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--templates", choices=(*SETS, *WIDER), default="dev", help="development or test")
    add("--seed", type=int, default=5, help="1-99 for development, from 900 for the test")
    add("--binders", type=int, default=4)
    add("--pages", type=int, default=50, help="of each binder")
    add("--text-only", action="store_true", help="no images: the truth's words, misread")
    add("--noise", type=float, default=0.0, help="with --text-only, share of letters misread")
    add("--keep", type=Path, help="keep binders and readings here, and use them when they are")
    add("--misses", action="store_true", help="also tell what was missed (invented data)")
    chosen = parser.parse_args()
    with _known(chosen) as known:
        told, misses, _ = measure(known)
    if chosen.misses:
        told["misses"] = misses
    print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main()
