"""Line images with their text, each made from a seed and its number alone."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.raster import Pixels, darken, flatten, paper_of
from pipeline.training import setting, wear
from pipeline.training.faces import Faces
from pipeline.training.text import Texts, line_text
from pipeline.training.wear import Chance

_Grey: TypeAlias = NDArray[np.float32]

_CLEAN = 0.28
_TYPED = 0.6
_EMPTY = 0.045
_PAD = 4
_LEAST_SIDE = 8


@dataclass(frozen=True, slots=True)
class Line:
    """`image`: grey, dark on white, cut as a line finder cuts; `text`: what stands on it."""

    image: Pixels
    text: str


@dataclass(frozen=True, slots=True)
class Workshop:
    """What lines are made of: texts, faces and a seed."""

    texts: Texts
    faces: Faces
    seed: int


@dataclass(frozen=True, slots=True)
class _Scan:
    """A scanned strip; rows `top` to `bottom` and columns `left` to `right` hold the line."""

    grey: Pixels
    left: float
    right: float
    top: float
    bottom: float


def _set(work: Workshop, text: str, em: int, rng: random.Random, *, clean: bool) -> setting.Setting:
    mono, serif = work.faces.marks
    if rng.random() < (0.3 if clean else _TYPED):
        file = rng.choice(work.faces.typewriters)
        machine = setting.machine(em, file, rng, clean=clean)
        return setting.typed(text, file, mono, em, machine, rng)
    return setting.printed(text, rng.choice(work.faces.printed), serif, em, rng)


def _nothing(em: int, chance: Chance) -> setting.Setting:
    """A line that a line finder took a stamp, a signature or a rule for."""
    width = chance.rng.randint(3 * em, 20 * em)
    ink = setting.blank(em, width)
    kind = chance.rng.random()
    if kind < 0.4:
        ink[:] = (wear.stamp(ink.shape, em, chance) * 255).astype(np.uint8)
    elif kind < 0.75:
        drawn = wear.scribble((2 * em, width), chance)
        ink[em : 3 * em] = (drawn * 255).astype(np.uint8)
    else:
        field = np.zeros(ink.shape, np.float32)
        for _ in range(chance.rng.randint(1, 3)):
            field = wear.ruled(field, em, 2 * em, chance)
        ink[:] = (field * 255).astype(np.uint8)
    top = int(em * chance.between(1.0, 1.8))
    return setting.Setting(ink, em, width - em, top, top + int(em * chance.between(0.5, 1.4)), em)


def _with_neighbours(made: setting.Setting, work: Workshop, chance: Chance) -> setting.Setting:
    """Ascenders and descenders of the lines above and below, which the cut lets in."""
    ink = made.ink.copy()
    pitch = round(made.em * chance.between(1.05, 1.5))
    file = chance.rng.choice(work.faces.printed)
    for way in (-1, 1):
        text = line_text(work.texts, chance.rng)[: 2 * ink.shape[1] // made.em]
        other = setting.printed(text, file, work.faces.marks[1], made.em, chance.rng)
        setting.press(ink, other.ink, chance.rng.randint(-made.em, made.em), way * pitch)
    return setting.Setting(ink, made.left, made.right, made.top, made.bottom, made.em)


def _inked(made: setting.Setting, chance: Chance, *, clean: bool) -> _Grey:
    base = int(setting.BASE * made.em)
    ink = made.ink.astype(np.float32) * np.float32(1 / 255)
    if chance.one_in(0.03 if clean else 0.09):
        ink = wear.underlined(ink, made.em, base, made.left, max(made.left, made.right), chance)
    if not clean:
        if chance.one_in(0.04):
            ink = wear.signed(ink, made.em, chance)
        if chance.one_in(0.06):
            ink = wear.ruled(ink, made.em, base, chance)
        ink = wear.worn_ink(ink, made.em, chance)
    return wear.on_paper(ink, made.em, chance, clean=clean)


def _resolution(chance: Chance, *, clean: bool) -> float:
    """Scanned pixels for one pixel of reading: a third is about 70 ppi."""
    if clean:
        return chance.between(0.85, 1.4)
    low, high = chance.rng.choice(((0.33, 0.5), (0.42, 0.65), (0.6, 1.0), (0.9, 1.4)))
    return chance.between(low, high)


def _scanned(page: _Grey, made: setting.Setting, chance: Chance, *, clean: bool) -> _Scan:
    """The paper laid a little askew, at the scanner's resolution, with its noise."""
    height, width = page.shape
    ratio = _resolution(chance, clean=clean)
    stretch = chance.between(0.9, 1.12) if chance.one_in(0.6) else 1.0
    slope = chance.rng.gauss(0, 0.0035 if clean else 0.006) * min(1, 900 / width)
    lean = chance.rng.gauss(0, 0.015 if clean else 0.04)
    matrix = np.array(
        [[stretch, lean, -lean * height / 2], [slope, 1, -slope * width / 2]], np.float32
    )
    size = max(_LEAST_SIDE, int(width * stretch * ratio)), max(_LEAST_SIDE, int(height * ratio))
    if ratio < 0.8:
        page = np.asarray(cv2.GaussianBlur(page, (0, 0), 0.35 / ratio), np.float32)
    grey = np.asarray(
        cv2.warpAffine(page, ratio * matrix, size, borderMode=cv2.BORDER_REPLICATE), np.float32
    )
    if chance.one_in(0.3 if clean else 0.55):
        reach = chance.between(0.4, 0.9 if ratio < 0.7 else 1.3)
        grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), reach), np.float32)
    noise = chance.between(0, 3 if clean else 9)
    grey = grey + noise * chance.field(grey.shape, 1 if chance.one_in(0.7) else 2)
    whole = np.clip(grey, 0, 255).astype(np.uint8)
    across = stretch * ratio
    return _Scan(
        whole, made.left * across, made.right * across, made.top * ratio, made.bottom * ratio
    )


