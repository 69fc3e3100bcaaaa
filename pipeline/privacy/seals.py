"""Round seals as ink, and the rows of print that run under them."""

from collections.abc import Iterator, Sequence
from itertools import product

import cv2
import numpy as np

from pipeline.imaging.raster import Pixels
from schemas.geometry import Box

_CM = 2.54
_COARSE_DPI = 50
_INKED = 60
_NARROW_CM, _WIDE_CM = 1.25, 2.25
"""Radius of a seal: of a notary's, of a city hall's with room."""
_APART = 15  # coarse pixels between the middles of two
_EDGE, _VOTES = 100, 14
_POINTS, _SEEN, _RING = 120, 0.5, 0.85
"""Points looked at on a ring, how many of them are on the page at least, how many are inked."""
_LIKELY = 0.6
_NEARBY = tuple(product((0, -1, 1), (0, -1, 1), (0, -1, 1, -2, 2)))
"""How far, in coarse pixels, a ring may lie from where it is guessed: across, down, in radius."""
_AROUND = np.ones((3, 3), np.uint8)
_ROOM, _PITCH = 3.0, 1.6
"""In heights of a letter: how far beside a seal a row is looked at, and how far lines are apart."""


def _on_ring(ink: Pixels, x: float, y: float, radius: float) -> float:
    """Which share of a circle is inked, of what of it is on the page; 0 where that is too little."""
    turn = np.linspace(0, 2 * np.pi, _POINTS, endpoint=False)
    columns = np.round(x + radius * np.cos(turn)).astype(int)
    rows = np.round(y + radius * np.sin(turn)).astype(int)
    height, width = ink.shape
    seen = (columns >= 0) & (rows >= 0) & (columns < width) & (rows < height)
    if np.count_nonzero(seen) < _SEEN * _POINTS:
        return 0.0
    return float(np.mean(ink[rows[seen], columns[seen]] > 0))


def seals(ink: Pixels, dpi: int) -> tuple[Box, ...]:
    """The squares about the round seals of a page's ink (255, all else 0), in pixels.

    What is printed lets no ring of that size stand, but for a drawing of a ring.
    """
    times = dpi / _COARSE_DPI
    height, width = round(ink.shape[0] / times), round(ink.shape[1] / times)
    if min(height, width) < 2 * _APART:
        return ()
    coarse = cv2.resize(ink, (width, height), interpolation=cv2.INTER_AREA)
    coarse = np.where(coarse > _INKED, 255, 0).astype(np.uint8)
    least, most = (round(cm * _COARSE_DPI / _CM) for cm in (_NARROW_CM, _WIDE_CM))
    found = cv2.HoughCircles(
        coarse,
        cv2.HOUGH_GRADIENT,
        1,
        _APART,
        param1=_EDGE,
        param2=_VOTES,
        minRadius=least,
        maxRadius=most,
    )
    if found is None:
        return ()
    thick = np.asarray(cv2.dilate(coarse, _AROUND), np.uint8)
    rings = (tuple(map(float, one)) for one in found[0])
    return tuple(
        Box(*(round(n * times) for n in (x - r, y - r, 2 * r, 2 * r)))
        for x, y, r in rings
        if _is_ring(thick, x, y, r)
    )


def _is_ring(ink: Pixels, x: float, y: float, radius: float) -> bool:
    """Whether there is a ring about where one is guessed."""
    if _on_ring(ink, x, y, radius) < _LIKELY:
        return False
    return any(_on_ring(ink, x + a, y + b, radius + r) >= _RING for a, b, r in _NEARBY)


def rows_under(
    stamped: Sequence[Box], rows: Sequence[Box], letter: float
) -> tuple[tuple[Box, ...], tuple[Box, ...]]:
    """The parts under seals of rows of print, and of the rows above and below them.

    `letter`: the height of the page's words in pixels. Of a block of lines one may be lost as a
    whole.
    """
    room, pitch = round(_ROOM * letter), round(_PITCH * letter)
    under, beside = list[Box](), list[Box]()
    for seal in stamped:
        left = max(0, seal.x - room)
        width = seal.x + seal.w + room - left
        for row in _level_with(seal, rows):
            under.append(Box(left, row.y, width, row.h))
            beside += (
                Box(left, top, width, pitch) for top in (row.y - pitch, row.y + row.h) if top >= 0
            )
    return tuple(dict.fromkeys(under)), tuple(dict.fromkeys(beside))


def _level_with(seal: Box, rows: Sequence[Box]) -> Iterator[Box]:
    """Rows that are as high as a seal, wherever they begin and end: names stand side by side."""
    return (row for row in rows if seal.y <= row.y + row.h / 2 <= seal.y + seal.h)
