"""Is the scan of a page good enough to be kept as it is? Measured in a few milliseconds.

Judged so that a person at the scanner gets the cause and the remedy, and only where scanning
again would help: what reads well is not sent back for its looks.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.components import FAINT, Components, components, letters
from pipeline.imaging.image import Prepared
from pipeline.imaging.raster import WHITE, Pixels, View, grey_of, quantiles
from schemas.geometry import Affine, Box
from schemas.quality import SIDES, Quality
from schemas.text import Line, PageText, Word

__all__ = ["Quality", "measure", "unread_share"]

_PATCHES = 32
_DARKEST = 0.005
_STEP, _READ_INK = 2, 150
_LEAST_PATCH, _MOST_PATCH = 16, 60
_USUAL_X_HEIGHT = 0.065  # of the resolution: 10 point type
_DARK_TONE, _LIGHT_TONE, _STEEP = 0.02, 0.9, 0.99
_BURNT = 254
_SWALLOWED = 8
_GLARE_PAPER = 240
_INNER = 0.12
_FAINT_FROM, _FAINT_TO, _INK = 195, 243, 180
_NEAR_INK = np.ones((7, 7), np.uint8)
_GRID = (6, 4)
_LEAST_LETTERS = 12
_LEAST_WORDS, _LEAST_WIDTH, _LINES = 4, 0.2, 3
_LEAST_KNOWN, _LEAST_COUNTED = 3, 10
_CUT_LETTERS = 4
_THIN, _TALL, _LONG, _DENSE = 0.4, 3.0, 30.0, 0.15  # of letters cut at the edge, in letter sizes
_EDGE = 2
_FEW = 20
_HALF_DEPTH = 0.5


@dataclass(frozen=True, slots=True)
class _Tones:
    """Of the patches round some letters: brightness of ink and paper, and the steepest edge."""

    ink: NDArray[np.float64]
    paper: NDArray[np.float64]
    steepness: NDArray[np.float64]  # share of the contrast in a pixel


def _levels(pixels: Pixels, shares: Sequence[float]) -> list[int]:
    counts = cv2.calcHist([pixels], [0], None, [WHITE + 1], [0, WHITE + 1]).ravel()
    return [int(level) for level in np.searchsorted(np.cumsum(counts) / pixels.size, shares)]


def _steepest(patch: Pixels) -> float:
    """The steepest edge in a pixel, along rows or columns: where it is less steep."""
    across = cv2.absdiff(patch[:, 2:], patch[:, :-2])
    down = cv2.absdiff(patch[2:], patch[:-2])
    return min(_levels(np.asarray(d, dtype=np.uint8), (_STEEP,))[0] for d in (across, down)) / 2


def _centres(found: Components, factor: int, transform: Affine) -> Iterator[tuple[int, int]]:
    """Places on the page image of letters spread over the page, in reading order of the view."""
    for index in np.linspace(0, len(found) - 1, min(_PATCHES, len(found))).astype(int):
        x, y = found.x[index] + found.w[index] / 2, found.y[index] + found.h[index] / 2
        left, top = transform.point(float(x) * factor, float(y) * factor)
        yield round(left), round(top)


def _patches(
    prepared: Prepared, found: Components, factor: int, x_height: float
) -> Iterator[Pixels]:
    side = int(min(max(_LEAST_PATCH, 1.5 * x_height), _MOST_PATCH))
    height, width = prepared.page.shape[:2]
    for x, y in _centres(found, factor, prepared.transform):
        if side <= x < width - side and side <= y < height - side:
            yield grey_of(prepared.page[y - side : y + side, x - side : x + side])


def _tones(patches: Iterator[Pixels]) -> _Tones:
    rows = []
    for patch in patches:
        ink, paper = _levels(patch, (_DARK_TONE, _LIGHT_TONE))
        rows.append((ink, paper, _steepest(patch) / max(1, paper - ink)))
    table = np.asarray(rows, dtype=np.float64).reshape(-1, 3)
    return _Tones(*table.T)


def _middle(values: NDArray[np.float64]) -> float:
    return float(np.median(values)) if len(values) else 0.0


def _inner(pixels: Pixels) -> Pixels:
    height, width = pixels.shape
    top, left = int(_INNER * height), int(_INNER * width)
    return pixels[top : height - top, left : width - left]


def _clipping(view: View) -> float:
    """Share of the page's inside that is swallowed by black, or by glare on darker paper."""
    paper = _inner(view.paper)
    if not paper.size:
        return 0.0
    black = np.count_nonzero(paper <= _SWALLOWED) / paper.size
    glare = np.count_nonzero(paper >= _BURNT) / paper.size
    return float(max(black, glare if float(np.median(paper)) <= _GLARE_PAPER else 0.0))


