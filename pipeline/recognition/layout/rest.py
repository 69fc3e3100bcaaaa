"""What is in no line: clusters of pieces as boxes."""

from math import ceil
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.recognition.layout.grouping import compact
from pipeline.recognition.layout.model import Edges
from pipeline.recognition.layout.pieces import Pieces
from schemas.geometry import Box, Size

_NEAR = 1.5
_MOST_CELLS = 1_000_000


def boxes_of(edges: Edges, size: Size) -> tuple[Box, ...]:
    """Boxes inside the page; none is empty."""
    low = np.clip(edges[:, :2], 0, [size.width - 1, size.height - 1])
    high = np.clip(edges[:, 2:], low + 1, [size.width, size.height])
    return tuple(Box(*row) for row in np.concatenate((low, high - low), axis=1).tolist())


def around(pieces: Pieces, group: NDArray[np.integer[Any]]) -> Edges:
    """The edges around each group of pieces; of none where the number is negative."""
    some = group >= 0
    numbers, count = compact(group[some].astype(np.int64))
    edges = pieces.where(some).edges()
    found = np.zeros((count, 4), np.int32)
    found[:, :2] = np.iinfo(np.int32).max
    np.minimum.at(found[:, :2], numbers, edges[:, :2])
    np.maximum.at(found[:, 2:], numbers, edges[:, 2:])
    return found


def clusters(pieces: Pieces, letter: float, size: Size) -> tuple[Box, ...]:
    """Boxes around pieces that are within 1.5 letters of each other."""
    if not len(pieces):
        return ()
    least = (size.width * size.height / _MOST_CELLS) ** 0.5
    step = max(1, ceil(max(letter / 2, least)))
    canvas = np.zeros((size.height // step + 1, size.width // step + 1), np.uint8)
    edges = pieces.edges()
    reach = round(_NEAR * letter / 2)
    low = np.maximum(edges[:, :2] - reach, 0) // step
    high = (edges[:, 2:] + reach) // step + 1
    for (left, top), (right, bottom) in zip(low.tolist(), high.tolist(), strict=True):
        canvas[top:bottom, left:right] = 1
    labels = cv2.connectedComponentsWithAlgorithm(canvas, 8, cv2.CV_32S, cv2.CCL_BBDT)[1]
    own = labels[edges[:, 1] // step, edges[:, 0] // step]
    return boxes_of(around(pieces, own), size)
