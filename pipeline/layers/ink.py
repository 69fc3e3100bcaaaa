"""Ink and paper of a page image: where the ink is, to the pixel, and the paper without it."""

from dataclasses import dataclass
from math import log2

import cv2
import numpy as np

from pipeline.imaging.raster import Pixels, halve

_COARSE_DPI = 75
_THICKEST = np.ones((15, 15), np.uint8)  # 5 mm at 75 dpi: what is thicker is no stroke
_NEAR = np.ones((5, 5), np.uint8)
_BESIDE = np.ones((3, 3), np.uint8)
_SMOOTH = (9, 9)
_EDGE = 0.36  # of the darkest stroke near by; at a half thin strokes and accents break
_FAINTEST = 0.38  # of the page's ink; paler marks show through from the other side, or are stains
_LEAST_DEPTH = 26
_DARKEST_SHARE = 0.003
_SPECKS_DPI = 250
_SPECK = 32  # 4.5 of 36 pixels: what is less is no dot of any letter (the smallest has nine)
_MOST_LEVELS = 255
_BAND = 32  # coarse rows
_ROWS = 128  # at once: what is a page long leaves the cache, and costs memory


@dataclass(frozen=True, slots=True)
class Ink:
    """Where a page's ink is.

    `mask`: 255 where ink is, at the page's resolution, without the last `factor` - 1 rows and
    columns at most; `factor` of its pixels make one of `coarse` (the page, 75 to 150 dpi), `light`
    (its paper's brightness) and `cover` (how much of it is ink, 0 to 255); `depth`: how much
    darker than paper the page's ink is.
    """

    mask: Pixels
    coarse: Pixels
    light: Pixels
    cover: Pixels
    depth: int
    factor: int


def _u8(array: object) -> Pixels:
    return np.asarray(array, dtype=np.uint8)


def is_grey(page: Pixels) -> bool:
    """H×W, and not H×W×3 (BGR)."""
    return page.ndim == 2  # noqa: PLR2004 two axes


def _darkest_channel(page: Pixels) -> Pixels:
    """The channel in which ink of any hue is darkest; a grey page as it is."""
    if is_grey(page):
        return page
    darkest = np.empty(page.shape[:2], np.uint8)
    for top in range(0, len(page), _ROWS):
        rows = slice(top, top + _ROWS)
        blue, green, red = cv2.split(page[rows])
        cv2.min(cv2.min(blue, green), red, darkest[rows])
    return darkest


def _halvings(page: Pixels, dpi: int) -> int:
    """How often to halve, to 75 dpi at the least."""
    count = max(0, round(log2(max(1.0, dpi / _COARSE_DPI))))
    while count and min(page.shape[:2]) >> count < len(_THICKEST):
        count -= 1
    return count


def _whole(page: Pixels, factor: int) -> Pixels:
    """The page without the rows and columns that do not fill a coarse pixel."""
    height, width = page.shape[:2]
    return page[: height // factor * factor, : width // factor * factor]


def halved(page: Pixels, times: int) -> Pixels:
    """A smaller copy of a page whose sides can be halved so many times."""
    for _ in range(times):
        page = halve(page)
    return page


def light_of(coarse: Pixels) -> Pixels:
    """Brightness of the paper round about; that of what is thicker than any stroke."""
    closed = cv2.morphologyEx(coarse, cv2.MORPH_CLOSE, _THICKEST)
    return _u8(cv2.blur(closed, _SMOOTH))


def _depth_of(finer: Pixels, light: Pixels) -> Pixels:
    """How far below the paper the darkest ink of each place lies."""
    darkest = cv2.erode(finer, _BESIDE)
    height, width = light.shape
    darkest = cv2.resize(darkest, (width, height), interpolation=cv2.INTER_NEAREST)
    return _u8(cv2.subtract(light, darkest))


def _page_depth(depth: Pixels) -> int:
    counts = cv2.calcHist([depth], [0], None, [_MOST_LEVELS + 1], [0, _MOST_LEVELS + 1])
    darkest_first = np.cumsum(counts.ravel()[::-1])
    return _MOST_LEVELS - int(np.searchsorted(darkest_first, _DARKEST_SHARE * depth.size))


def _limits(light: Pixels, depth: Pixels, faintest: float) -> Pixels:
    """What is darker is ink: over a third of the way down to the darkest ink; 0 where there is none."""
    near = _u8(cv2.dilate(depth, _NEAR))
    limits = _u8(cv2.addWeighted(light, 1.0, near, -_EDGE, 0))
    limits[near < faintest] = 0
    return limits


def _masked(grey: Pixels, limits: Pixels) -> Pixels:
    """What is darker than its limit, band by band."""
    mask = np.empty_like(grey)
    factor = grey.shape[0] // limits.shape[0]
    for top in range(0, limits.shape[0], _BAND):
        above = min(1, top)
        coarse = limits[top - above : top + _BAND + 1]
        size = (grey.shape[1], len(coarse) * factor)
        fine = cv2.resize(coarse, size, interpolation=cv2.INTER_LINEAR)
        rows = slice(top * factor, (top + _BAND) * factor)
        here = grey[rows]
        cv2.compare(here, fine[above * factor :][: len(here)], cv2.CMP_LT, mask[rows])
    return mask


def _remove_specks(mask: Pixels, half: Pixels) -> None:
    """Take out, in place, what stands alone and is smaller than any letter's dot."""
    _, kept = cv2.threshold(cv2.blur(half, (3, 3)), _SPECK - 1, _MOST_LEVELS, cv2.THRESH_BINARY)
    near = cv2.dilate(cv2.bitwise_and(kept, half), _BESIDE)
    lone = cv2.subtract(half, near)
    if not cv2.countNonZero(lone):
        return
    columns, rows = np.asarray(cv2.findNonZero(lone)).reshape(-1, 2).T
    for y, x in ((0, 0), (0, 1), (1, 0), (1, 1)):
        mask[2 * rows + y, 2 * columns + x] = 0
    half[rows, columns] = 0


def _cover(mask: Pixels, times: int, *, specks: bool) -> Pixels:
    """How much of each coarse pixel is ink; specks are taken out of the mask, in place."""
    if not times:
        return mask
    half = halve(mask)
    if specks:
        _remove_specks(mask, half)
    return halved(half, times - 1)


def finer(page: Pixels, ink: Ink) -> Ink:
    """The same ink, with the coarse views twice as fine."""
    factor = ink.factor // 2
    times = factor.bit_length() - 1
    height, width = ink.mask.shape
    coarse = halved(_darkest_channel(page[:height, :width]), times)
    cover = halved(ink.mask, times)
    return Ink(ink.mask, coarse, light_of(coarse), cover, ink.depth, factor)


def find_ink(page: Pixels, dpi: int) -> Ink:
    """Ink by the depth of each place's own strokes: pale lines stay as well as black ones."""
    times = _halvings(page, dpi)
    grey = _darkest_channel(_whole(page, 2**times))
    finer = halved(grey, max(0, times - 1))
    coarse = halved(finer, min(1, times))
    light = light_of(coarse)
    depth = _depth_of(finer, light)
    page_depth = _page_depth(depth)
    limits = _limits(light, depth, max(_LEAST_DEPTH, _FAINTEST * page_depth))
    mask = _masked(grey, limits)
    cover = _cover(mask, times, specks=dpi >= _SPECKS_DPI)
    return Ink(mask, coarse, light, cover, page_depth, 2**times)
