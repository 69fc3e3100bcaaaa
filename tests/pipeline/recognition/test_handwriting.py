"""Handwriting is told of and never passed off as words."""

import cv2
import numpy as np
import pytest

from pipeline.page import read_page
from schemas.records import PageState
from schemas.settings import Settings
from tests.pipeline import drawn
from tests.pipeline.drawn import Look

pytestmark = pytest.mark.slow

SETTINGS = Settings()
_UP = (1.0, 1.0, 1.0, 2.2, -1.2)


def _word(rng: np.random.Generator, start: tuple[float, float], size: float) -> np.ndarray:
    """A word's line: loops up and down, each of another size."""
    x, y = start
    turn = np.linspace(0, 2 * np.pi, 14)
    loops = []
    for _ in range(rng.integers(2, 10)):
        wide, up = size * rng.uniform(0.7, 1.2), rng.choice(_UP) * rng.uniform(0.8, 1.1)
        across = x + wide * turn / (2 * np.pi) + 0.3 * size * np.sin(turn + rng.uniform(0, 1))
        down = y - size * up * (1 - np.cos(turn)) / 2 + rng.normal(0, 0.04 * size, 14)
        loops.append(np.stack((across, down), 1))
        x += wide
    return np.concatenate(loops)


def scribbled(page: np.ndarray, area: tuple[int, int, int, int], seed: int) -> np.ndarray:
    """The page with running handwriting in an area (left, top, right, bottom)."""
    rng, written = np.random.default_rng(seed), page.copy()
    left, top, right, bottom = area
    size = 22 + 6 * (seed % 4)
    for y in np.arange(top + 2 * size, bottom, 3.6 * size):
        x = left + rng.uniform(0, 60)
        while x < right - 10 * size:
            line = _word(rng, (x, y + 0.02 * (x - left)), size)
            points = np.round(8 * line).astype(np.int32)
            cv2.polylines(written, [points], False, 50, 4, cv2.LINE_AA, shift=3)
            x = line[:, 0].max() + size * rng.uniform(1, 2)
    return written


@pytest.mark.parametrize("seed", [0, 3])
def test_a_handwritten_page_has_the_finding_and_no_words(seed: int) -> None:
    page = drawn.noisy(scribbled(drawn.blank(), (250, 300, 2250, 3200), seed), Look())
    outcome = read_page(page, drawn.DPI, SETTINGS, "ron", False)
    assert outcome.state is PageState.RECOGNISED
    assert "handwriting" in {finding.code for finding in outcome.findings}
    assert not outcome.text.words


def test_handwriting_on_a_typed_page_becomes_no_words() -> None:
    typed = drawn.page(Look(lines=14))
    alone = read_page(typed, drawn.DPI, SETTINGS, "ron", False)
    both = read_page(
        scribbled(typed, (300, 1700, 2200, 2700), 1), drawn.DPI, SETTINGS, "ron", False
    )
    below = [word for word in both.text.words if word.box.y > 1600]
    assert len(below) <= 1
    read = [word.text for word in both.text.words if word.box.y < 1500]
    assert read == [word.text for word in alone.text.words]
    assert both.quality is not None
    assert both.quality.unread_share > 0.2
    assert not both.findings
