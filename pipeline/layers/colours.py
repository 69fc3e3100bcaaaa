"""The ink's colours: one for the page where it has one, else a coarse image of them."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.raster import Pixels
from pipeline.layers.types import Colour

_STEP = 3
_MOST_SAMPLES = 20_000
_CELL = 4  # samples; 25 dpi of 300
_SPREAD = 70
_PALER, _PALER_SHARE = 60, 0.02  # as of a stamp's beside print
_VIVID = 48
_VIVID_SHARE = 0.004
_INSIDE = np.ones((3, 3), np.uint8)
_INNER, _OUTER = 1 / 255, 0.1 / 255  # what a sample inside of ink counts, and one at its edge
_WINDOWS = (3, 9, 33)
_DARK = 0.3
_BLACK: Colour = (0, 0, 0)
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class InkColours:
    """`usual`: the colour (RGB) of most ink; `coarse`: a small image of it, None where all is so."""

    usual: Colour
    coarse: Pixels | None = None


def _is_grey(page: Pixels) -> bool:
    return page.ndim == 2  # noqa: PLR2004 two axes


def _is_varied(samples: Pixels) -> bool:
    """Whether samples (N×1 or N×3) differ by more than grain: other inks, or faded parts."""
    if samples.shape[1] > 1:
        apart = samples.max(axis=1).astype(np.int16) - samples.min(axis=1)
        if np.count_nonzero(apart > _VIVID) > _VIVID_SHARE * len(samples):
            return True
    tones = samples.mean(axis=1)
    low, middle, high = np.quantile(tones, (0.1, 0.5, 0.9))
    paler = np.count_nonzero(tones > middle + _PALER)
    return bool(high - low > _SPREAD or paler > _PALER_SHARE * len(tones))


def _usual(samples: Pixels) -> Colour:
    """What the darker part of the ink has, edges left out."""
    levels = np.quantile(samples, _DARK, axis=0).round().astype(int)[::-1].tolist()
    return (levels[0],) * 3 if len(levels) == 1 else (levels[0], levels[1], levels[2])


def _cells(values: Floats, shape: tuple[int, int]) -> Floats:
    small = cv2.resize(values, shape[::-1], interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32)


def _spread(colours: Floats, weight: Floats) -> Pixels:
    """Colours where there is weight, carried on to where there is none."""
    filled, known = np.zeros_like(colours), np.zeros_like(weight)
    for window in _WINDOWS:
        near = np.asarray(cv2.blur(weight, (window, window)), np.float32)
        mean = np.asarray(cv2.blur(colours, (window, window)), np.float32).reshape(colours.shape)
        fresh = (known == 0) & (near > 1e-4)  # noqa: PLR2004 what rounding leaves of nothing
        filled[fresh] = mean[fresh] / near[fresh][:, None]
        known[fresh] = 1
    rest = known == 0
    filled[rest] = filled[~rest].mean(axis=0) if np.any(~rest) else 0
    return np.clip(filled, 0, 255).astype(np.uint8)


def _coarse(page: Pixels, weight: Floats) -> Pixels:
    height, width = page.shape[:2]
    shape = (-(-height // _CELL), -(-width // _CELL))
    weights = weight if _is_grey(page) else cv2.merge([weight] * page.shape[2])
    samples = np.asarray(cv2.multiply(page, weights, dtype=cv2.CV_32F), np.float32)
    weighed = _cells(samples, shape).reshape(*shape, -1)
    coarse = _spread(weighed, _cells(weight, shape))
    return coarse[:, :, 0] if _is_grey(page) else coarse


def ink_colours(page: Pixels, mask: Pixels) -> InkColours:
    """Of a page image (grey or BGR) and its ink (255)."""
    if not mask.size:
        return InkColours(_BLACK)
    inside = np.ascontiguousarray(cv2.erode(mask, _INSIDE)[::_STEP, ::_STEP], np.uint8)
    edges = np.ascontiguousarray(mask[::_STEP, ::_STEP])
    sampled = np.ascontiguousarray(page[::_STEP, ::_STEP])
    chosen = inside if np.any(inside) else edges
    samples = sampled[chosen > 0].reshape(np.count_nonzero(chosen), -1)
    samples = samples[:: max(1, len(samples) // _MOST_SAMPLES)]
    if not len(samples):
        return InkColours(_BLACK)
    usual = _usual(samples)
    if not _is_varied(samples):
        return InkColours(usual)
    weight = cv2.addWeighted(inside, _INNER, edges, _OUTER, 0, dtype=cv2.CV_32F)
    return InkColours(usual, _coarse(sampled, np.asarray(weight, np.float32)))
