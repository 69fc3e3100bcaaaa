"""The other side's writing that shows through a sheet: mirrored, but nobody needs more than a mirror."""

import cv2
import numpy as np

from pipeline.imaging.raster import Pixels

_COARSE = 8  # pixels of the page to one of its paper
_CLOSED = np.ones((9, 9), np.uint8)  # coarse pixels: wider than strokes are
_INK, _PALE = 0.70, 0.965  # of the paper's lightness
_BESIDE = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7))
_LEAST = 0.002
_SPECK = 3


def _paper(pixels: Pixels) -> Pixels:
    """The sheet without what is on it, channel by channel."""
    height, width = pixels.shape[:2]
    small = (max(1, width // _COARSE), max(1, height // _COARSE))
    coarse = cv2.resize(pixels, small, interpolation=cv2.INTER_AREA)
    closed = cv2.GaussianBlur(cv2.morphologyEx(coarse, cv2.MORPH_CLOSE, _CLOSED), (0, 0), 2)
    return np.asarray(cv2.resize(closed, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def _darkest(pixels: Pixels) -> Pixels:
    return pixels if pixels.ndim == 2 else np.asarray(pixels.min(axis=2))  # noqa: PLR2004 grey


def without_other_side(pixels: Pixels) -> Pixels:
    """The page (H×W grey or H×W×3) with nothing but paper away from its own ink.

    Own marks as pale as what shows through go with it. The same pixels where hardly any is pale.
    """
    paper = _paper(pixels)
    share = _darkest(pixels).astype(np.float32) / np.maximum(1, _darkest(paper))
    ink = cv2.morphologyEx((share < _INK).view(np.uint8), cv2.MORPH_DILATE, _BESIDE)
    pale = (share < _PALE) & (ink == 0)
    if np.count_nonzero(cv2.medianBlur(pale.view(np.uint8), _SPECK)) < _LEAST * pale.size:
        return pixels
    cleaned = paper
    cleaned[ink > 0] = pixels[ink > 0]
    return cleaned