def _show_through(view: View) -> float:
    """Share of the page's inside that is faintly grey and far from ink."""
    flat = _inner(view.flat)
    if not flat.size:
        return 0.0
    ink = cv2.dilate((flat < _INK).view(np.uint8), _NEAR_INK)
    faint = (flat >= _FAINT_FROM) & (flat <= _FAINT_TO) & (ink == 0)
    return float(np.count_nonzero(faint) / flat.size)


def _beside(edge: Components, inner: Components, size: float) -> int:
    """How many of `edge` have a letter of `inner` beside them, on the same line."""
    middle = (edge.y + edge.h / 2)[:, None] - (inner.y + inner.h / 2)[None]
    gap = np.maximum(
        inner.x[None] - (edge.x + edge.w)[:, None], edge.x[:, None] - (inner.x + inner.w)[None]
    )
    near = (np.abs(middle) < size) & (gap >= 0) & (gap < 3 * size)
    return int(np.count_nonzero(near.any(axis=1)))


def _cut(pieces: Components, likely: Components, view: View) -> tuple[str, ...]:
    """The sides of the delivered image at which letters, or runs of them, are cut."""
    height, width = view.flat.shape
    size = likely.size
    long, short = np.maximum(pieces.w, pieces.h), np.minimum(pieces.w, pieces.h)
    lettery = (short >= _THIN * size) & (short <= _TALL * size) & (long <= _LONG * size)
    small = pieces.where(lettery & (pieces.area >= _DENSE * pieces.w * pieces.h))
    touching = {
        "left": small.x < _EDGE,
        "top": small.y < _EDGE,
        "right": small.x + small.w > width - _EDGE,
        "bottom": small.y + small.h > height - _EDGE,
    }
    counts = {side: _cut_letters(small.where(at), likely, side) for side, at in touching.items()}
    return tuple(side for side in SIDES if counts[side] >= _CUT_LETTERS)


def _cut_letters(edge: Components, likely: Components, side: str) -> int:
    if not len(edge):
        return 0
    inner = likely if side in {"left", "right"} else edge
    return _beside(edge, inner, likely.size)


def _as_upright(sides: tuple[str, ...], transform: Affine) -> tuple[str, ...]:
    """Sides of the delivered image as sides of the page image."""
    outward = {"left": (-1, 0), "top": (0, -1), "right": (1, 0), "bottom": (0, 1)}

    def turned(side: str) -> str:
        x, y = outward[side]
        u, v = transform.a * x + transform.b * y, transform.d * x + transform.e * y
        if abs(u) > abs(v):
            return "right" if u > 0 else "left"
        return "bottom" if v > 0 else "top"

    there = {turned(side) for side in sides}
    return tuple(side for side in SIDES if side in there)


def _slope(line: Line) -> tuple[float, float] | None:
    """Degrees by which a line's words climb down, and how long it is; None for short lines."""
    if len(line.words) < _LEAST_WORDS:
        return None
    x = np.array([word.box.x + word.box.w / 2 for word in line.words])
    y = np.array([word.box.y + word.box.h / 2 for word in line.words])
    x -= x.mean()
    spread = float((x * x).sum())
    if not spread:
        return None
    return float(np.degrees(np.arctan((x * y).sum() / spread))), float(np.ptp(x))


def _skew(text: PageText) -> float:
    """Degrees by which the lines that were read still slope, the long ones' median."""
    slopes = [s for s in (_slope(line) for line in text.lines) if s is not None]
    long = [degrees for degrees, length in slopes if length > _LEAST_WIDTH * text.size.width]
    return float(np.median(long)) if len(long) >= _LINES else 0.0


