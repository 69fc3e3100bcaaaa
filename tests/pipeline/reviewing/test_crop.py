"""A crop shows its box, twice as large, framed; whatever the box says, it shows some of the page."""

import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.reviewing.crop import beside, crop, encode_png
from pipeline.reviewing.waiting import around
from schemas.geometry import Box

FRAME = (124, 28, 138)


def framed(picture):
    return np.all(picture == FRAME, axis=2)


def test_the_box_is_framed_and_nothing_in_it_is_covered():
    page = np.full((1400, 1000), 255, np.uint8)
    page[600:620, 400:500] = 0
    box = Box(400, 600, 100, 20)
    picture = crop(page, box)
    wide = around(box)
    assert picture.shape == (2 * wide.h, 2 * wide.w, 3)
    left, top = 2 * (box.x - wide.x), 2 * (box.y - wide.y)
    inside = picture[top : top + 40, left : left + 200]
    assert inside[4:-4, 4:-4].max() < 30
    assert not framed(inside).any()
    ys, xs = np.nonzero(framed(picture))
    assert ys.min() < top < top + 40 <= ys.max()
    assert xs.min() < left < left + 200 <= xs.max()


@settings(max_examples=40)
@given(
    st.builds(
        Box, st.integers(0, 900), st.integers(0, 900), st.integers(1, 3000), st.integers(1, 3000)
    ),
    st.booleans(),
)
def test_any_box_gives_a_picture_of_bounded_size(box, colour):
    page = np.full((300, 200, 3) if colour else (300, 200), 240, np.uint8)
    picture = crop(page, box)
    assert picture.ndim == 3
    assert 0 < picture.shape[0] <= 1600
    assert 0 < picture.shape[1] <= 2400


def test_pages_stand_side_by_side_and_come_back_from_the_file():
    pages = (np.zeros((700, 500), np.uint8), np.full((2800, 2000, 3), 255, np.uint8))
    picture = beside(pages)
    assert picture.shape == (1400, 1000 + 16 + 1000, 3)
    data = np.frombuffer(encode_png(picture), np.uint8)
    assert np.array_equal(cv2.imdecode(data, cv2.IMREAD_COLOR), picture)
