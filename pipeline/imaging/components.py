"""Connected pieces of ink in a small view of a page, and which of them look like letters."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.raster import WHITE, Pixels

CLEAR, FAINT = 215, 238
_LEAST_LETTER = 3
_SHARP = 1.2


@dataclass(frozen=True, slots=True)
class Components:
    """Left, top, width, height and area of each piece (float32, pixels of the view)."""

    x: NDArray[np.float32]
    y: NDArray[np.float32]
    w: NDArray[np.float32]
    h: NDArray[np.float32]
    area: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.x)

    def where(self, keep: NDArray[np.bool_]) -> "Components":
        return Components(self.x[keep], self.y[keep], self.w[keep], self.h[keep], self.area[keep])

    @property
    def size(self) -> float:
        """Median of the shorter sides: about the x-height of text; 0 for none."""
        return float(np.median(np.minimum(self.w, self.h))) if len(self) else 0.0

    @property
    def weighty_size(self) -> float:
        """The same, each piece counted by its area: broken letters do not draw it down."""
        if not len(self):
            return 0.0
        short = np.minimum(self.w, self.h)
        order = np.argsort(short)
        half = np.searchsorted(np.cumsum(self.area[order]), float(self.area.sum()) / 2)
        return float(short[order[half]])


def _pieces(ink: Pixels) -> Components:
    stats = cv2.connectedComponentsWithStatsWithAlgorithm(ink, 8, cv2.CV_32S, cv2.CCL_SPAGHETTI)[2]
    x, y, w, h, area = stats[1:].astype(np.float32).T
    return Components(x, y, w, h, area)


def components(flat: Pixels, level: int = CLEAR) -> Components:
    """The pieces darker than `level` in an evenly lit view."""
    ink = cv2.threshold(flat, level, WHITE, cv2.THRESH_BINARY_INV)[1]
    return _pieces(np.asarray(ink, dtype=np.uint8))


def sharp_components(flat: Pixels) -> Components:
    """Pieces of faint ink with sharp edges: pencil and worn ribbons, but not the other side's print.

    Pixels count where the second derivative exceeds the ink's depth; what shines through paper is
    blurred to less than its depth.
    """
    bend = np.abs(cv2.Laplacian(flat, cv2.CV_16S))
    depth = WHITE - flat.astype(np.int16)
    ink = (flat < FAINT) & (bend > _SHARP * depth)
    return _pieces(ink.view(np.uint8))


def letters(found: Components) -> Components:
    """Pieces of the size and density of letters or short runs of them."""
    short = np.minimum(found.w, found.h)
    long = np.maximum(found.w, found.h)
    dense = found.area >= 0.15 * found.w * found.h
    likely = found.where((short >= _LEAST_LETTER) & (long <= 60 * short) & (long < 600) & dense)  # noqa: PLR2004 pixels of the view
    size = likely.size
    short = np.minimum(likely.w, likely.h)
    return likely.where((short >= 0.5 * size) & (short <= 3 * size))
