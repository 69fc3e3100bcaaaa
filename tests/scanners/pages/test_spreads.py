"""Two facing pages are told from one wide page by their gutter."""

from functools import cache

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scanners.pages.raster import PageImage, half_of
from scanners.pages.spreads import find_gutter
from schemas.geometry import Box, Size
from schemas.records import Half
from tests.pipeline import drawn
from tests.pipeline.drawn import Look

SHAPE = (1754, 1240)
SMALL = Look(letters=22)


def small(image: np.ndarray) -> np.ndarray:
    return cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)


@cache
def left() -> np.ndarray:
    return small(drawn.page())


@cache
def right() -> np.ndarray:
    return small(drawn.page(Look(seed=4)))


@cache
def empty() -> np.ndarray:
    return small(drawn.blank())


def pair(left: np.ndarray, right: np.ndarray, fold: float = 0.0) -> np.ndarray:
    both = np.hstack((left, right))
    away = np.abs(np.arange(both.shape[1]) - left.shape[1])
    return (both * (1 - fold * np.exp(-away / 20))).astype(np.uint8)


def two_columns() -> np.ndarray:
    wide = np.full(SHAPE[::-1], 245, np.uint8)
    for row in range(28):
        text = " ".join(drawn.text_lines(Look(seed=row))[0].split()[:7])
        for x in (120, 925):
            at = (x, 150 + row * 35)
            cv2.putText(wide, text, at, (30,) * 3, cv2.FontFace("sans"), 20, 500)
    return wide


def ruled(top: int) -> np.ndarray:
    """Upright rules, one in the middle, from `top` to as far from the lower edge."""
    wide = np.full(SHAPE[::-1], 245, np.uint8)
    for x in np.linspace(100, 1654, 7).astype(int):
        cv2.line(wide, (int(x), top), (int(x), 1240 - top), 40, 4)
    return wide


SPREADS = {
    "plain": lambda: pair(left(), right()),
    "fold": lambda: pair(left(), right(), 0.4),
    "empty left page": lambda: pair(empty(), right()),
    "two empty pages with a fold": lambda: pair(empty(), empty(), 0.3),
    "askew": lambda: drawn.skewed(pair(left(), right()), 1.5),
    "askew with a fold": lambda: drawn.skewed(pair(left(), right(), 0.4), -1.5),
    "on a black bed": lambda: drawn.skewed(drawn.bordered(pair(left(), right(), 0.3)), 2, 20),
    "black and white": lambda: ((pair(left(), right()) > 128) * 255).astype(np.uint8),
    "colour": lambda: cv2.cvtColor(pair(left(), right(), 0.3), cv2.COLOR_GRAY2BGR),
}
SINGLE = {
    "upright": left,
    "lying": lambda: small(drawn.page(Look(lines=18, letters=60), drawn.A4[::-1])),
    "two columns": two_columns,
    "table": lambda: ruled(100),
    "table nearly to the edge": lambda: ruled(50),
    "empty": lambda: small(drawn.blank(Look(), drawn.A4[::-1])),
    "black": lambda: np.full(SHAPE[::-1], 12, np.uint8),
}


@pytest.mark.parametrize("name", SPREADS)
def test_spreads_are_parted_in_the_gutter(name: str) -> None:
    frame = SPREADS[name]()
    x = find_gutter(frame)
    assert x is not None
    assert abs(x - frame.shape[1] / 2) < 0.01 * frame.shape[1]


@pytest.mark.parametrize("name", SINGLE)
def test_one_page_stays_one(name: str) -> None:
    assert find_gutter(SINGLE[name]()) is None


@settings(max_examples=60, deadline=None)
@given(st.tuples(st.integers(1, 90), st.integers(1, 160)).flatmap(lambda s: arrays(np.uint8, s)))
def test_any_frame_can_be_asked(pixels: np.ndarray) -> None:
    x = find_gutter(pixels)
    assert x is None or 0 < x < pixels.shape[1]


def test_halves_make_up_the_frame() -> None:
    frame = pair(left(), right())
    whole = PageImage(frame, 150, jpeg=b"stream")
    one, other = (half_of(whole, half, 1000) for half in (Half.LEFT, Half.RIGHT))
    assert np.array_equal(np.hstack((one.pixels, other.pixels)), frame)
    assert (one.part, other.part) == (Box(0, 0, 1000, 1754), Box(1000, 0, 1480, 1754))
    assert one.frame == other.frame == Size(2480, 1754)
    assert one.jpeg is other.jpeg is None
    assert half_of(whole, Half.WHOLE, 0) is whole
