"""Bad redaction that shows on a rendered page: boxes that tell a length or are not solid, mosaics."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.raster import Pixels
from pipeline.privacy.redaction.gone import Gone
from schemas.geometry import Box

_CM = 2.54
_DARK = 60
_LEAST_MM, _TALLEST_MM, _LEAST_WIDE_MM = 1.8, 16.0, 4.0
_LIGHT, _WRITTEN = 128, 0.01
_ROUND, _LIGHTER, _SURROUNDED = 6, 60, 0.4
_SOLID = 0.93
_EDGE = 3
_LEVELS = 4
_GRID_CM, _OFF_GRID_MM = 1.0, 0.35
_LETTER_WIDTHS = 0.3, 0.75  # of the height of a box that was drawn about a line
_WHOLE_LINE = 0.6
_CELLS, _CELL, _BAND, _MOST_CELLS = 12, (3, 60), 90, 600
_FLAT, _FAR, _IN_LINE, _BESIDE = 5, 9, 3, 45
_MID, _PALE = 40, 22
_FLATTENED = np.ones((5, 5), np.uint8)
_NEAR = 31
_LEAST_RANGE = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """A dark rectangle on a page of a resolution, and whether it is of one level throughout."""

    box: Box
    solid: bool


def _mm(millimetres: float, dpi: int) -> int:
    return max(1, round(millimetres / 10 / _CM * dpi))


def _is_bar(width: int, height: int, area: int, dpi: int) -> bool:
    if not _mm(_LEAST_MM, dpi) <= height <= _mm(_TALLEST_MM, dpi):
        return False
    return width >= _mm(_LEAST_WIDE_MM, dpi) and area >= _SOLID * width * height


def _is_written_on(page: Pixels, box: Box) -> bool:
    """Whether light letters stand on a dark rectangle: one that hides nothing."""
    inside = page[box.y + _EDGE : box.y + box.h - _EDGE, box.x + _EDGE : box.x + box.w - _EDGE]
    return cv2.countNonZero(cv2.inRange(inside, _LIGHT, 255)) > _WRITTEN * inside.size


def _stands_out(page: Pixels, box: Box) -> bool:
    """Whether it is much lighter all round it: no dark part of a picture."""
    top, left = max(0, box.y - _ROUND), max(0, box.x - _ROUND)
    around = page[top : box.y + box.h + _ROUND, left : box.x + box.w + _ROUND]
    inside = page[box.y : box.y + box.h, box.x : box.x + box.w]
    lighter = cv2.countNonZero(cv2.inRange(around, int(np.median(inside)) + _LIGHTER, 255))
    return lighter > _SURROUNDED * (around.size - inside.size)


def _is_solid(page: Pixels, box: Box) -> bool:
    inside = page[box.y + _EDGE : box.y + box.h - _EDGE, box.x + _EDGE : box.x + box.w - _EDGE]
    dark = inside[inside < _DARK]
    if not dark.size:
        return True
    low, high = np.percentile(dark, (0.5, 99.5))
    return bool(high - low < _LEVELS)


def bars(page: Pixels, dpi: int) -> tuple[Bar, ...]:
    """The dark rectangles of a grey page that look like a redaction: as high as a line or three."""
    side = _mm(_LEAST_MM, dpi)
    _, dark = cv2.threshold(page, _DARK - 1, 255, cv2.THRESH_BINARY_INV)
    thick = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(np.asarray(thick, np.uint8), connectivity=4)
    found = (
        Box(int(x), int(y), int(w), int(h))
        for x, y, w, h, area in stats[1:]
        if _is_bar(int(w), int(h), int(area), dpi)
    )
    return tuple(
        Bar(box, _is_solid(page, box))
        for box in found
        if _stands_out(page, box) and not _is_written_on(page, box)
    )


def _on_grid(width: int, dpi: int) -> bool:
    centimetres = width / dpi * _CM
    off = abs(centimetres / _GRID_CM - round(centimetres / _GRID_CM)) * _GRID_CM
    return off * 10 <= _OFF_GRID_MM


def _fits(box: Box, letters: Sequence[int]) -> bool:
    """Whether a box is as wide as any of some texts would be on a line of its height."""
    narrow, wide = _LETTER_WIDTHS
    return any(n * narrow * box.h <= box.w <= n * wide * box.h for n in letters)


def exact(found: Sequence[Bar], page_width: int, dpi: int, gone: Gone) -> bool:
    """Whether boxes are as wide as what they hide: none of a grid's widths, nor all of one width."""
    boxes = [
        box
        for box in (bar.box for bar in found)
        if box.w < _WHOLE_LINE * page_width and box.x > _EDGE and box.x + box.w < page_width - _EDGE
    ]
    if len(boxes) > 1 and max(b.w for b in boxes) - min(b.w for b in boxes) <= _mm(0.5, dpi):
        return False
    letters = [
        n
        for value in gone.values
        for n in {sum(map(len, value.tokens)) + len(value.tokens) - 1, *map(len, value.tokens)}
        if n > 2  # noqa: PLR2004 shorter words are no box of their own
    ]
    return any(not _on_grid(box.w, dpi) and _fits(box, letters) for box in boxes)


def _cells(page: Pixels) -> Iterator[tuple[int, int, int]]:
    """Place and level of the small flat patches that are neither paper nor black."""
    steps = cv2.morphologyEx(page, cv2.MORPH_GRADIENT, _FLATTENED)
    paper = int(np.median(page[::8, ::8]))
    flat = (steps <= _FLAT) & (page > _MID) & (page < paper - _PALE)
    count, _, stats, centres = cv2.connectedComponentsWithStats(
        flat.astype(np.uint8), connectivity=4
    )
    for n in range(1, count):
        _, _, w, h, _ = stats[n]
        if _CELL[0] <= min(w, h) and max(w, h) <= _CELL[1] and max(w, h) <= 3 * min(w, h):
            x, y = (int(c) for c in centres[n])
            yield x, y, int(page[y, x])


def _in_rank(cells: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which cells have two others of another grey near by, in line with them across or down."""
    apart = np.abs(cells[:, None, :] - cells[None, :, :])
    x, y, level = apart[..., 0], apart[..., 1], apart[..., 2]
    in_line = ((x <= _IN_LINE) & (y <= _BESIDE)) | ((y <= _IN_LINE) & (x <= _BESIDE))
    return np.asarray((in_line & (level >= _FAR)).sum(axis=1) > 1)


def is_pixelated(page: Pixels) -> bool:
    """Whether a grey image has a mosaic: many small flat squares of different grey, in ranks."""
    cells = np.array(sorted(_cells(page), key=lambda cell: cell[1]), np.int64).reshape(-1, 3)
    for start in range(0, len(cells), _CELLS):
        top = cells[start, 1]
        band = cells[(cells[:, 1] >= top) & (cells[:, 1] < top + _BAND)][:_MOST_CELLS]
        if len(band) >= _CELLS and np.count_nonzero(_in_rank(band)) >= _CELLS:
            return True
    return False


def strengthened(page: Pixels) -> Pixels:
    """A grey page in which every difference near by, however faint, is from black to white."""
    window = np.ones((_NEAR, _NEAR), np.uint8)
    smooth = cv2.GaussianBlur(page, (3, 3), 0)
    low, high = cv2.erode(smooth, window), cv2.dilate(smooth, window)
    span = cv2.subtract(high, low).astype(np.float32)
    shown = 255 * (smooth.astype(np.float32) - low) / np.maximum(span, 1)
    shown[span < _LEAST_RANGE] = 255
    return np.asarray(np.clip(shown, 0, 255), np.uint8)
