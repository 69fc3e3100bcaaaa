"""Skew by fitting lines to the edges on which letters stand."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RANGE = 16.5
_COARSE = np.arange(-RANGE, RANGE + 0.25, 0.5)
_FINE = np.arange(-0.5, 0.51, 0.1)
_SAMPLE = 700
_LEAST_ON_LINE = 4


@dataclass(frozen=True, slots=True)
class Alignment:
    """How well points lie on parallel lines: the angle in degrees, its score, and the usual one."""

    degrees: float
    score: float
    usual: float

    @property
    def clear(self) -> bool:
        """Lines stand out, and not at the end of the range."""
        return self.score > 2 * self.usual and abs(self.degrees) < RANGE


def _scores(u: Floats, v: Floats, degrees: Floats) -> Floats:
    slopes = np.tan(np.radians(degrees))[:, None]
    offsets = v[None] - u[None] * slopes
    bins = (offsets - offsets.min(axis=1, keepdims=True)).astype(np.int64)
    width = int(bins.max()) + 3
    bins += np.arange(len(degrees))[:, None] * width
    counts = np.bincount(bins.ravel(), minlength=width * len(degrees)).reshape(-1, width)
    pairs = (counts[:, 1:] + counts[:, :-1]).astype(np.float64)
    return np.asarray((pairs**2).sum(axis=1) / len(u), dtype=np.float64)


def align(u: Floats, v: Floats) -> Alignment:
    """The angle (degrees, v growing with u positive) at which v - u·tan gathers on fewest lines."""
    pick = np.random.default_rng(0).permutation(len(u))[:_SAMPLE]
    scores = _scores(u[pick], v[pick], _COARSE)
    near = _COARSE[int(np.argmax(scores))]
    fine = _scores(u[pick], v[pick], near + _FINE)
    best = int(np.argmax(fine))
    return Alignment(float(near + _FINE[best]), float(fine[best]), float(np.median(scores)))


def _peaks(offsets: Floats) -> Floats:
    low = float(offsets.min())
    counts = np.bincount((offsets - low + 0.5).astype(np.int64) + 1)
    near = np.convolve(counts, (1, 2, 1), "same")
    before, after = np.roll(near, 1), np.roll(near, -1)
    top = (near >= 2 * _LEAST_ON_LINE) & (near >= before) & (near > after)
    return np.asarray(low + np.nonzero(top)[0] - 1.0, dtype=np.float64)


def _nearest(lines: Floats, offsets: Floats) -> NDArray[np.int64]:
    middles = (lines[1:] + lines[:-1]) / 2
    return np.searchsorted(middles, offsets)


def _slope_left(u: Floats, offsets: Floats, tolerance: float) -> float:
    lines = _peaks(offsets)
    if not len(lines):
        return 0.0
    line = _nearest(lines, offsets)
    on = np.abs(offsets - lines[line]) <= tolerance
    line, u, offsets = line[on], u[on], offsets[on]
    number = np.maximum(1, np.bincount(line, minlength=len(lines)))
    du = u - (np.bincount(line, u, len(lines)) / number)[line]
    dv = offsets - (np.bincount(line, offsets, len(lines)) / number)[line]
    spread = float((du * du).sum())
    return float((du * dv).sum()) / spread if spread else 0.0


def fit(u: Floats, v: Floats, degrees: float) -> float:
    """The common slope (degrees) of the lines near `degrees`, by least squares on every line."""
    slope = float(np.tan(np.radians(degrees)))
    for tolerance in (2.0, 1.5, 1.0):
        slope += _slope_left(u, v - u * slope, tolerance)
    return float(np.degrees(np.arctan(slope)))
