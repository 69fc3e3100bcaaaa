"""Is there anything on the page? Judged by pieces of ink inside the page, not by its edges."""

import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.components import Components
from pipeline.imaging.raster import Pixels, View

_MARGIN = 0.02
_EDGE = 0.12
_SPECK = 3
_ROUND = 0.45
_LEAST_LETTER, _MOST_LETTER = 4, 80
_BORDER = 0.15
_DARK = 90
_NOISE_SHARE, _NOISE_DENSITY = 0.5, 0.03
_SOLID, _SOLID_SHARE = 0.55, 0.03


def _touching(found: Components, width: int, height: int) -> NDArray[np.bool_]:
    left, top = _MARGIN * width, _MARGIN * height
    edge = (found.x < left) | (found.x + found.w > width - left)
    return np.asarray(edge | (found.y < top) | (found.y + found.h > height - top))


def _punched(found: Components, width: int, height: int) -> NDArray[np.bool_]:
    """Filled, round, and close to an edge: 5 to 6 mm holes and the like."""
    long, short = np.maximum(found.w, found.h), np.minimum(found.w, found.h)
    disc = (found.area > _ROUND * found.w * found.h) & (short > 0.75 * long)
    big = (short > 0.013 * max(width, height)) & (long < 0.05 * max(width, height))
    x, y = found.x + found.w / 2, found.y + found.h / 2
    near_x = np.minimum(x, width - x) < _EDGE * width
    near_y = np.minimum(y, height - y) < _EDGE * height
    return np.asarray(disc & big & (near_x | near_y))


def _inside(found: Components, width: int, height: int) -> Components:
    out = _touching(found, width, height) | _punched(found, width, height)
    return found.where(~out & (found.area >= _SPECK))


def ink_share(view: View, pieces: Components) -> float:
    """Share of the page under these pieces of ink, without edges, punch holes and specks."""
    height, width = view.flat.shape
    return float(_inside(pieces, width, height).area.sum() / (width * height))


def has_writing(view: View, pieces: Components, least: int) -> bool:
    """At least so many pieces of letters' size inside the page."""
    height, width = view.flat.shape
    inside = _inside(pieces, width, height)
    long = np.maximum(inside.w, inside.h)
    letters = (long >= _LEAST_LETTER) & (inside.h >= _LEAST_LETTER - 1) & (inside.h < _MOST_LETTER)
    return int(np.count_nonzero(letters)) >= least


def is_noise(view: View, pieces: Components) -> bool:
    """Ink over half the page, or more specks than a page has letters: nothing can be read there."""
    size = view.flat.size
    return float(pieces.area.sum()) > _NOISE_SHARE * size or len(pieces) > _NOISE_DENSITY * size


def _inner_paper(view: View) -> Pixels:
    height, width = view.paper.shape
    top, left = int(_BORDER * height), int(_BORDER * width)
    return view.paper[top : height - top, left : width - left]


def is_dark(view: View) -> bool:
    """Paper that is itself nearly black."""
    inside = _inner_paper(view)
    return bool(inside.size and np.median(inside) < _DARK)


def is_solid(view: View) -> bool:
    """Dark areas inside the page that are neither strokes nor shadows: a photograph."""
    inside = _inner_paper(view)
    if not inside.size:
        return False
    dark = inside < max(_DARK, _SOLID * float(np.median(inside)))
    return bool(np.count_nonzero(dark) > _SOLID_SHARE * inside.size)
