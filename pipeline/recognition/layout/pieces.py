"""Connected pieces of ink, as arrays."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.raster import WHITE, Pixels
from pipeline.recognition.layout.model import Edges

_LEAST_THRESHOLD, _MOST_THRESHOLD = 160, 200
_SPECK_HEIGHT, _LEAST_LETTER = 3, 5
_MOST_LETTER = 140
_MOST_PIECES = 60_000
_BIT, _IN_BITS, _LEAST_BITS, _CLOSING = 0.03, 0.6, 300, 0.02

Reals = NDArray[np.float32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Pieces:
    """Left, top, right and bottom edges (exclusive) and ink of each piece, in pixels."""

    left: Reals
    top: Reals
    right: Reals
    bottom: Reals
    ink: Reals

    def __len__(self) -> int:
        return len(self.left)

    @property
    def width(self) -> Reals:
        return self.right - self.left

    @property
    def height(self) -> Reals:
        return self.bottom - self.top

    @property
    def middle(self) -> Reals:
        return np.asarray((self.left + self.right) / 2, dtype=np.float32)

    @property
    def centre(self) -> Reals:
        return np.asarray((self.top + self.bottom) / 2, dtype=np.float32)

    def where(self, keep: NDArray[np.generic]) -> "Pieces":
        return Pieces(
            self.left[keep], self.top[keep], self.right[keep], self.bottom[keep], self.ink[keep]
        )

    def with_(self, more: "Pieces") -> "Pieces":
        """These pieces, then `more`."""
        return Pieces(
            np.concatenate((self.left, more.left)),
            np.concatenate((self.top, more.top)),
            np.concatenate((self.right, more.right)),
            np.concatenate((self.bottom, more.bottom)),
            np.concatenate((self.ink, more.ink)),
        )

    def moved(self, x: int, y: int) -> "Pieces":
        return Pieces(self.left + x, self.top + y, self.right + x, self.bottom + y, self.ink)

    def edges(self) -> Edges:
        """N×4: left, top, right, bottom."""
        return np.stack((self.left, self.top, self.right, self.bottom), 1).astype(np.int32)


def threshold_of(reading: Pixels) -> int:
    """Otsu's threshold from every fourth row, kept where ink on white paper must lie."""
    rows = np.ascontiguousarray(reading[::4])
    found, _ = cv2.threshold(rows, 0, WHITE, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    return int(min(max(found, _LEAST_THRESHOLD), _MOST_THRESHOLD))


def ink_of(reading: Pixels, threshold: int) -> Pixels:
    """255 where ink is."""
    ink = cv2.threshold(reading, threshold, WHITE, cv2.THRESH_BINARY_INV)[1]
    return np.asarray(ink, dtype=np.uint8)


def find_pieces(ink: Pixels) -> Pieces:
    """All connected pieces (eight neighbours); any number of them."""
    x, y, wide, high = cv2.boundingRect(ink)
    inner = np.ascontiguousarray(ink[y : y + high, x : x + wide])
    if not inner.size:
        return Pieces(*np.zeros((5, 0), np.float32))
    stats = cv2.connectedComponentsWithStatsWithAlgorithm(inner, 8, cv2.CV_32S, cv2.CCL_BBDT)[2]
    left, top, width, height, area = stats[1:].astype(np.float32).T
    return Pieces(left + x, top + y, left + x + width, top + y + height, area)


def whole_pieces(ink: Pixels, dpi: int) -> tuple[Pixels, Pieces]:
    """The ink and its pieces; closed first where most of it is in bits, as of a dot printer."""
    pieces = find_pieces(ink)
    bits = (pieces.height < _BIT * dpi) & (pieces.width < _BIT * dpi)
    most = pieces.ink[bits].sum() > _IN_BITS * pieces.ink.sum()
    if np.count_nonzero(bits) < _LEAST_BITS or not most:
        return ink, pieces
    reach = max(3, round(_CLOSING * dpi))
    kernel = np.ones((reach, reach), np.uint8)
    closed = np.asarray(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, kernel), dtype=np.uint8)
    return closed, find_pieces(closed)


def without_specks(pieces: Pieces) -> tuple[Pieces, int]:
    """What is large enough to be a dot, at most 60,000 (the largest); and how many are not."""
    keep = (pieces.ink >= _SPECK_HEIGHT + 1) & (
        np.maximum(pieces.width, pieces.height) >= _SPECK_HEIGHT - 1
    )
    kept = np.flatnonzero(keep)
    if len(kept) > _MOST_PIECES:
        order = np.argsort(-pieces.ink[kept], kind="stable")[:_MOST_PIECES]
        kept = np.sort(kept[order])
    return pieces.where(kept), len(pieces) - len(kept)


def letter_like(pieces: Pieces) -> Flags:
    """Of the size, shape and density of letters or of runs of them that touch."""
    width, height = pieces.width, pieces.height
    sized = (height >= _LEAST_LETTER) & (height <= _MOST_LETTER) & (width >= 2)  # noqa: PLR2004 pixels
    shaped = (width <= 12 * height) & (height <= 10 * width)
    return sized & shaped & (pieces.ink >= 0.12 * width * height)


def letter_height(pieces: Pieces) -> float:
    """The typical height of letters, between x-height and capitals; 0 where there are none."""
    height = np.sort(pieces.height[letter_like(pieces)])
    return float(height[5 * len(height) // 8]) if len(height) else 0.0
