"""Text lines out of the pieces that belong to them."""

import numpy as np
from numpy.typing import NDArray

from pipeline.recognition.layout.fragments import Fragments, measure
from pipeline.recognition.layout.grouping import Indices, Numbers, least
from pipeline.recognition.layout.model import Edges, TextLine
from pipeline.recognition.layout.pieces import Flags, Pieces
from schemas.geometry import Box, Size

_ALIKE = 1.25
_CAPITALS = 1.2
_X_OF_CAPITALS = 0.7
_ASCENDER, _DESCENDER = 1.45, 0.32
_MOST_ASCENT, _MOST_DESCENT = 2.4, 1.0


def _x_heights(fragments: Fragments) -> Numbers:
    """Each line's x-height; lines of capitals alone are told by the other lines of the page."""
    height = fragments.baseline - fragments.top
    low = fragments.x_height
    mixed = height >= _ALIKE * low
    if not mixed.any():
        return low
    typical = float(np.median(low[mixed]))
    capitals = ~mixed & (low >= _CAPITALS * typical)
    return np.where(capitals, _X_OF_CAPITALS * height, low)


def _reach(
    pieces: Pieces, of_line: Indices, fragments: Fragments, x_height: Numbers
) -> tuple[Numbers, Numbers]:
    """How far each line goes above and below its baseline."""
    x = pieces.middle.astype(np.float64)
    base = fragments.baseline[of_line] + fragments.slope[of_line] * (x - fragments.middle[of_line])
    count = len(fragments)
    most = fragments.x_height[of_line]
    up = np.minimum(base - pieces.top, _MOST_ASCENT * most)
    down = np.minimum(pieces.bottom - base, _MOST_DESCENT * most)
    ascent = -least(-up, of_line, count)
    descent = -least(-down, of_line, count)
    return np.maximum(ascent, _ASCENDER * x_height), np.maximum(descent, _DESCENDER * x_height)


def _boxes(
    fragments: Fragments, ascent: Numbers, descent: Numbers, size: Size
) -> NDArray[np.int64]:
    """N×4 edges inside the page."""
    ends = np.stack((fragments.left, fragments.right))
    levels = fragments.baseline + fragments.slope * (ends - fragments.middle)
    top = np.floor(levels.min(axis=0) - ascent)
    bottom = np.ceil(levels.max(axis=0) + descent)
    left = np.clip(fragments.left, 0, size.width - 1)
    top = np.clip(top, 0, size.height - 1)
    right = np.clip(fragments.right, left + 1, size.width)
    bottom = np.clip(bottom, top + 1, size.height)
    return np.stack((left, top, right, bottom), 1).astype(np.int64)


def _inside(edges: Edges, boxes: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Boxes × edges: whether they overlap."""
    return np.asarray(
        (edges[None, :, 0] < boxes[:, None, 2])
        & (edges[None, :, 2] > boxes[:, None, 0])
        & (edges[None, :, 1] < boxes[:, None, 3])
        & (edges[None, :, 3] > boxes[:, None, 1])
    )


def make_lines(
    pieces: Pieces, of_line: Indices, letter: Flags, rules: Edges, size: Size
) -> tuple[TextLine, ...]:
    """The lines 0 … n - 1 that `of_line` names (-1: none), each with a letter at least."""
    held = of_line >= 0
    count = int(of_line.max(initial=-1)) + 1
    if not count:
        return ()
    own, line = pieces.where(held), of_line[held]
    fragments = measure(own, letter[held], line, count)
    x_height = _x_heights(fragments)
    ascent, descent = _reach(own, line, fragments, x_height)
    boxes = _boxes(fragments, ascent, descent, size)
    order = np.argsort(line, kind="stable")
    ends = np.cumsum(np.bincount(line, minlength=count))
    edges = own.edges()[order]
    parts = np.split(edges, ends[:-1])
    base = fragments.baseline + fragments.slope * (boxes[:, 0] - fragments.middle)
    crossing = _inside(rules, boxes)
    others = _intruders(pieces, of_line, boxes)
    return tuple(
        TextLine(
            box=Box(left, top, right - left, bottom - top),
            baseline=float(base[n]),
            slope=float(fragments.slope[n]),
            x_height=float(x_height[n]),
            pieces=parts[n],
            ascent=float(ascent[n]),
            descent=float(descent[n]),
            intruders=others[n],
            rules=rules[crossing[n]],
        )
        for n, (left, top, right, bottom) in enumerate(boxes.tolist())
    )


def _intruders(pieces: Pieces, of_line: Indices, boxes: NDArray[np.int64]) -> list[Edges]:
    """For each line the pieces of other lines, or of none, that reach into its box."""
    edges = pieces.edges()
    order = np.argsort(edges[:, 1], kind="stable")
    tallest = int((edges[:, 3] - edges[:, 1]).max(initial=0))
    tops = edges[order, 1]
    first = np.searchsorted(tops, boxes[:, 1] - tallest)
    last = np.searchsorted(tops, boxes[:, 3])
    found = []
    for n, (left, top, right, _bottom) in enumerate(boxes.tolist()):
        some = order[first[n] : last[n]]
        near = edges[some]
        inside = (near[:, 0] < right) & (near[:, 2] > left) & (near[:, 3] > top)
        found.append(near[inside & (of_line[some] != n)])
    return found
