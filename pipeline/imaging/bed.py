"""What is in the picture and no part of the sheet: the scanner's dark bed or lid, punch holes.

A bed is dark, even, reaches in from the edges, and ends sharply at the sheet; shadows and stains
fade, photographs are not even. Judged in a copy of about 37 dpi; sizes are in its pixels.
"""

import cv2
import numpy as np

from pipeline.imaging.raster import WHITE, Bed, Pixels, View, flatten, halve, light_of, thick_of

_DARK = 0.55
_SOLID = np.ones((3, 3), np.uint8)
_WIDE = np.ones((7, 7), np.uint8)
_FRINGE = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
_NEAR, _FAR = np.ones((5, 5), np.uint8), np.ones((9, 9), np.uint8)
_PAD = 8
_LEAST_STEP = 0.3
_EVEN = 60
_MOST_BED, _MOST_DARK_INSIDE = 0.8, 0.35
_LEAST_HOLE, _MOST_HOLE, _HOLE_EDGE = 4, 14, 45
_ROUND, _FILLED = 0.7, 0.6


def _u8(array: object) -> Pixels:
    return np.asarray(array, dtype=np.uint8)


def _paper_level(small: Pixels) -> int:
    """The brightness of the sheet: that of the lightest tenth, however small the sheet is."""
    counts = np.bincount(small[::2, ::2].ravel(), minlength=WHITE + 1)
    return int(np.searchsorted(np.cumsum(counts), 0.9 * counts.sum()))


def _from_edges(dark: Pixels) -> Pixels:
    """Dark areas that reach in from the edges of the picture, wider than strokes along them."""
    if not any(edge.any() for edge in (dark[0], dark[-1], dark[:, 0], dark[:, -1])):
        return np.zeros_like(dark)
    padded = cv2.copyMakeBorder(dark, _PAD, _PAD, _PAD, _PAD, cv2.BORDER_CONSTANT, value=(WHITE,))
    wide = _u8(cv2.morphologyEx(padded, cv2.MORPH_OPEN, _WIDE))
    cv2.floodFill(wide, None, (0, 0), (1,))
    return _u8(wide[_PAD:-_PAD, _PAD:-_PAD] == 1)


def _is_bed(small: Pixels, dark: Pixels, area: Pixels, level: int) -> bool:
    """Whether the area is even, ends sharply, and leaves a sheet that is light."""
    share = cv2.countNonZero(area) / area.size
    if not 0 < share <= _MOST_BED:
        return False
    inside, deep = small[area > 0], small[cv2.erode(area, _SOLID) > 0]
    if len(deep) and float(np.ptp(np.percentile(deep, (10, 90)))) > _EVEN:
        return False
    beside = small[(cv2.dilate(area, _FAR) > 0) & (cv2.dilate(area, _NEAR) == 0)]
    if not len(beside) or np.median(beside) - np.median(inside) < _LEAST_STEP * level:
        return False
    rest = area == 0
    return bool(np.count_nonzero(dark[rest]) <= _MOST_DARK_INSIDE * np.count_nonzero(rest))


def _stands_out(small: Pixels, place: tuple[int, ...], level: int) -> bool:
    """Whether a box's middle is much darker than what is round it."""
    x, y, w, h = place
    around = small[max(0, y - 3) : y + h + 3, max(0, x - 3) : x + w + 3]
    middle = small[y + h // 4 : y + h - h // 4, x + w // 4 : x + w - w // 4]
    rim = np.concatenate((around[0], around[-1], around[:, 0], around[:, -1]))
    return bool(np.median(rim) - np.median(middle) >= _LEAST_STEP * level)


def _holes(small: Pixels, dark: Pixels, bed: Pixels, level: int) -> Pixels:
    """Round dark discs of 4 to 9 mm near the edges of the sheet."""
    labels, stats, centres = cv2.connectedComponentsWithStats(dark, connectivity=8)[1:]
    w, h, area = stats.T[2:]
    short, long = np.minimum(w, h), np.maximum(w, h)
    disc = (short >= _LEAST_HOLE) & (long <= _MOST_HOLE) & (short >= _ROUND * long)
    disc &= area >= _FILLED * w * h
    disc[0] = False
    if not disc.any():
        return np.zeros_like(dark)
    light = bed == 0
    rows, columns = np.flatnonzero(light.any(axis=1)), np.flatnonzero(light.any(axis=0))
    cx, cy = centres.T
    near = np.minimum(cx - columns[0], columns[-1] - cx) < _HOLE_EDGE
    near |= np.minimum(cy - rows[0], rows[-1] - cy) < _HOLE_EDGE
    likely = np.flatnonzero(disc & near).tolist()
    holes = [n for n in likely if _stands_out(small, tuple(stats[n, :4].tolist()), level)]
    return _u8(np.isin(labels, holes))


def bed_of(small: Pixels) -> Bed | None:
    """Bed and holes in a small copy, with the fringe of the sheet; None where there is neither."""
    level = _paper_level(small)
    dark = cv2.threshold(small, _DARK * level, WHITE, cv2.THRESH_BINARY_INV)[1]
    bed = _from_edges(_u8(dark))
    if not _is_bed(small, _u8(dark), bed, level):
        bed = np.zeros_like(small)
    solid = _u8(cv2.morphologyEx(dark, cv2.MORPH_OPEN, _SOLID))
    solid[bed > 0] = 0
    away = bed | _holes(small, solid, bed, level) if cv2.countNonZero(solid) else bed
    if not cv2.countNonZero(away):
        return None
    wide = _u8(cv2.dilate(away * _u8(WHITE), _FRINGE))
    sheet = small[wide == 0]
    return Bed(wide, int(np.median(sheet)) if len(sheet) else level)


def _painted(grey: Pixels, bed: Bed) -> Pixels:
    """The picture with the sheet's own brightness where bed and holes are."""
    there = cv2.resize(bed.mask, grey.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
    painted = grey.copy()
    painted[there] = bed.level
    return painted


def view_of(grey: Pixels, halvings: int, bed: Bed | None = None) -> View:
    """The small copy of a page, halved so many times; `bed` is what a coarser view found."""
    small = grey
    for _ in range(halvings):
        small = halve(small)
    half = halve(small)
    bed = bed or bed_of(half)
    if bed:
        small, half = _painted(small, bed), _painted(half, bed)
    return View(flatten(small, thick_of(small)), light_of(half), 2**halvings, bed)
