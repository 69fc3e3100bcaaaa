"""Which way up a page is, and its skew: letters stand in line on their baseline's side.

Bottoms of letters gather on baselines more sharply than tops do, and neither left nor right edges
gather at all; so the best of the four sides tells the quarter turn, without reading a word.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.components import CLEAR, Components
from pipeline.deskew import Alignment, Floats, align, fit
from pipeline.raster import Pixels

_LEAST = 12
_LEAST_DRAWN, _MOST_DRAWN = 500, 20000
_SURE_SIDE = 1.15
_SURE_AXIS = 1.3


@dataclass(frozen=True, slots=True)
class Bearing:
    """`turns` quarter turns clockwise, then `degrees` anticlockwise, make the page upright.

    `sure` is False where the letters do not tell top from bottom (capitals, few letters).
    """

    turns: int = 0
    degrees: float = 0.0
    sure: bool = False


def _sides(letters: Components) -> tuple[tuple[Floats, Floats], ...]:
    """Along and across each side's lines: bottom, right, top, left.

    A page whose letters stand on its right side needs one clockwise quarter turn.
    """
    middle = (letters.x + letters.w / 2).astype(np.float64)
    centre = (letters.y + letters.h / 2).astype(np.float64)
    left, top = letters.x.astype(np.float64), letters.y.astype(np.float64)
    right, bottom = left + letters.w, top + letters.h
    return ((middle, bottom), (-centre, right), (-middle, -top), (centre, -left))


def _choose(found: tuple[Alignment, ...]) -> tuple[int, bool]:
    scores = [side.score for side in found]
    axis = max((0, 1), key=lambda a: max(scores[a], scores[a + 2]))
    across = max(scores[1 - axis], scores[3 - axis])
    # a half or quarter turn is claimed only with proof
    side, other = (axis, axis + 2) if scores[axis] >= scores[axis + 2] else (axis + 2, axis)
    sure = scores[side] > _SURE_SIDE * scores[other] and scores[side] > _SURE_AXIS * across
    lying = axis == 1 and scores[side] > _SURE_AXIS * across
    return (side if sure or lying else 0), sure


def page_bearing(letters: Components) -> Bearing | None:
    """How a page lies, from the pieces that look like letters; None where they do not tell."""
    if len(letters) < _LEAST:
        return None
    sides = _sides(letters)
    found = tuple(align(u, v) for u, v in sides)
    turns, sure = _choose(found)
    if not found[turns].clear:
        return None
    return Bearing(turns, fit(*sides[turns], found[turns].degrees), sure)


def rule_bearing(flat: Pixels) -> Bearing:
    """The skew of what else is drawn level (rules, staves); no turn, never sure."""
    y, x = (axis.astype(np.float64) for axis in np.nonzero(flat < CLEAR))
    if len(x) < _LEAST_DRAWN:
        return Bearing()
    pick = np.random.default_rng(0).permutation(len(x))[:_MOST_DRAWN]
    found = align(x[pick], y[pick])
    return Bearing(0, found.degrees) if found.clear else Bearing()
