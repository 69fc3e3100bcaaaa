"""Which separator and cover sheets are read, by kind and angle, and what is taken for one in error.

python -m benchmarks.separators DIR [--others DIR ...] [--each N] --json

DIR holds the real sheets; `--others` are folders of pages that are none. Our own sheets are drawn,
spoilt as scanners and photocopiers do, turned by right angles, and read back.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pypdfium2

from examples.binders import faults
from pipeline.sheets.drawing import draw_sheets
from scanners.pages.decode import decode_page
from scanners.pages.probe import probe_file
from scanners.pages.raster import Pixels
from scanners.patch_code import has_patch_t
from scanners.sheets import read_sheet
from scanners.sources import sniff
from schemas.errors import OpisError
from schemas.inventory import ListedUnit, UnitName
from schemas.settings import Settings
from schemas.sources import Sheet

BARS = "Code 39 and the bars of Patch T"
REAL = {
    ("barcode-fax-image.pdf", 1): BARS,
    ("naps2_patcht.jpg", 0): BARS,
    ("patch-code-t-middle-reverse.pdf", 1): BARS,
    ("patch-code-t-middle.pdf", 1): BARS,
    ("patch-code-t-middle.tiff", 1): BARS,
    ("patch-code-t-qr.pdf", 0): "QR Code",
    ("patch-code-t.pdf", 0): BARS,
}
"""The pages of the real set that are separators, as a person sees them."""
ANGLES = (0, 90, 180, 270, 2, -4, 8, -12)
RESOLUTIONS = (300, 200, 150, 100)
UNITS = (
    ListedUnit(UnitName("", "", "7", ""), None),
    ListedUnit(UnitName("Primăria Sectorului 6", "3/1998", "345/2016", "2016"), 198),
    ListedUnit(
        UnitName("Primăria Municipiului Timișoara, Direcția Urbanism", "12", "1.204/1987", "1987"),
        311,
    ),
    ListedUnit(
        UnitName(
            "Consiliul Popular al Municipiului București; Secția Gospodărie Comunală și Locativă",
            "Inventar nr. 114, partea a II-a",
            "D-XII/345 bis",
            "1968-1971",
        ),
        274,
    ),
)
Spoil = Callable[[Pixels, random.Random, int], Pixels]


def _grey(pixels: Pixels) -> Pixels:
    if pixels.ndim == 2:
        return pixels
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)


def _pages(folder: Path) -> Iterator[tuple[str, int, Pixels, int]]:
    """File name, frame, grey pixels and resolution of every page that can be opened."""
    options = Settings()
    for path in sorted(folder.rglob("*")):
        kind = sniff(path.read_bytes()[:1024]) if path.is_file() else None
        try:
            frames = probe_file(path, kind, options).frames if kind else 0
        except OpisError:
            continue
        for frame in range(frames):
            try:
                page = decode_page(path, kind, frame, options)  # type: ignore[arg-type]  # no kind, no frames
            except OpisError:
                continue
            yield path.name, frame, _grey(page.pixels), page.dpi


def turned(page: Pixels, angle: float, border: int = 255) -> Pixels:
    """The page turned: right angles as they are, others about its middle."""
    if angle % 90 == 0:
        return np.ascontiguousarray(np.rot90(page, int(angle // 90)))
    height, width = page.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    out = cv2.warpAffine(page, matrix, (width, height), borderValue=(border,))
    return np.asarray(out, np.uint8)


def _told(sheet: Sheet | None) -> str:
    return f"{sheet.payload} ({sheet.symbology})" if sheet else ""


def real_sheets(folder: Path) -> dict[str, object]:
    """Every page of the real set: what is read at each angle; what is read that is no sheet."""
    sheets: dict[str, object] = {}
    wrong: list[str] = []
    by_angle: Counter[str] = Counter()
    bars: Counter[str] = Counter()
    pages = 0
    for name, frame, grey, dpi in _pages(folder):
        pages += 1
        kind = REAL.get((name, frame))
        read = {str(a): _told(read_sheet(turned(grey, a), dpi)) for a in ANGLES}
        if kind is None:
            wrong += [f"{name} {frame} {angle}: {what}" for angle, what in read.items() if what]
            continue
        sheets[f"{name} {frame}"] = {"kind": kind, "read": read}
        by_angle.update(angle for angle, what in read.items() if what)
        if kind == BARS:
            bars.update(str(angle) for angle in ANGLES if _bars_read(turned(grey, angle), dpi))
    return {
        "pages": pages,
        "separators": len(sheets),
        "read_by_angle": {str(angle): by_angle[str(angle)] for angle in ANGLES},
        "bars": sum(kind == BARS for kind in REAL.values()),
        "bars_read_by_angle": {str(angle): bars[str(angle)] for angle in ANGLES},
        "read_that_are_none": wrong,
        "sheets": sheets,
    }


def _bars_read(grey: Pixels, dpi: int) -> bool:
    factor = 100 / dpi
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return has_patch_t(np.asarray(small, np.uint8), 100)


def other_pages(folders: list[Path]) -> dict[str, object]:
    """Pages that are no sheets, and those taken for one (or for a page with Patch T's bars)."""
    counts: dict[str, int] = {}
    wrong: list[str] = []
    for folder in folders:
        for name, frame, grey, dpi in _pages(folder):
            counts[folder.name] = counts.get(folder.name, 0) + 1
            sheet = read_sheet(grey, dpi)
            if sheet:
                wrong.append(f"{folder.name}/{name} {frame}: {_told(sheet)}")
            if _bars_read(grey, dpi):
                wrong.append(f"{folder.name}/{name} {frame}: bars")
    return {"pages": sum(counts.values()), "by_set": counts, "taken_for_sheets": wrong}


# our own sheets, printed and scanned back


def printed() -> dict[str, tuple[Pixels, ...]]:
    """Covers and a separator as they come from the printer, 300 dpi."""
    document = pypdfium2.PdfDocument(draw_sheets(UNITS, 1, "Primăria", "ro"))
    pages = [
        np.asarray(page.render(scale=300 / 72, grayscale=True).to_numpy()).squeeze()
        for page in document
    ]
    return {"cover": tuple(pages[::2]), "separator": (pages[1],)}


def _at(page: Pixels, dpi: int) -> Pixels:
    factor = dpi / 300
    if dpi == 300:
        return page
    small = cv2.resize(page, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def _as_generated(page: Pixels, rng: random.Random, dpi: int) -> Pixels:
    """Whatever the generator of sample binders does to pages of its worst level."""
    plan = replace(faults.plan(rng, "full"), dpi=0)
    return faults.apply(page, plan, page, rng, dpi)


def _askew(page: Pixels, rng: random.Random, dpi: int) -> Pixels:
    plan = faults.Plan("skewed", skew=rng.uniform(-6, 6), noise=2, blur=0.8, paper=236, border=40)
    return faults.apply(page, plan, page, rng, dpi)


def _stained(page: Pixels, rng: random.Random, dpi: int) -> Pixels:
    plan = faults.Plan("stained", stains=6, shadow=0.7, holes=True, noise=2, paper=236)
    return faults.apply(page, plan, page, rng, dpi)


def _faded(page: Pixels, rng: random.Random, dpi: int) -> Pixels:
    plan = faults.Plan("faded", fade=0.7, noise=2, paper=240, skew=rng.uniform(-2, 2))
    return faults.apply(page, plan, page, rng, dpi)


def _speckled(page: Pixels, rng: random.Random, _dpi: int) -> Pixels:
    """One pixel of fifty is the other colour, at the resolution of the scan."""
    chance = np.random.default_rng(rng.randrange(1 << 30)).random(page.shape)
    return np.where(chance < 0.02, 255 - page, page).astype(np.uint8)


def _photocopied(page: Pixels, rng: random.Random, dpi: int) -> Pixels:
    """Twice through a copier: bars grow, edges fray, all is black or white."""
    for _ in range(2):
        plan = faults.Plan("skewed", skew=rng.uniform(-1.5, 1.5), scale=0.98, noise=2)
        copy = faults.apply(page, plan, page, rng, dpi)
        soft = cv2.GaussianBlur(copy, (0, 0), dpi / 200)
        page = np.where(soft > 150, 255, 0).astype(np.uint8)
    return _speckled_lightly(page, rng)


def _speckled_lightly(page: Pixels, rng: random.Random) -> Pixels:
    chance = np.random.default_rng(rng.randrange(1 << 30)).random(page.shape)
    return np.where(chance < 0.003, 255 - page, page).astype(np.uint8)


def _covered(page: Pixels, rng: random.Random, dpi: int) -> Pixels:
    """One of the two kinds of code hidden altogether: the square, or the bars at the foot."""
    page = page.copy()
    height = page.shape[0]
    hidden = rng.choice(
        (slice(height * 33 // 100, height * 3 // 4), slice(height * 3 // 4, height))
    )
    page[hidden] = 200
    return _askew(page, rng, dpi)


SPOILT: dict[str, Spoil] = {
    "clean": lambda page, _rng, _dpi: page,
    "as generated": _as_generated,
    "askew and blurred": _askew,
    "stained, shadowed, punched": _stained,
    "faded": _faded,
    "2 % speckle": _speckled,
    "photocopied twice": _photocopied,
    "one code hidden": _covered,
}


def own_sheets(each: int) -> dict[str, object]:
    """Read / tried of our own sheets, by kind, fault and resolution; every name that was misread."""
    rates: dict[str, dict[str, dict[str, str]]] = {}
    misread = 0
    symbologies: Counter[str] = Counter()
    for kind, pages in printed().items():
        for fault, spoil in SPOILT.items():
            for dpi in RESOLUTIONS:
                read = 0
                for seed in range(1, each + 1):
                    sheet = _scanned(pages[seed % len(pages)], spoil, seed, dpi)
                    right = sheet is not None and _is_right(kind, seed % len(pages), sheet)
                    read += right
                    misread += sheet is not None and not right
                    symbologies.update((sheet.symbology,) if sheet else ())
                rates.setdefault(kind, {}).setdefault(fault, {})[str(dpi)] = f"{read}/{each}"
    return {"read": rates, "misread": misread, "by": dict(symbologies)}


def _scanned(page: Pixels, spoil: Spoil, seed: int, dpi: int) -> Sheet | None:
    rng = random.Random(seed)  # noqa: S311 seeded pseudo-randomness is the point
    spoilt = spoil(_at(page, dpi), rng, dpi)
    return read_sheet(turned(spoilt, 90 * rng.randrange(4)), dpi)


def _is_right(kind: str, place: int, sheet: Sheet) -> bool:
    if kind == "separator":
        return sheet.payload == "PATCHT"
    unit = UNITS[place]
    return sheet.keys.get("cota") == unit.name.cota or (
        sheet.keys.get("reference") == unit.name.reference
    )


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", metavar="DIR", type=Path, help="the real sheets")
    parser.add_argument("--others", type=Path, nargs="*", default=[], help="pages that are none")
    parser.add_argument("--each", type=int, default=20, help="our sheets, so often a fault")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    chosen = parser.parse_args()
    told = {
        "real": real_sheets(chosen.folder),
        "others": other_pages(chosen.others),
        "own": own_sheets(chosen.each),
    }
    print(json.dumps(told, ensure_ascii=False, indent=None if chosen.json else 2))


if __name__ == "__main__":
    main()
