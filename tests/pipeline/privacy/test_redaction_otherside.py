"""What shows through from a sheet's other side does not go out with an anonymised copy."""

import numpy as np
import pytest

from pipeline.page import read_page
from pipeline.privacy.redaction import without_other_side
from schemas.settings import Settings
from tests.pipeline import drawn
from tests.pipeline.drawn import Look

FRONT = Look(lines=6)


def readable(page: np.ndarray) -> int:
    """Letters of words that are surely read."""
    outcome = read_page(page, drawn.DPI, Settings(), "ron", separator=False)
    return sum(len(word.text) for word in outcome.text.words if word.confidence > 0.8)


def soaked(strength: float) -> np.ndarray:
    """Six lines of its own, the other side's twenty-five through the paper, sharp enough to read."""
    other = drawn.page(Look(seed=5, noise=0.0))[:, ::-1].astype(np.float32)
    return np.clip(drawn.page(FRONT) - (245 - other) * strength, 0, 255).astype(np.uint8)


@pytest.mark.slow
@pytest.mark.parametrize("strength", [0.12, 0.2])
def test_in_a_mirror_nothing_of_the_other_side_is_read(strength: float) -> None:
    page = soaked(strength)
    below = page[900:]  # where only the other side has lines
    cleaned = without_other_side(page)
    assert readable(np.ascontiguousarray(below[:, ::-1])) > 300
    assert readable(np.ascontiguousarray(cleaned[900:, ::-1])) == 0
    assert readable(cleaned) >= 0.9 * readable(drawn.page(FRONT))


@pytest.mark.slow
def test_colours_of_the_paper_stay() -> None:
    page = np.dstack([soaked(0.12)] * 3).astype(np.uint16)
    page = (page * np.array([200, 230, 250]) // 250).astype(np.uint8)
    cleaned = without_other_side(page)
    assert np.abs(np.median(cleaned, axis=(0, 1)) - np.median(page, axis=(0, 1))).max() <= 3


def test_a_page_that_nothing_shows_through_is_untouched() -> None:
    page = drawn.page(FRONT)
    assert without_other_side(page) is page
