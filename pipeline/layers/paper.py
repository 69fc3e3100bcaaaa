"""The paper behind the ink: even and of one colour, or a coarse picture of its own."""

import cv2
import numpy as np

from pipeline.imaging.raster import Pixels
from pipeline.layers.ink import Ink, halved, light_of
from pipeline.layers.types import Colour

_BESIDE = np.ones((3, 3), np.uint8)
_STROKE = np.ones((7, 7), np.uint8)  # 2 mm at 75 dpi
_MARK = 14  # levels below the paper round about, or below the page's: visible
_MARKED = 0.0004
_PALE, _PALE_SHARE = 12, 0.0004
_VEIL, _VEILED_SHARE = 0.1, 0.05
_LEVELS = np.arange(256)


def _u8(array: object) -> Pixels:
    return np.asarray(array, dtype=np.uint8)


def _is_grey(page: Pixels) -> bool:
    return page.ndim == 2  # noqa: PLR2004 two axes


def ink_free(ink: Ink) -> Pixels:
    """255 where no ink is near, at the coarse resolution."""
    return _u8(cv2.threshold(cv2.dilate(ink.cover, _BESIDE), 0, 255, cv2.THRESH_BINARY_INV)[1])


def coarse_page(page: Pixels, ink: Ink) -> Pixels:
    """The page, grey or BGR, at the coarse resolution."""
    if _is_grey(page):
        return ink.coarse
    height, width = (side * ink.factor for side in ink.coarse.shape)
    return halved(page[:height, :width], ink.factor.bit_length() - 1)


def _usual(channel: Pixels, free: Pixels) -> int:
    """The channel's usual level where the paper is free."""
    counts = np.cumsum(cv2.calcHist([channel], [0], free, [256], [0, 256]))
    return min(int(np.searchsorted(counts, counts[-1] / 2)), 255)


def paper_colour(coarse: Pixels, free: Pixels) -> Colour:
    """The usual colour of the paper (RGB)."""
    channels = (coarse,) if _is_grey(coarse) else cv2.split(coarse)[::-1]
    levels = [_usual(_u8(channel), free) for channel in channels]
    return (levels[0], levels[0], levels[0]) if len(levels) == 1 else (*levels,)  # type: ignore[return-value]  # one or three


def is_even(coarse: Pixels, free: Pixels, colour: Colour) -> bool:
    """Whether the paper is one colour: neither shadow nor stain nor pale mark on it."""
    channels = (coarse,) if _is_grey(coarse) else cv2.split(coarse)[::-1]
    total = max(1, cv2.countNonZero(free))
    for channel, level in zip(channels, colour, strict=False):
        marked = _u8(np.where(np.abs(_LEVELS - level) > _MARK, 255, 0))
        marks = cv2.bitwise_and(cv2.LUT(channel, marked), free)
        if cv2.countNonZero(marks) > _MARKED * total:
            return False
    return True


def has_pale_marks(ink: Ink, free: Pixels) -> bool:
    """Whether strokes too pale for ink are there: pencil, or what shows through; no mere shadow."""
    strokes = cv2.morphologyEx(ink.coarse, cv2.MORPH_BLACKHAT, _STROKE)
    _, marked = cv2.threshold(cv2.bitwise_and(strokes, free), _PALE, 255, cv2.THRESH_BINARY)
    return cv2.countNonZero(marked) > _PALE_SHARE * free.size


def shows_through(ink: Ink) -> bool:
    """Whether so much of the paper is marked that ink and what shows through cannot be told apart."""
    free = ink_free(ink)
    pale = cv2.bitwise_and(cv2.subtract(ink.light, ink.coarse), free)
    _, marked = cv2.threshold(pale, max(_PALE, _VEIL * ink.depth), 255, cv2.THRESH_BINARY)
    return cv2.countNonZero(marked) > _VEILED_SHARE * max(1, cv2.countNonZero(free))


def _filled(channel: Pixels, free: Pixels) -> Pixels:
    """The channel with the paper round about in place of ink."""
    light = light_of(channel)
    brighter = _usual(_u8(cv2.subtract(light, channel)), free)
    ground = _u8(cv2.LUT(light, _u8(np.clip(_LEVELS - brighter, 0, 255))))
    return _u8(cv2.copyTo(channel, free, ground))


def without_ink(coarse: Pixels, free: Pixels) -> Pixels:
    """The coarse page (grey or BGR) without its ink."""
    if _is_grey(coarse):
        return _filled(coarse, free)
    return _u8(cv2.merge([_filled(_u8(channel), free) for channel in cv2.split(coarse)]))
