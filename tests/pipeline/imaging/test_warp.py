"""One affine map from the delivered image to the page image."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.imaging.warp import apply_scaled, apply_transform, page_transform, quarter_turn
from schemas.geometry import Affine, Box, Size

sizes = st.builds(Size, st.integers(1, 4000), st.integers(1, 4000))
angles = st.floats(-16.5, 16.5, allow_nan=False)


@given(sizes, st.integers(0, 3), angles)
def test_nothing_is_cut_off(size: Size, turns: int, degrees: float) -> None:
    transform, page = page_transform(size, turns, degrees)
    for x in (0, size.width):
        for y in (0, size.height):
            px, py = transform.point(x, y)
            assert -1e-4 <= px <= page.width + 1e-4
            assert -1e-4 <= py <= page.height + 1e-4


@given(sizes, st.integers(0, 3), angles, st.data())
def test_a_box_comes_back_around_itself(size: Size, turns: int, degrees: float, data) -> None:
    x, y = data.draw(st.integers(0, size.width - 1)), data.draw(st.integers(0, size.height - 1))
    box = Box(x, y, 1, 1)
    transform, _ = page_transform(size, turns, degrees)
    back = transform.inverse().box(transform.box(box))
    assert box.overlap(back) == box.area
    assert back.w <= 6
    assert back.h <= 6


@given(sizes, angles)
def test_stored_transform_is_the_same_map(size: Size, degrees: float) -> None:
    transform, _ = page_transform(size, 1, degrees)
    read = Affine.from_text(transform.as_text())
    for point in ((0, 0), (size.width, size.height)):
        assert read.point(*point) == pytest.approx(transform.point(*point), abs=0.01)


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("shape", [(5, 8), (5, 8, 3)])
def test_quarter_turns_keep_every_pixel(turns: int, shape: tuple[int, ...]) -> None:
    image = np.random.default_rng(1).integers(0, 255, shape, dtype=np.uint8)
    transform, size = page_transform(Size(8, 5), turns, 0.0)
    turned = apply_transform(image, transform, size)
    assert np.array_equal(turned, np.rot90(image, -turns))
    assert (size.height, size.width) == turned.shape[:2]


def test_straight_page_is_the_very_array() -> None:
    image = np.zeros((50, 40), np.uint8)
    transform, size = page_transform(Size(40, 50), 0, 0.02)
    assert transform == Affine()
    assert apply_transform(image, transform, size) is image


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 3), angles, st.integers(40, 560), st.integers(40, 360))
def test_the_picture_follows_the_map(turns: int, degrees: float, x: int, y: int) -> None:
    """A dot lands where the map says, to a third of a pixel."""
    image = np.full((400, 600), 255, np.uint8)
    cv2.circle(image, (x, y), 6, 0, -1)
    transform, size = page_transform(Size(600, 400), turns, degrees)
    page = apply_transform(image, transform, size)
    weight = 255.0 - page
    rows, columns = np.indices(page.shape)
    centre = (
        ((columns + 0.5) * weight).sum() / weight.sum(),
        ((rows + 0.5) * weight).sum() / weight.sum(),
    )
    assert centre == pytest.approx(transform.point(x + 0.5, y + 0.5), abs=0.34)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 3), angles)
def test_small_copies_follow_the_same_map(turns: int, degrees: float) -> None:
    rows, columns = np.indices((400, 600))
    image = (rows * 0.3 + columns * 0.2).astype(np.uint8)
    small = cv2.resize(image, (75, 50), interpolation=cv2.INTER_AREA)
    transform, size = page_transform(Size(600, 400), turns, degrees)
    page = apply_transform(image, transform, size)
    copied = apply_scaled(small, transform, 8, size)
    at = transform.point(300, 200)
    near = page[int(at[1]), int(at[0])]
    assert int(copied[int(at[1] / 8), int(at[0] / 8)]) == pytest.approx(int(near), abs=3)


def test_four_quarter_turns_are_none() -> None:
    assert quarter_turn(4, Size(3, 2)) == (Affine(), Size(3, 2))
