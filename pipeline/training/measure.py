"""python -m pipeline.training.measure: character errors of weights on pages with known text."""

import argparse
import random
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import cv2
import numpy as np
import tesserocr
from PIL import Image
from rapidfuzz.distance import Levenshtein

from pipeline.imaging.image import prepare
from pipeline.imaging.raster import Pixels
from pipeline.recognition.opis_engine import OpisEngine
from pipeline.training.alphabet import ADDED, plain, spelled
from pipeline.training.start import start_from
from schemas.settings import Settings

_PICTURES = (".jpg", ".jpeg", ".png", ".tif")
_UNKNOWN_DPI, _LEAST_DPI = 200, 72
_VARIABLES = {"debug_file": "/dev/null", "tessedit_do_invert": "0"}
_SIGNS = str.maketrans(
    {"–": "-", "—": "-", "°": "o", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "•": "*"}
)
_TYPOGRAPHY = frozenset(("", "—", "«", "»", "„", "”", "“"))
_LOW_QUALITY = 50
_SPOILS = ("asis", "72ppi", "100ppi", "150ppi", "faint")


@dataclass(frozen=True, slots=True)
class Page:
    """A delivered page image with its truth and class."""

    file: Path
    truth: str
    kind: str


def pages_in(folder: Path, half: str) -> tuple[Page, ...]:
    """Pictures with NAME.gt.txt beside them; "odd" and "even" positions, or "all"."""
    pictures = sorted(file for file in folder.iterdir() if file.suffix.lower() in _PICTURES)
    chosen = {"odd": pictures[::2], "even": pictures[1::2], "all": pictures}[half]
    table = folder / "classes.tsv"
    rows = table.read_text(encoding="utf-8").splitlines()[1:] if table.exists() else []
    kinds = dict(row.split("\t", 1) for row in rows)
    found = []
    for file in chosen:
        truth = file.with_suffix(".gt.txt")
        if truth.exists() and truth.read_text(encoding="utf-8").strip():
            text = truth.read_text(encoding="utf-8")
            found.append(Page(file, text, kinds.get(file.name, folder.name)))
    return tuple(found)


def compared(text: str, folded: frozenset[str]) -> str:
    """NFC, comma-below letters, single spaces; where letters are given, only those are told apart.

    Marks of transcribers (~~~, _word, x^er) are left out.
    """
    text = re.sub(r"~~~|(?<!\w)_(?=\w)|\^", "", unicodedata.normalize("NFC", text))
    return spelled(plain(text).translate(_SIGNS), folded) if folded else plain(text)


def _faint(grey: Pixels, rng: random.Random) -> Pixels:
    """Ink at a sixth of its contrast on uneven grey paper, with the scanner's noise."""
    strength, paper = rng.uniform(0.1, 0.22), rng.uniform(190, 235)
    grain = np.random.default_rng(rng.getrandbits(32)).standard_normal(grey.shape)
    page = paper - (255.0 - grey) * strength + 2.0 * grain
    return np.clip(page, 0, 255).astype(np.uint8)


def spoilt(pixels: Pixels, dpi: int, how: str, name: str) -> tuple[Pixels, int]:
    """A page made worse, and its resolution: "72ppi", "100ppi", "150ppi", "faint" or "asis"."""
    if how == "asis":
        return pixels, dpi
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    if how == "faint":
        return _faint(np.asarray(grey, np.uint8), random.Random(name)), dpi
    ppi = int(how.removesuffix("ppi"))
    size = round(grey.shape[1] * ppi / dpi), round(grey.shape[0] * ppi / dpi)
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    data = cv2.imencode(".jpg", small, (cv2.IMWRITE_JPEG_QUALITY, _LOW_QUALITY))[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8), ppi


def _dpi(file: Path) -> int:
    with Image.open(file) as picture:
        told = picture.info.get("dpi", (0, 0))[0]
    return round(float(told)) if told >= _LEAST_DPI else _UNKNOWN_DPI


def opis_reader(weights: Path, cache: Path) -> Callable[[Pixels, int], str]:
    """Reads a prepared page with our engine, which hands doubtful lines on to Tesseract."""
    engine = OpisEngine(weights.parent, cache)
    language = weights.name.removesuffix(".traineddata")

    def read(reading: Pixels, dpi: int) -> str:
        blocks = engine.read(reading, dpi, language).blocks
        lines = (line for block in blocks for line in block.lines)
        return "\n".join(" ".join(word.text for word in line.words) for line in lines)

    return read


