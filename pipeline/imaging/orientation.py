"""Which way up a page is, and its skew: letters stand in line on their baseline's side.

Bottoms of letters gather on baselines more sharply than tops do, and neither left nor right edges
gather at all; so the best of the four sides tells the quarter turn, without reading a word.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.components import CLEAR, Components
from pipeline.imaging.deskew import Floats, align, fit
from pipeline.imaging.raster import Pixels

_LEAST = 12
_LEAST_DRAWN, _MOST_DRAWN = 500, 20000
_SURE_SIDE = 1.1
_CLEAR_AXIS, _LEAST_VOTE = 1.0, 0.3
_SINGLE = 0.5
_ASKED, _BESIDE = 400, 0.4

Indices: TypeAlias = NDArray[np.int64]
Extent: TypeAlias = tuple[NDArray[np.float32], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Bearing:
    """`turns` quarter turns clockwise, then `degrees` anticlockwise, make the page upright.

    `sure` is False where the letters do not tell top from bottom (capitals, few letters);
    `scores` tell how well they stand in line on each side.
    """

    turns: int = 0
    degrees: float = 0.0
    sure: bool = False
    scores: tuple[float, ...] = ()


def _sides(letters: Components) -> tuple[tuple[Floats, Floats], ...]:
    """Along and across each side's lines: bottom, right, top, left.

    A page whose letters stand on its right side needs one clockwise quarter turn.
    """
    middle = (letters.x + letters.w / 2).astype(np.float64)
    centre = (letters.y + letters.h / 2).astype(np.float64)
    left, top = letters.x.astype(np.float64), letters.y.astype(np.float64)
    right, bottom = left + letters.w, top + letters.h
    return ((middle, bottom), (-centre, right), (-middle, -top), (centre, -left))


def _gaps(pick: Indices, start: Extent, across: Extent) -> NDArray[np.float32]:
    """Distance from each picked piece to the next one beside it, in one direction."""
    (x, w), (y, h) = start, across
    bottom = np.minimum((y + h)[pick, None], (y + h)[None])
    shared = bottom - np.maximum(y[pick, None], y[None])
    beside = shared > _BESIDE * np.minimum(h[pick, None], h[None])
    gap = x[None] - (x + w)[pick, None]
    nearest = np.where(beside & (gap >= -1), np.maximum(gap, 0), np.inf).min(axis=1)
    return np.asarray(nearest, dtype=np.float32)


def _neighbours(letters: Components) -> float:
    """Logarithm of how many pieces have their nearest neighbour beside them, not below them."""
    pick = np.random.default_rng(0).permutation(len(letters))[:_ASKED]
    level = _gaps(pick, (letters.x, letters.w), (letters.y, letters.h))
    upright = _gaps(pick, (letters.y, letters.h), (letters.x, letters.w))
    beside, below = np.count_nonzero(level < upright), np.count_nonzero(upright < level)
    return float(np.log((beside + 1) / (below + 1)))


def _runs(letters: Components) -> float:
    """Logarithm of how much wider than high the ink's pieces are; 0 for single letters."""
    shapes = np.log(letters.w / letters.h)
    order = np.argsort(shapes)
    half = np.searchsorted(np.cumsum(letters.area[order]), float(letters.area.sum()) / 2)
    shape = float(shapes[order[half]])
    return shape if abs(shape) > _SINGLE else 0.0


def _axis(letters: Components, scores: tuple[float, ...]) -> tuple[int, bool]:
    """0 for level lines, 1 for upright ones, and whether that is clear.

    In a table columns align as well as rows do; there the letters' neighbours decide, and in
    narrow or smudged type the shape of letters that run into each other.
    """
    level, upright = max(scores[0], scores[2]), max(scores[1], scores[3])
    vote = float(np.log(level / upright))
    if abs(vote) < _CLEAR_AXIS:
        vote += 2 * (_neighbours(letters) + _runs(letters))
    return int(vote < -_LEAST_VOTE), abs(vote) > _LEAST_VOTE


def _choose(letters: Components, scores: tuple[float, ...]) -> tuple[int, bool]:
    """The side on which the letters stand, and whether that is sure."""
    axis, clear = _axis(letters, scores)
    side, other = (axis, axis + 2) if scores[axis] >= scores[axis + 2] else (axis + 2, axis)
    sure = clear and scores[side] > _SURE_SIDE * scores[other]
    # upside down is claimed only with proof
    return (side if sure or axis == 1 else 0), sure


def page_bearing(letters: Components, coarser: Bearing | None = None) -> Bearing | None:
    """How a page lies, from the pieces that look like letters; None where they do not tell.

    `coarser` is what a coarser view told: both views then count alike.
    """
    if len(letters) < _LEAST:
        return None
    sides = _sides(letters)
    found = tuple(align(u, v) for u, v in sides)
    scores = tuple(side.score for side in found)
    if coarser:
        both = zip(scores, coarser.scores, strict=True)
        scores = tuple((fine * coarse) ** 0.5 for fine, coarse in both)
    turns, sure = _choose(letters, scores)
    if not found[turns].clear:
        return None
    return Bearing(turns, fit(*sides[turns], found[turns].degrees), sure, scores)


def rule_bearing(flat: Pixels) -> Bearing:
    """The skew of what else is drawn level (rules, staves); no turn, never sure."""
    y, x = (axis.astype(np.float64) for axis in np.nonzero(flat < CLEAR))
    if len(x) < _LEAST_DRAWN:
        return Bearing()
    pick = np.random.default_rng(0).permutation(len(x))[:_MOST_DRAWN]
    found = align(x[pick], y[pick])
    return Bearing(0, found.degrees) if found.clear else Bearing()
