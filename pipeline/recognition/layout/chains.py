"""Pieces of one row chained by painting a band through each and seeing which bands touch."""

from math import ceil

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.recognition.layout.grouping import Indices
from pipeline.recognition.layout.model import Edges
from pipeline.recognition.layout.pieces import Pieces

_BAND = 0.22
_REACH, _OWN_REACH = 0.5, 0.5

Cells = NDArray[np.int64]


def _runs(starts: Cells, counts: Cells) -> Cells:
    """start, start + 1 … (count of them) of each, one after the other."""
    before = np.cumsum(counts) - counts
    return np.repeat(starts - before, counts) + np.arange(int(counts.sum()))


def _paint(canvas: NDArray[np.uint8], x: Cells, wide: Cells, y: Cells, high: Cells) -> None:
    """Sets rectangles of cells; all lie inside the canvas."""
    rows = _runs(y, high)
    starts = rows * canvas.shape[1] + np.repeat(x, high)
    canvas.reshape(-1)[_runs(starts, np.repeat(wide, high))] = 1


def _cells(low: NDArray[np.float32], high: NDArray[np.float32], size: int, step: int) -> Cells:
    ends = np.stack((low // step, high // step))
    return np.clip(ends, 0, size - 1).astype(np.int64)


def chain(pieces: Pieces, letter: float, shape: tuple[int, int], walls: Edges) -> Indices:
    """The number of each piece's chain; upright rules (`walls`) part what stands beside them."""
    down, along = max(1, round(letter / 6)), max(2, round(letter / 4))
    high, wide = ceil(shape[0] / down) + 1, ceil(shape[1] / along) + 1
    canvas = np.zeros((high, wide), np.uint8)
    reach = _REACH * letter + _OWN_REACH * pieces.height
    middle, band = pieces.centre, max(1.0, _BAND * letter)
    x = _cells(pieces.left - reach, pieces.right + reach, wide, along)
    y = _cells(middle - band, middle + band, high, down)
    _paint(canvas, x[0], x[1] - x[0] + 1, y[0], y[1] - y[0] + 1)
    for left, top, right, bottom in (walls // (along, down, along, down)).tolist():
        canvas[top : bottom + 1, left : right + 1] = 0
    labels = cv2.connectedComponentsWithAlgorithm(canvas, 8, cv2.CV_32S, cv2.CCL_BBDT)[1]
    row = np.clip(middle // down, 0, high - 1).astype(np.int64)
    column = np.clip(pieces.middle // along, 0, wide - 1).astype(np.int64)
    return np.asarray(labels[row, column], dtype=np.int64)
