"""A part of a page image, twice as large, with the place in question framed."""

from collections.abc import Sequence

import cv2
import numpy as np

from pipeline.imaging.raster import Pixels
from pipeline.reviewing.waiting import around
from schemas.geometry import Box

_SCALE = 2.0
_MOST_WIDE, _MOST_HIGH = 2400, 1600
_PAGE_HIGH = 1400
_GAP = 16
_FRAME, _THICK = (124, 28, 138), 4
_GAP_GREY = 160


def _coloured(pixels: Pixels) -> Pixels:
    two_axes = 2
    return np.asarray(
        cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR) if pixels.ndim == two_axes else pixels, np.uint8
    )


def _sized(pixels: Pixels, factor: float) -> Pixels:
    height, width = (max(1, round(side * factor)) for side in pixels.shape[:2])
    way = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=way), np.uint8)


def _framed(pixels: Pixels, box: Box, left: int, top: int, factor: float) -> Pixels:
    """A frame just outside the box, so that it covers no letter."""
    x, y = round((box.x - left) * factor), round((box.y - top) * factor)
    right, bottom = round((box.x + box.w - left) * factor), round((box.y + box.h - top) * factor)
    framed = pixels.copy()
    corners = (x - _THICK, y - _THICK), (right + _THICK, bottom + _THICK)
    cv2.rectangle(framed, *corners, _FRAME, _THICK)
    return framed


def crop(page: Pixels, box: Box) -> Pixels:
    """The surroundings of a box on a page image (grey or BGR), as BGR, the box framed.

    Twice the page's size where that is not over 2400 x 1600 pixels. A box that lies off the page
    shows the page's nearest part.
    """
    height, width = page.shape[:2]
    wanted = around(box)
    left, top = min(max(0, wanted.x), width - 1), min(max(0, wanted.y), height - 1)
    right = max(left + 1, min(width, wanted.x + wanted.w))
    bottom = max(top + 1, min(height, wanted.y + wanted.h))
    part = _coloured(page[top:bottom, left:right])
    factor = min(_SCALE, _MOST_WIDE / part.shape[1], _MOST_HIGH / part.shape[0])
    return _framed(_sized(part, factor), box, left, top, factor)


def beside(pages: Sequence[Pixels]) -> Pixels:
    """Whole pages side by side, 1400 pixels high, as BGR."""
    shown = [_sized(_coloured(page), _PAGE_HIGH / page.shape[0]) for page in pages]
    gap = np.full((_PAGE_HIGH, _GAP, 3), _GAP_GREY, np.uint8)
    pieces = [piece for page in shown for piece in (gap, page)][1:]
    return np.asarray(np.concatenate(pieces, axis=1), np.uint8)


def encode_png(pixels: Pixels) -> bytes:
    """A PNG of a grey or BGR image."""
    _, data = cv2.imencode(".png", pixels)
    return data.tobytes()
