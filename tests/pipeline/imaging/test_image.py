"""Preparing, marking and encoding page images."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.imaging.image import apply_transform, draw_marks, encode_jpeg, prepare, turned
from schemas.geometry import Affine, Box, Size
from schemas.settings import Settings
from tests.pipeline import drawn
from tests.pipeline.drawn import Look

SETTINGS = Settings()
SIDES = st.integers(1, 90)
SHAPES = st.one_of(st.tuples(SIDES, SIDES), st.tuples(SIDES, SIDES, st.just(3)))


@settings(max_examples=80, deadline=None)
@given(SHAPES.flatmap(lambda shape: arrays(np.uint8, shape)), st.integers(1, 2400))
def test_any_image_can_be_prepared(pixels: np.ndarray, dpi: int) -> None:
    prepared = prepare(pixels, dpi, SETTINGS)
    assert prepared.page.shape[:2] == (prepared.size.height, prepared.size.width)
    assert prepared.reading.ndim == 2
    assert min(prepared.reading.shape) >= 1
    assert 0 <= prepared.ink <= 1


@pytest.mark.parametrize("shape", [(1, 30_000), (33_000, 3), (20, 20_000, 3)])
def test_long_strips(shape: tuple[int, ...]) -> None:
    prepared = prepare(np.full(shape, 240, np.uint8), 300, SETTINGS)
    assert prepared.page.shape[:2] == shape[:2]


@pytest.mark.parametrize("turns", range(4))
def test_the_page_again_from_the_original(turns: int) -> None:
    original = np.rot90(drawn.skewed(drawn.page(Look(lines=12)), 1.7), turns).copy()
    prepared = prepare(original, drawn.DPI, SETTINGS)
    stored = Affine.from_text(prepared.transform.as_text())
    again = apply_transform(original, stored, prepared.size)
    difference = cv2.absdiff(again, prepared.page)
    assert again.shape == prepared.page.shape
    assert difference.mean() < 0.05
    assert np.percentile(difference, 99.9) <= 3


def test_straight_page_keeps_its_pixels() -> None:
    original = drawn.page()
    prepared = prepare(original, drawn.DPI, SETTINGS)
    assert prepared.transform == Affine()
    assert prepared.page is original
    assert prepared.reading.shape == (2339, 1653)


def test_reading_image_is_evenly_lit() -> None:
    prepared = prepare(drawn.shadowed(drawn.page(Look(lines=5))), drawn.DPI, SETTINGS)
    left, right = prepared.reading[1400:2200, 20:160], prepared.reading[1400:2200, 1200:1500]
    assert left.mean() == pytest.approx(right.mean(), abs=8)
    assert left.mean() > 235


def test_faint_ink_becomes_black() -> None:
    plain = drawn.page(Look(ink=205, lines=5))
    prepared = prepare(plain, drawn.DPI, SETTINGS)
    assert np.percentile(plain, 0.1) > 190
    assert np.percentile(prepared.reading, 0.1) < 90
    assert np.median(prepared.reading) == 255


@pytest.mark.parametrize(("ink", "colour"), [((200, 60, 40), True), ((45, 45, 45), False)])
def test_only_real_colour_stays(ink: tuple[int, int, int], colour: bool) -> None:
    yellowed = cv2.merge([np.full(drawn.A4, value, np.uint8) for value in (190, 225, 235)])
    cv2.circle(yellowed, (1700, 2900), 220, ink, 12)
    assert (prepare(yellowed, 300, SETTINGS).page.ndim == 3) is colour


def test_turned_over_maps_to_the_other_corner() -> None:
    prepared = prepare(drawn.page(Look(lines=6)), drawn.DPI, SETTINGS)
    over = turned(prepared, 2)
    assert np.array_equal(over.page, prepared.page[::-1, ::-1])
    assert over.transform.box(Box(0, 0, 10, 20)) == Box(2480 - 10, 3508 - 20, 10, 20)


def test_marks_are_yellow_over_the_paper_and_keep_the_ink() -> None:
    page = np.full((200, 300), 255, np.uint8)
    page[100:110, 120:160] = 0
    marked = draw_marks(page, [Box(100, 80, 100, 60), Box(290, 190, 50, 50), Box(-20, -20, 5, 5)])
    assert marked.shape == (200, 300, 3)
    assert marked[90, 150].tolist() == pytest.approx([255 * 0.65, 255, 255], abs=1)
    assert marked[105, 140].tolist() == [0, 0, 0]
    assert marked[80, 150].max() < 60
    assert marked[40, 40].tolist() == [255, 255, 255]
    assert page[90, 150] == 255


def test_marks_on_a_colour_page_leave_the_page_alone() -> None:
    page = np.full((50, 50, 3), 200, np.uint8)
    draw_marks(page, [Box(5, 5, 20, 20)])
    assert page.min() == 200


@pytest.mark.parametrize("shape", [(40, 30), (40, 30, 3)])
def test_jpeg_is_the_picture(shape: tuple[int, ...]) -> None:
    page = np.full(shape, 180, np.uint8)
    decoded = cv2.imdecode(np.frombuffer(encode_jpeg(page, 80), np.uint8), cv2.IMREAD_UNCHANGED)
    assert decoded.shape == shape
    assert abs(int(decoded.mean()) - 180) <= 1


@pytest.mark.slow
def test_very_large_pages_are_read_coarser() -> None:
    prepared = prepare(np.full((12_000, 9_000), 240, np.uint8), 100, SETTINGS)
    assert prepared.reading.size <= 91_000_000
    assert prepared.size == Size(9_000, 12_000)
