"""A page with its darkest ink alone: print stays, what is paler and lies over it (stamps, seals) goes."""

from collections.abc import Sequence

import cv2
import numpy as np

from pipeline.imaging.raster import Pixels, grey_of
from schemas.geometry import Box

_CM = 2.54
_SMALLER, _PAPER_CM = 8, 3.0
_WHITE = 255
_STROKE = 95
"""Percentile of a word's depth that its strokes reach."""
_AS_DARK = 0.72
"""Of the print's depth: what is less deep is other ink."""
_EDGE = np.ones((3, 3), np.uint8)
_LEAST_DEPTH, _INK = 60, 40
_LEAST_SHARE = 0.0005


def paper_of(grey: Pixels, dpi: int) -> Pixels:
    """The sheet's lightness about each pixel: of what it is within three centimetres the median."""
    height, width = grey.shape
    small = (max(1, width // _SMALLER), max(1, height // _SMALLER))
    about = max(3, round(_PAPER_CM * dpi / _CM / _SMALLER)) | 1
    paper = cv2.medianBlur(cv2.resize(grey, small, interpolation=cv2.INTER_AREA), about)
    return np.asarray(cv2.resize(paper, (width, height)), np.uint8)


def _depths(grey: Pixels, dpi: int) -> Pixels:
    """How much darker than the paper about it each pixel is."""
    level = cv2.divide(grey, np.maximum(1, paper_of(grey, dpi)), scale=_WHITE)
    return np.asarray(_WHITE - level, np.uint8)


def _lightest(pixels: Pixels) -> Pixels:
    """Of coloured ink what is dark in every colour."""
    return pixels if pixels.ndim == 2 else np.ascontiguousarray(pixels.max(axis=2))  # noqa: PLR2004 grey


def _print_depth(depths: Pixels, words: Sequence[Box]) -> float:
    parts = (depths[w.y : w.y + w.h, w.x : w.x + w.w] for w in words)
    strokes = [float(np.percentile(part, _STROKE)) for part in parts if part.size]
    return float(np.median(strokes)) if strokes else 0.0


def darkest_ink(pixels: Pixels, words: Sequence[Box], dpi: int) -> Pixels | None:
    """A page (H×W grey or H×W×3) in grey on white, with nothing that is paler than its print.

    `words` are the boxes of some words that were surely read, in pixels: they tell how dark print
    is. None where there are none, or where nothing is paler: then the page shows it all.
    """
    depths = _depths(_lightest(pixels), dpi)
    deep = _print_depth(depths, words)
    if deep < _LEAST_DEPTH:
        return None
    kept = cv2.dilate((depths >= _AS_DARK * deep).view(np.uint8), _EDGE) > 0
    paler = (_depths(grey_of(pixels), dpi) > _INK) & ~kept
    if np.count_nonzero(paler) < _LEAST_SHARE * paler.size:
        return None
    return np.where(kept, _WHITE - depths, _WHITE).astype(np.uint8)
