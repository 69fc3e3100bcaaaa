"""Signatures as ink: what is drawn where a signature is expected, and was not read as words."""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from pipeline.imaging.raster import Pixels, grey_of
from schemas.geometry import Box, union
from schemas.text import PageText

_CM = 2.54
_BELOW_CM, _ABOVE_CM, _BESIDE_CM = 2.5, 0.4, 2.0
_LEAST_CM = 0.12
_PAPER, _DARKER = 80, 50
_SURE, _LEAST_LETTERS = 0.85, 3
_INK = 255
_EDGE = 3  # pixels about a word that are its own ink


def _window(box: Box, text: PageText) -> Box:
    """Where the ink of a signature may lie that is expected in a box."""
    cm = text.dpi / _CM
    left, top = max(0, round(box.x - _BESIDE_CM * cm)), max(0, round(box.y - _ABOVE_CM * cm))
    right = min(text.size.width, round(box.x + box.w + _BESIDE_CM * cm))
    bottom = min(text.size.height, round(max(box.y + box.h, box.y + _BELOW_CM * cm)))
    return Box(left, top, max(0, right - left), max(0, bottom - top))


def _ink(grey: Pixels, window: Box, text: PageText) -> Pixels:
    """The window's ink (255) without the words that were surely read."""
    part = grey[window.y : window.y + window.h, window.x : window.x + window.w]
    paper = float(np.percentile(part, _PAPER))
    ink = np.where(part < paper - _DARKER, _INK, 0).astype(np.uint8)
    for word in text.words:
        sure = word.confidence >= _SURE and len(word.text) >= _LEAST_LETTERS
        if sure and word.box.overlap(window):
            x, y = word.box.x - window.x - _EDGE, word.box.y - window.y - _EDGE
            w, h = word.box.w + 2 * _EDGE, word.box.h + 2 * _EDGE
            ink[max(0, y) : max(0, y + h), max(0, x) : max(0, x + w)] = 0
    return ink


def _drawn(grey: Pixels, window: Box, text: PageText) -> Iterator[Box]:
    if not window.area:
        return
    least = _LEAST_CM * text.dpi / _CM
    _, _, stats, _ = cv2.connectedComponentsWithStats(_ink(grey, window, text), connectivity=8)
    for x, y, w, h, _ in stats[1:].tolist():
        if max(w, h) >= least:
            yield Box(window.x + x, window.y + y, w, h)


def signature_ink(
    pixels: Pixels, text: PageText, expected: Sequence[Sequence[Box]]
) -> tuple[Box, ...]:
    """Boxes of the ink about the places where signatures are expected, in pixels of the page image.

    `expected` are the boxes of one signature each. What was surely read there as words stays.
    """
    grey = grey_of(pixels)
    windows = (_window(union(boxes), text) for boxes in expected if boxes)
    return tuple(box for window in windows for box in _drawn(grey, window, text))
