"""The true Patch T: four bars, narrow and wide in turn, of 0.08 and 0.20 inches, 2 inches or longer.

No library here reads it. Upside down it is Patch 3, which nobody uses between documents, so that
both count. Widths: Kodak's specification as scanner makers print it (bars and spaces ± 0.01 inch).
"""

from collections.abc import Iterator
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from scanners.pages.raster import Pixels

Runs = npt.NDArray[np.int64]

_BARS = 7
_NARROW, _WIDE = (0.055, 0.15), (0.185, 0.32)
"""Widths as parts of the whole pattern: 0.1 and 0.25, a photocopy's growth and coarse pixels allowed."""
_TOTAL = (0.55, 1.1)
_STEP = 0.2
_LEAST_LINES = 8
_MOST_LEAN = 0.25
_LEAST_CONTRAST = 60
_LOW = np.array([_NARROW[0]] * _BARS)
_HIGH = np.array([_NARROW[1]] * _BARS)


def _bounds(wide: tuple[int, int]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    low, high = _LOW.copy(), _HIGH.copy()
    low[list(wide)], high[list(wide)] = _WIDE
    return low, high


_PATTERNS = (_bounds((2, 6)), _bounds((0, 4)))
"""Bar, space, bar …: narrow and wide in turn, and the same from the other end."""


def _runs(line: npt.NDArray[np.bool_]) -> tuple[Runs, bool]:
    """Lengths of equal pixels along a line, and whether the first of them is dark."""
    edges = np.flatnonzero(line[1:] != line[:-1]) + 1
    return np.diff(np.concatenate(([0], edges, [line.size]))), bool(line[0])


def _centres(line: npt.NDArray[np.bool_], dpi: int) -> Iterator[tuple[int, int]]:
    """Which pattern stands on a line, and where its middle is."""
    runs, dark = _runs(line)
    if runs.size < _BARS:
        return
    starts = np.concatenate(([0], np.cumsum(runs)))
    windows = np.lib.stride_tricks.sliding_window_view(runs, _BARS)
    first = 0 if dark else 1
    places = np.arange(first, len(windows), 2)
    totals = windows[places].sum(axis=1)
    sized = (totals >= _TOTAL[0] * dpi) & (totals <= _TOTAL[1] * dpi)
    for place, total in zip(places[sized], totals[sized], strict=True):
        parts = windows[place] / total
        around = [runs[at] for at in (place - 1, place + _BARS) if 0 <= at < runs.size]
        if min(around, default=total) < _NARROW[0] * total:
            continue
        for pattern, (low, high) in enumerate(_PATTERNS):
            if np.all((parts >= low) & (parts <= high)):
                yield pattern, int(starts[place] + total // 2)


def _straight(found: list[tuple[int, int]], step: int) -> bool:
    """Whether hits on lines (their number, the middle) make one bar that is long enough."""
    length = 1
    for (line, middle), (after, later) in pairwise(found):
        lines = after - line
        close = lines <= 2 and abs(later - middle) <= lines * _MOST_LEAN * step  # noqa: PLR2004 one line may be spoilt
        length = length + 1 if close else 1
        if length >= _LEAST_LINES:
            return True
    return False


def _along(dark: npt.NDArray[np.bool_], dpi: int) -> bool:
    """Whether bars that run down the picture cross enough of its lines."""
    step = max(1, round(_STEP * dpi))
    found: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for number, line in enumerate(dark[step // 2 :: step]):
        for pattern, middle in _centres(line, dpi):
            for column in {middle // dpi, (middle + dpi // 2) // dpi + 1000}:
                found.setdefault((pattern, column), []).append((number, middle))
    return any(_straight(hits, step) for hits in found.values())


def has_patch_t(grey: Pixels, dpi: int) -> bool:
    """Whether a page (H×W uint8, about 100 dpi) bears the bars of Patch T, at any right angle."""
    low, high = np.percentile(grey[::4, ::4], (0.5, 90))
    if high - low < _LEAST_CONTRAST:
        return False
    clean = cv2.medianBlur(grey, 3)
    dark = np.asarray(clean < (low + high) / 2)
    return _along(dark, dpi) or _along(dark.T, dpi)
