"""Scanner beds, black corners and punch holes are no part of the page: no ink, no words, no skew."""

from math import atan2, degrees

import cv2
import numpy as np
import pytest

from pipeline.imaging.bed import bed_of, view_of
from pipeline.imaging.image import prepare
from schemas.settings import Settings
from tests.pipeline import drawn
from tests.pipeline.drawn import Look

pytestmark = pytest.mark.slow
SETTINGS = Settings()


def on_bed(
    page: np.ndarray, sides: tuple[float, ...], tone: int = 22, turn: float = 0.0
) -> np.ndarray:
    """The sheet on a dark bed that shows by these shares (left, top, right, bottom), askew."""
    height, width = page.shape
    left, right = (round(sides[n] * width) for n in (0, 2))
    top, bottom = (round(sides[n] * height) for n in (1, 3))
    size = (width + left + right, height + top + bottom)
    noise = np.random.default_rng(0).normal(tone, 4, size[::-1])
    bed = cv2.GaussianBlur(noise.clip(0, 255).astype(np.uint8), (0, 0), 1)
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -turn, 1)
    matrix[:, 2] += left, top
    sheet = cv2.warpAffine(page, matrix, size, flags=cv2.INTER_CUBIC)
    share = cv2.warpAffine(np.ones((height, width), np.float32), matrix, size)
    return np.asarray(sheet * share + bed * (1 - share)).astype(np.uint8)


def holed(page: np.ndarray, tone: int = 25) -> np.ndarray:
    """Four holes of 6 mm."""
    image = page.copy()
    for share in (0.15, 0.385, 0.615, 0.85):
        cv2.circle(image, (140, round(share * page.shape[0])), 35, tone, -1)
    return image


LAID = {
    "2 % on the left": (0.02, 0, 0, 0),
    "5 % on two sides": (0.05, 0, 0.05, 0),
    "8 % all round": (0.08,) * 4,
    "15 % on two sides": (0, 0, 0.15, 0.15),
    "25 % all round": (0.25,) * 4,
}
TURNS = (0.0, 2.0, -6.0)


def written(ink: int) -> np.ndarray:
    page = np.full(drawn.A4, 245, np.uint8)
    cv2.putText(page, "Anexa 3", (1100, 400), (ink,) * 3, cv2.FontFace("sans"), 46, 500)
    return drawn.noisy(page, Look())


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("sides", [LAID["5 % on two sides"], LAID["25 % all round"]])
def test_an_empty_sheet_on_a_bed_is_blank(sides: tuple[float, ...], turn: float) -> None:
    assert prepare(on_bed(holed(drawn.blank()), sides, turn=turn), drawn.DPI, SETTINGS).blank


@pytest.mark.parametrize(
    ("sides", "tone"), tuple(zip(LAID.values(), (5, 60, 110, 22, 60), strict=True))
)
def test_faint_or_little_writing_on_a_bed_is_never_blank(
    sides: tuple[float, ...], tone: int
) -> None:
    for page in (drawn.page(Look(lines=1, ink=205)), drawn.page(Look(ink=220)), written(40)):
        found = prepare(on_bed(page, sides, tone), drawn.DPI, SETTINGS)
        assert not found.blank
        assert not found.dark
        assert not found.noise


@pytest.mark.parametrize("turn", TURNS)
def test_the_skew_is_that_of_the_text(turn: float) -> None:
    found = prepare(on_bed(drawn.page(), (0.05,) * 4, turn=turn), drawn.DPI, SETTINGS)
    assert degrees(atan2(found.transform.b, found.transform.a)) == pytest.approx(turn, abs=0.06)


@pytest.mark.parametrize("turn", [0.0, 3.0])
def test_bed_and_holes_are_white_in_what_is_read(turn: float) -> None:
    empty = on_bed(holed(drawn.blank()), (0.08,) * 4, turn=turn)
    text = on_bed(drawn.page(), (0.08,) * 4, turn=turn)
    assert (prepare(empty, drawn.DPI, SETTINGS).reading < 200).mean() < 1e-4
    alone = (prepare(drawn.page(), drawn.DPI, SETTINGS).reading < 128).sum()
    laid = (prepare(text, drawn.DPI, SETTINGS).reading < 128).sum()
    assert laid == pytest.approx(alone, rel=0.04)


def test_the_page_image_keeps_the_bed() -> None:
    image = on_bed(drawn.page(), (0.05,) * 4)
    assert prepare(image, drawn.DPI, SETTINGS).page is image


def half(page: np.ndarray) -> np.ndarray:
    return cv2.resize(page, None, fx=1 / 8, fy=1 / 8, interpolation=cv2.INTER_AREA)


def photograph() -> np.ndarray:
    page = drawn.page(Look(lines=8)).copy()
    page[1800:] = np.linspace(10, 130, page.shape[1]).astype(np.uint8)
    return page


NO_BED = {
    "text": drawn.page,
    "shadow": lambda: drawn.shadowed(drawn.page()),
    "stains": lambda: drawn.stained(drawn.blank()),
    "black": lambda: drawn.blank(Look(paper=12)),
    "photograph at the edge": photograph,
    "text cut at the edge": lambda: drawn.page()[:, 300:1500],
}


@pytest.mark.parametrize("name", NO_BED)
def test_what_is_no_bed(name: str) -> None:
    assert bed_of(half(NO_BED[name]())) is None


def test_a_finer_view_takes_the_bed_of_the_coarser_one() -> None:
    image = on_bed(drawn.page(), (0.05,) * 4)
    coarse = view_of(image, 2)
    fine = view_of(image, 1, coarse.bed)
    assert fine.bed is coarse.bed
    assert fine.flat[:40].min() > 200