def _worst(words: Sequence[Word], text: PageText) -> float | None:
    """The lowest confidence of the regions of a grid that hold enough letters."""
    rows, columns = _GRID
    middle = np.array([(w.box.x + w.box.w / 2, w.box.y + w.box.h / 2) for w in words])
    row = np.clip((middle[:, 1] * rows / text.size.height).astype(int), 0, rows - 1)
    column = np.clip((middle[:, 0] * columns / text.size.width).astype(int), 0, columns - 1)
    region = row * columns + column
    weight = np.array([len(word.text) for word in words], dtype=np.float64)
    told = weight * np.array([word.confidence for word in words])
    number = np.bincount(region, weight, rows * columns)
    enough = number >= _LEAST_LETTERS
    if not enough.any():
        return None
    return float((np.bincount(region, told, rows * columns)[enough] / number[enough]).min())


def _known(words: Sequence[Word], knows: Callable[[str], bool] | None) -> float | None:
    """Share of the words of three letters and more that are in the word list."""
    if knows is None:
        return None
    plain = ("".join(c for c in word.text if c.isalpha() or c == "-").strip("-") for word in words)
    counted = [
        word
        for word, read in zip(plain, words, strict=True)
        if len(word) >= _LEAST_KNOWN and not any(c.isdigit() for c in read.text)
    ]
    if len(counted) < _LEAST_COUNTED:
        return None
    return sum(knows(word) for word in counted) / len(counted)


def unread_share(prepared: Prepared, unread: Sequence[Box]) -> float:
    """Share of the page's ink that lies in these places of the page image."""
    if not unread:
        return 0.0
    ink = prepared.reading[::_STEP, ::_STEP] < _READ_INK
    down, across = ink.shape[0] / prepared.size.height, ink.shape[1] / prepared.size.width
    left = np.zeros_like(ink)
    for box in unread:
        rows = slice(int(box.y * down), ceil((box.y + box.h) * down))
        left[rows, int(box.x * across) : ceil((box.x + box.w) * across)] = True
    return int(np.count_nonzero(ink & left)) / max(1, int(np.count_nonzero(ink)))


def _faint_pieces(view: View) -> Components:
    """Pieces cut at half the depth of the page's own ink, however faint it is."""
    (darkest,) = quantiles(view.flat, (_DARKEST,))
    return components(view.flat, min(FAINT, round(darkest + _HALF_DEPTH * (WHITE - darkest))))


def _image_figures(prepared: Prepared) -> Quality:
    view, pieces = prepared.view, prepared.pieces
    if view is None or pieces is None:
        return Quality()
    likely = letters(pieces)
    if len(likely) < _FEW:
        pieces = _faint_pieces(view)
        likely = letters(pieces)
    x_height = _USUAL_X_HEIGHT * prepared.dpi
    tones = _tones(_patches(prepared, likely, view.factor, x_height))
    return Quality(
        sharpness=round(_middle(tones.steepness) * x_height, 2),
        contrast=round(_middle(tones.paper - tones.ink) / WHITE, 3),
        clipping=round(_clipping(view), 4),
        dpi=prepared.dpi,
        x_height=round(prepared.letter_pixels, 1),
        cut=_as_upright(_cut(pieces, likely, view), prepared.transform),
        show_through=round(_show_through(view), 4),
    )


def measure(
    prepared: Prepared,
    text: PageText,
    knows: Callable[[str], bool] | None,
    unread: Sequence[Box] = (),
) -> Quality:
    """Quality of a page's scan and reading.

    `text` and `unread` (places with ink that no word covers) are on the page image; `knows` tells
    whether a word list of the record's language has a word.
    """
    image, words = _image_figures(prepared), text.words
    known = _known(words, knows)
    worst = _worst(words, text) if words else None
    return replace(
        image,
        skew=round(_skew(text), 3),
        confidence=round(text.confidence, 3) if words else None,
        worst=None if worst is None else round(worst, 3),
        known=None if known is None else round(known, 3),
        unread=len(unread),
        unread_share=round(unread_share(prepared, unread), 3),
    )