def tesseract_reader(weights: Path) -> Callable[[Pixels, int], str]:
    """Reads a prepared page with Tesseract in this process."""
    api = tesserocr.PyTessBaseAPI(
        path=str(weights.parent),
        lang=weights.name.removesuffix(".traineddata"),
        psm=tesserocr.PSM.AUTO,
        oem=tesserocr.OEM.LSTM_ONLY,
        variables=_VARIABLES,
    )

    def read(reading: Pixels, dpi: int) -> str:
        height, width = reading.shape
        api.SetImageBytes(np.ascontiguousarray(reading).tobytes(), width, height, 1, width)
        api.SetSourceResolution(dpi)
        return str(api.GetUTF8Text())

    return read


@dataclass(frozen=True, slots=True)
class Score:
    """Errors of one page by weights."""

    page: Page
    how: str
    letters: int
    errors: Mapping[str, int]


def scores(
    pages: Sequence[Page],
    how: str,
    readers: Mapping[str, Callable[[Pixels, int], str]],
    folded: frozenset[str],
) -> Iterator[Score]:
    """Each page prepared once and read by all readers."""
    for page in pages:
        truth = compared(page.truth, folded)
        if not truth:
            continue
        pixels = cv2.imread(str(page.file), cv2.IMREAD_COLOR)
        image, dpi = spoilt(np.asarray(pixels, np.uint8), _dpi(page.file), how, page.file.name)
        ready = prepare(image, dpi, Settings())
        errors = {
            name: Levenshtein.distance(
                compared(read(ready.reading, ready.reading_dpi), folded), truth
            )
            for name, read in readers.items()
        }
        yield Score(page, how, len(truth), errors)


def table(found: Sequence[Score], names: Sequence[str]) -> Iterator[str]:
    """Lines of a table: class, pages, letters, error share of each weights, ratio to the first."""
    groups: dict[str, list[Score]] = {}
    for score in found:
        key = score.page.kind if score.how == "asis" else score.how
        groups.setdefault(key, []).append(score)
    yield "\t".join(("class", "pages", "letters", *names))
    for key, rows in (*sorted(groups.items()), ("all", list(found))):
        letters = sum(row.letters for row in rows)
        shares = [sum(row.errors[name] for row in rows) / max(1, letters) for name in names]
        cells = (f"{100 * s:.2f} ({s / max(shares[0], 1e-9):.2f})" for s in shares)
        yield "\t".join((key, str(len(rows)), str(letters), *cells))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m pipeline.training.measure")
    add = parser.add_argument
    add("folders", type=Path, nargs="+", help="page images with NAME.gt.txt beside them")
    add("--weights", type=Path, nargs="+", required=True, help="the first is what is compared to")
    add("--half", choices=("odd", "even", "all"), default="all", help="positions in each folder")
    add("--spoil", choices=_SPOILS, nargs="+", default=["asis"], help="pages made worse first")
    add("--fold", action="store_true", help="letters that the first weights lack lose accents")
    add("--ours", type=Path, metavar="CACHE", help="read with our engine, models kept there")
    add("--each", action="store_true", help="every page's errors too")
    return parser


def _folded(weights: Path) -> frozenset[str]:
    """The letters that both the weights and typescripts in any language have."""
    known = start_from(weights).alphabet.texts
    return frozenset(letter for letter in known if letter not in ADDED) - _TYPOGRAPHY


def main(arguments: list[str] | None = None) -> int:
    """Run the command; its exit code."""
    chosen = _parser().parse_args(arguments)
    folded = _folded(chosen.weights[0]) if chosen.fold else frozenset[str]()
    readers = {
        file.stem: opis_reader(file, chosen.ours) if chosen.ours else tesseract_reader(file)
        for file in chosen.weights
    }
    found = []
    for folder, how in product(chosen.folders, chosen.spoil):
        for score in scores(pages_in(folder, chosen.half), how, readers, folded):
            found.append(score)
            if chosen.each:
                shares = (f"{n / score.letters:.3f}" for n in score.errors.values())
                print(score.page.file.name, how, *shares, flush=True)
    print("\n".join(table(found, tuple(readers))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
