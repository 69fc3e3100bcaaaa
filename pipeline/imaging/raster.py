"""Pixel grids: grey, smaller copies, and the paper's brightness. All arrays are uint8."""

from dataclasses import dataclass
from math import log2
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.uint8]

WHITE = 255
_ANALYSIS_DPI = 75
_LEAST_SIDE = 300
_MOST_SIDE = 4096
_THICKEST = np.ones((15, 15), np.uint8)
_DARKEST = 0.0002
_FAINT_INK = 120
_NOISE = 4
_LEAST_WHITE, _LEAST_CONTRAST = 200, 12
_COLOUR_DPI = 60
_VIVID = 45
_COLOUR_SHARE = 0.0008

cv2.setNumThreads(1)  # one process a core is the pool's business


def grey_of(pixels: Pixels) -> Pixels:
    """H×W from H×W or H×W×3 (BGR); a grey page comes back as it is."""
    return pixels if pixels.ndim == 2 else _u8(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY))  # noqa: PLR2004 two axes


def _u8(array: object) -> Pixels:
    return np.asarray(array, dtype=np.uint8)


def halve(pixels: Pixels) -> Pixels:
    """Half as wide and high: the mean of every four; a last odd row or column is left out."""
    width, height = max(1, pixels.shape[1] // 2), max(1, pixels.shape[0] // 2)
    even = pixels[: 2 * height, : 2 * width]  # whole quads: OpenCV's quick way
    return _u8(cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA))


def resize(pixels: Pixels, width: int, height: int) -> Pixels:
    """Any other size, at the least cost that keeps letters whole.

    Halved while that does not undershoot, then linear (at 2/3 nearly the mean over areas, at a
    seventh of its cost); cubic when it grows.
    """
    while pixels.shape[1] >= 2 * width and pixels.shape[0] >= 2 * height:
        pixels = halve(pixels)
    if pixels.shape[:2] == (height, width):
        return pixels
    grows = width > pixels.shape[1]
    method = cv2.INTER_CUBIC if grows else cv2.INTER_LINEAR
    return _u8(cv2.resize(pixels, (width, height), interpolation=method))


@dataclass(frozen=True, slots=True)
class Bed:
    """255 where bed or punch holes are, at half a view's scale; and the sheet's own brightness."""

    mask: Pixels
    level: int


@dataclass(frozen=True, slots=True)
class View:
    """A small grey copy for measuring.

    `factor` source pixels make one of its pixels; `flat` shows what is dark and thinner than 5 mm
    at 75 dpi, on white (255): no shadows, stains or scanner borders; `paper` is the paper's
    brightness at half the view's scale. `bed` is no part of the sheet, and is white in both.
    """

    flat: Pixels
    paper: Pixels
    factor: int
    bed: Bed | None = None


def paper_of(grey: Pixels) -> Pixels:
    """Brightness of the paper under the ink at half scale."""
    return light_of(halve(grey))


def light_of(half: Pixels) -> Pixels:
    """Brightness of the paper under the ink: brightest neighbours, then a median."""
    bright = cv2.dilate(half, np.ones((5, 5), np.uint8))
    return _u8(cv2.medianBlur(bright, 21))


def thick_of(small: Pixels) -> Pixels:
    """A view without what is dark and thin."""
    return _u8(cv2.morphologyEx(small, cv2.MORPH_CLOSE, _THICKEST))


def flatten(grey: Pixels, paper: Pixels) -> Pixels:
    """The page as if evenly lit on white paper; `paper` may be smaller."""
    light = cv2.resize(paper, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    return _u8(cv2.divide(grey, light, scale=WHITE))


def quantiles(flat: Pixels, shares: tuple[float, ...]) -> tuple[int, ...]:
    """Brightness below which each share of the pixels lies (from every fourth of them)."""
    counts = np.bincount(flat[::2, ::2].ravel(), minlength=WHITE + 1)
    cumulated = np.cumsum(counts) / counts.sum()
    return tuple(int(np.searchsorted(cumulated, share)) for share in shares)


def darken(flat: Pixels, *, sparse: bool) -> Pixels:
    """White paper and black ink where all ink is faint or there is little; else as it is."""
    faint = quantiles(flat, (_DARKEST,))[0] > _FAINT_INK
    if not (faint or sparse):
        return flat
    if faint:
        flat = _u8(cv2.GaussianBlur(flat, (5, 5), 1.0))
    dark, lower, middle = quantiles(flat, (_DARKEST, 0.25, 0.5))
    white = max(_LEAST_WHITE, middle - _NOISE * (middle - lower) - 1)
    black = min(dark, white - _LEAST_CONTRAST) if faint else 0
    steps = (np.arange(WHITE + 1, dtype=np.float64) - black) * (WHITE / (white - black))
    return _u8(cv2.LUT(flat, np.clip(steps, 0, WHITE).astype(np.uint8)))


def halvings_for(grey: Pixels, dpi: int) -> int:
    """How often to halve a page for measuring: to about 75 dpi, 300 to 4096 pixels."""
    count = max(0, round(log2(max(1, dpi) / _ANALYSIS_DPI)))
    while count and min(grey.shape) >> count < _LEAST_SIDE:
        count -= 1
    while max(grey.shape) >> count > _MOST_SIDE:
        count += 1
    return count


def has_colour(pixels: Pixels, dpi: int) -> bool:
    """Whether ink of another hue than the paper's is there (a stamp, a signature, a picture)."""
    if pixels.ndim == 2:  # noqa: PLR2004 two axes
        return False
    step = max(1, dpi // _COLOUR_DPI)
    sample = np.ascontiguousarray(pixels[::step, ::step])
    blue, green, red = (_on_white(_u8(channel)) for channel in cv2.split(sample))
    most, least = cv2.max(cv2.max(blue, green), red), cv2.min(cv2.min(blue, green), red)
    vivid = _u8(cv2.subtract(most, least)) > _VIVID
    return bool(np.count_nonzero(vivid) > _COLOUR_SHARE * vivid.size)


def _on_white(channel: Pixels) -> Pixels:
    """A colour channel as if the paper were white: yellowed paper is no colour."""
    return _u8(cv2.convertScaleAbs(channel, alpha=WHITE / max(1, _median(channel))))


def _median(values: Pixels) -> int:
    counts = np.bincount(values.ravel(), minlength=256)
    half = np.flatnonzero(np.cumsum(counts) * 2 >= values.size)
    return int(half[0]) if len(half) else 0
