"""A line's own picture: level, without what of its neighbours and of rules reaches into it."""

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.raster import WHITE, Pixels
from pipeline.recognition.layout.model import Edges, TextLine, no_edges
from pipeline.recognition.layout.pieces import ink_of, threshold_of
from pipeline.recognition.layout.rules import ruled_ink

_LEVEL = 0.12
_LEAST_REACH = 0.15
_FRINGE = np.ones((3, 3), np.uint8)
_CLOSE = 1


def _area(reading: Pixels, left: int, top: int, wide: int, high: int) -> Pixels:
    """A part of the page, white where it goes beyond the page."""
    height, width = reading.shape
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(width, left + wide), min(height, top + high)
    if (x0, y0, x1, y1) == (left, top, left + wide, top + high):
        return np.ascontiguousarray(reading[y0:y1, x0:x1])
    area = np.full((high, wide), WHITE, np.uint8)
    if x1 > x0 and y1 > y0:
        area[y0 - top : y1 - top, x0 - left : x1 - left] = reading[y0:y1, x0:x1]
    return area


def _reaching(line: TextLine, top: int, bottom: int) -> Edges:
    """The intruders that reach in far enough to be taken for a part of a letter."""
    least = max(1.0, _LEAST_REACH * line.x_height)
    edges = line.intruders
    inside = (edges[:, 3] > top + least) & (edges[:, 1] < bottom - least)
    return edges[inside]


def _same(found: Edges, wanted: Edges) -> NDArray[np.bool_]:
    """Which of the found edges are one of the wanted, within a pixel."""
    if not len(found) or not len(wanted):
        return np.zeros(len(found), np.bool_)
    off = np.abs(found[:, None] - wanted[None]).max(axis=2)
    return np.asarray((off <= _CLOSE).any(axis=1))


def _without(area: Pixels, ink: Pixels, gone: Pixels) -> Pixels:
    """White where `gone` is set, and its grey fringe; other ink stays."""
    fringe = np.asarray(cv2.dilate(gone, _FRINGE), dtype=np.uint8)
    area[(fringe > 0) & ((gone > 0) | (ink == 0))] = WHITE
    return area


def _erased(area: Pixels, line: TextLine, others: Edges) -> Pixels:
    """The area without the pieces `others` (edges in its pixels) and the rules through it."""
    high, wide = area.shape
    ink = ink_of(area, threshold_of(area))
    gone = np.zeros_like(ink)
    if len(line.rules):
        gone |= ruled_ink(ink, line.x_height)[0]
    if len(others):
        labels, stats = cv2.connectedComponentsWithStats(ink, connectivity=8, ltype=cv2.CV_32S)[1:3]
        low, sides = stats[1:, :2], stats[1:, 2:4]
        found = np.concatenate((low, low + sides), axis=1)
        wanted = np.clip(others, 0, [wide, high, wide, high])
        out = np.concatenate(([False], _same(found, wanted.astype(np.int32))))
        gone |= np.where(out[labels], WHITE, 0).astype(np.uint8)
    return _without(area, ink, gone)


def cut(reading: Pixels, line: TextLine, pad: int = 4, *, erase: bool = False) -> Pixels:
    """The line's picture, `pad` pixels of surroundings on each side.

    As wide as the line's box and twice the pad: column c is the page's x = box.x - pad + c. A
    sloping line is sheared level. Rules through it are white; with `erase` so is the ink of other
    lines (which helps people, not the network: it is used to what reaches in).
    """
    box = line.box
    left, top = box.x - pad, box.y - pad
    wide, high = box.w + 2 * pad, box.h + 2 * pad
    area = _area(reading, left, top, wide, high)
    others = _reaching(line, top, top + high) if erase else no_edges()
    if len(others) or len(line.rules):
        area = _erased(area.copy(), line, others - np.array([left, top, left, top], np.int32))
    if abs(line.slope) * box.w <= _LEVEL * line.x_height:
        return area
    level = max(1, round(line.ascent + line.descent)) + 2 * pad
    start = line.baseline_at(left) - line.ascent - pad - top
    shear = np.array([[1, 0, 0], [line.slope, 1, start]], np.float64)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    straight = cv2.warpAffine(area, shear, (wide, level), flags=flags, borderValue=(WHITE,))
    return np.asarray(straight, dtype=np.uint8)