def _stored(grey: Pixels, chance: Chance, *, clean: bool, coarse: bool) -> Pixels:
    """Black and white, or through JPEG, as files come."""
    kind = chance.rng.random()
    if kind < 0.07 and not clean and not coarse:
        method = cv2.THRESH_BINARY | cv2.THRESH_OTSU
        return np.asarray(cv2.threshold(grey, 0, 255, method)[1], np.uint8)
    if kind < 0.5:
        quality = chance.rng.randint(60, 92) if clean else chance.rng.randint(18, 85)
        data = cv2.imencode(".jpg", grey, (cv2.IMWRITE_JPEG_QUALITY, quality))[1]
        return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)
    return grey


def _flat(grey: Pixels, chance: Chance) -> Pixels:
    """White paper, as the pipeline prepares pages; faint ink darkened now and then as there."""
    if chance.one_in(0.15):
        paper = np.full_like(grey, max(1, int(np.percentile(grey, 90))))
    else:
        paper = paper_of(grey)
    return darken(flatten(grey, paper), sparse=chance.one_in(0.1))


def _prepared(scan: _Scan, ratio: float, chance: Chance) -> _Scan:
    """Back at the scale of reading, the paper white."""
    factor = chance.between(0.9, 1.1) / ratio
    methods = (cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_CUBIC)
    method = cv2.INTER_AREA if factor < 1 else chance.rng.choice(methods)
    size = round(scan.grey.shape[1] * factor), round(scan.grey.shape[0] * factor)
    grey = np.asarray(cv2.resize(scan.grey, size, interpolation=method), np.uint8)
    return _Scan(
        _flat(grey, chance),
        scan.left * factor,
        scan.right * factor,
        scan.top * factor,
        scan.bottom * factor,
    )


def _cut(scan: _Scan, em: int, chance: Chance) -> Pixels:
    """The line's box with four pixels round it, now and then too wide or too narrow."""
    pad = _PAD if chance.one_in(0.7) else chance.rng.randint(1, 9)
    above = pad + max(chance.rng.gauss(0, 0.05) * em, -0.08 * em)
    below = pad + max(chance.rng.gauss(0, 0.05) * em, -0.05 * em)
    side = _PAD + abs(chance.rng.gauss(0, 0.08)) * em
    if chance.one_in(0.08):
        above += abs(chance.rng.gauss(0, 0.25)) * em
    if chance.one_in(0.08):
        below += abs(chance.rng.gauss(0, 0.25)) * em
    top, bottom = max(0, int(scan.top - above)), max(0, int(scan.bottom + below))
    left, right = max(0, int(scan.left - side)), max(0, int(scan.right + side))
    return scan.grey[top:bottom, left:right]


def _made(work: Workshop, chance: Chance, *, clean: bool) -> Line | None:
    em = chance.rng.randrange(24, 41, 2)
    empty = not clean and chance.one_in(_EMPTY)
    text = "" if empty else line_text(work.texts, chance.rng)
    made = _nothing(em, chance) if empty else _set(work, text, em, chance.rng, clean=clean)
    if not empty and chance.one_in(0.12 if clean else 0.35):
        made = _with_neighbours(made, work, chance)
    page = _inked(made, chance, clean=clean)
    scan = _scanned(page, made, chance, clean=clean)
    ratio = scan.grey.shape[0] / page.shape[0]
    stored = _stored(scan.grey, chance, clean=clean, coarse=ratio < 0.55)
    scan = _Scan(stored, scan.left, scan.right, scan.top, scan.bottom)
    image = _cut(_prepared(scan, ratio, chance), em, chance)
    return Line(image, text) if min(image.shape) >= _LEAST_SIDE else None


def make_line(work: Workshop, number: int, *, clean: bool | None = None) -> Line:
    """Line `number` of a workshop: the same whenever it is made, alone or among others."""
    for attempt in range(100):
        chance = Chance(random.Random(f"{work.seed}/{number}/{attempt}"))
        tidy = chance.one_in(_CLEAN) if clean is None else clean
        line = _made(work, chance, clean=tidy)
        if line:
            return line
    raise RuntimeError(f"no line {number} from seed {work.seed}")


def make_lines(work: Workshop, first: int, count: int) -> Iterator[Line]:
    """Lines `first` to `first + count - 1`."""
    return (make_line(work, number) for number in range(first, first + count))
