"""Which way up a page is, and by how much it lies askew."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.imaging.image import prepare
from schemas.geometry import Affine
from schemas.settings import Settings
from tests.pipeline import drawn
from tests.pipeline.drawn import Look

pytestmark = pytest.mark.slow

SETTINGS = Settings()


def measured(transform: Affine) -> tuple[int, float]:
    """Clockwise quarter turns and the skew taken out, from a page's transform."""
    angle = np.degrees(np.arctan2(transform.d, transform.a))
    turns = round(angle / 90)
    return turns % 4, float(90 * turns - angle)


@settings(max_examples=12, deadline=None)
@given(st.floats(-15, 15), st.integers(3, 30), st.integers(0, 5))
def test_skew_is_measured_to_a_tenth_of_a_degree(degrees: float, lines: int, seed: int) -> None:
    page = drawn.skewed(drawn.page(Look(lines=lines, seed=seed)), degrees)
    turns, skew = measured(prepare(page, drawn.DPI, SETTINGS).transform)
    assert turns == 0
    assert skew == pytest.approx(degrees, abs=0.1)


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("degrees", [-3.0, 0.0, 7.0])
@pytest.mark.parametrize("lines", [8, 25])
def test_quarter_turns_are_found(turns: int, degrees: float, lines: int) -> None:
    page = drawn.skewed(drawn.page(Look(lines=lines)), degrees)
    prepared = prepare(np.rot90(page, turns).copy(), drawn.DPI, SETTINGS)
    found, skew = measured(prepared.transform)
    assert found == turns
    assert skew == pytest.approx(degrees, abs=0.1)
    assert prepared.sure


@pytest.mark.parametrize("fault", [drawn.shadowed, drawn.stained, drawn.bordered, drawn.punched])
def test_faults_do_not_mislead(fault) -> None:
    page = fault(drawn.skewed(drawn.page(), 2.5))
    turns, skew = measured(prepare(np.rot90(page, 2).copy(), drawn.DPI, SETTINGS).transform)
    assert turns == 2
    assert skew == pytest.approx(2.5, abs=0.1)


def test_other_side_shining_through_does_not_mislead() -> None:
    page = drawn.show_through(drawn.skewed(drawn.page(Look(lines=12)), -2.0), 0.12)
    assert measured(prepare(page, drawn.DPI, SETTINGS).transform) == (
        0,
        pytest.approx(-2.0, abs=0.1),
    )


def test_capitals_are_not_turned_on_a_guess() -> None:
    prepared = prepare(drawn.page(Look(upper=True, lines=8)), drawn.DPI, SETTINGS)
    assert measured(prepared.transform)[0] == 0


def test_page_without_lines_of_text_stays_as_it_is() -> None:
    rng = np.random.default_rng(3)
    page = drawn.blank()
    for x, y in rng.integers((200, 200), (2200, 3200), (60, 2)):
        page[y : y + 30, x : x + 25] = 30
    prepared = prepare(page, drawn.DPI, SETTINGS)
    assert prepared.transform == Affine()
    assert prepared.page is page


def test_rules_without_letters_tell_the_skew() -> None:
    page = drawn.blank()
    for y in range(400, 3200, 60):
        page[y : y + 4, 200:2280] = 30
    turns, skew = measured(prepare(drawn.skewed(page, 3.0), drawn.DPI, SETTINGS).transform)
    assert turns == 0
    assert skew == pytest.approx(3.0, abs=0.15)


@pytest.mark.parametrize("dpi", [100, 150, 400, 600])
def test_other_resolutions(dpi: int) -> None:
    page = drawn.skewed(drawn.page(), 2.0)
    shape = (int(2480 * dpi / 300), int(3508 * dpi / 300))
    sized = np.asarray(_resized(page, shape), np.uint8)
    prepared = prepare(np.rot90(sized, 2).copy(), dpi, SETTINGS)
    turns, skew = measured(prepared.transform)
    assert turns == 2
    assert skew == pytest.approx(2.0, abs=0.1)
    assert prepared.reading.shape[1] == pytest.approx(prepared.page.shape[1] * 200 / dpi, rel=0.02)


def _resized(page: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    method = cv2.INTER_AREA if shape[0] < page.shape[1] else cv2.INTER_CUBIC
    return cv2.resize(page, shape, interpolation=method)
