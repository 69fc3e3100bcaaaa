"""The story of one page, with the real engine."""

import cv2
import numpy as np
import pytest
from rapidfuzz.distance import Levenshtein

from pipeline.imaging.image import prepare, turned
from pipeline.layers.types import unpack
from pipeline.page import PageOutcome, read_page
from schemas.errors import InputError, PageFailedError
from schemas.geometry import Affine, Size
from schemas.records import PageState
from schemas.settings import Settings
from tests.pipeline import drawn
from tests.pipeline.drawn import Look
from tests.pipeline.painting import painted

SETTINGS = Settings()
SMALL = Look(lines=4)


def read(
    pixels: np.ndarray, dpi: int = drawn.DPI, settings: Settings = SETTINGS, **more: object
) -> PageOutcome:
    return read_page(pixels, dpi, settings, "ron", False, **more)


def error_rate(outcome: PageOutcome, look: Look) -> float:
    printed = " ".join(drawn.text_lines(look))
    return Levenshtein.distance(" ".join(outcome.text.plain.split()), printed) / len(printed)


@pytest.mark.parametrize("turns", range(4))
def test_words_are_read_whichever_way_the_page_lies(turns: int) -> None:
    original = np.rot90(drawn.skewed(drawn.page(SMALL), 3.0), turns).copy()
    outcome = read(original)
    assert outcome.state is PageState.RECOGNISED
    assert error_rate(outcome, SMALL) < 0.01
    assert outcome.text.source_size == Size(original.shape[1], original.shape[0])
    assert outcome.text.confidence > 0.85
    assert outcome.text.reading.language == "ron"
    assert outcome.text.reading.engine.startswith("opis")


def test_capitals_upside_down_are_turned_after_reading_badly() -> None:
    look = Look(lines=5, upper=True)
    outcome = read(drawn.page(look)[::-1, ::-1].copy())
    assert error_rate(outcome, look) < 0.02
    assert outcome.text.transform.a == pytest.approx(-1, abs=0.001)
    assert "turned over" in outcome.text.reading.settings


def test_boxes_lie_on_their_words() -> None:
    outcome = read(drawn.skewed(drawn.page(SMALL), -2.0))
    picture = painted(unpack(outcome.picture))
    assert picture.shape == (outcome.text.size.height, outcome.text.size.width)
    ink = picture < 140
    inside = np.zeros_like(ink)
    for word in outcome.text.words:
        box = word.box
        area = ink[box.y : box.y + box.h, box.x : box.x + box.w]
        assert area.mean() > 0.08
        inside[box.y : box.y + box.h, box.x : box.x + box.w] = True
    assert (ink & inside).sum() > 0.99 * ink.sum()


def test_low_resolution_is_read_and_reported() -> None:
    page = cv2.resize(drawn.page(SMALL), (595, 842), interpolation=cv2.INTER_AREA)
    outcome = read(page, 72)
    assert error_rate(outcome, SMALL) < 0.05
    assert outcome.text.size == Size(595, 842)
    assert [finding.code for finding in outcome.findings] == ["low-resolution"]
    assert all(w.box.x + w.box.w <= 595 and w.box.y + w.box.h <= 842 for w in outcome.text.words)


def test_faint_page_is_read() -> None:
    look = Look(lines=3, ink=205)
    outcome = read(drawn.page(look))
    assert outcome.state is PageState.RECOGNISED
    assert error_rate(outcome, look) < 0.02


def test_blank_page() -> None:
    page = drawn.blank()
    outcome = read(page)
    assert outcome.state is PageState.BLANK
    assert outcome.text.words == ()
    assert outcome.text.transform == Affine()
    assert outcome.findings == ()


def test_marks_that_do_not_read_are_no_writing() -> None:
    page = drawn.blank()
    for x in range(400, 1000, 60):
        cv2.line(page, (x, 500), (x + 6, 512), 120, 4)
    assert read(page).state is PageState.BLANK


@pytest.mark.slow
@pytest.mark.parametrize("turns", [0, 2])
def test_the_other_side_s_writing_is_none_of_the_page_s(turns: int) -> None:
    look = Look(ink=205)
    page = drawn.page(look)
    mirrored = np.ascontiguousarray(np.rot90(page[:, ::-1], turns))
    outcome = read(mirrored)
    assert outcome.state is PageState.BLANK
    assert not outcome.text.words
    assert read(page).state is PageState.RECOGNISED


def test_separator_is_not_read() -> None:
    outcome = read_page(drawn.page(SMALL), drawn.DPI, SETTINGS, "ron", True)
    assert outcome.state is PageState.SEPARATOR
    assert outcome.text.words == ()


def test_ink_without_words_is_said_to_be_handwriting() -> None:
    page = drawn.blank()
    rng = np.random.default_rng(4)
    for line in range(8):
        steps = rng.normal((14, 0), (9, 26), (140, 2))
        points = np.cumsum(steps, axis=0) + np.array((250, 500 + 300 * line))
        cv2.polylines(page, [points.astype(np.int32)], False, 60, 7, cv2.LINE_AA)
    outcome = read(page)
    assert outcome.state is PageState.RECOGNISED
    assert outcome.text.words == ()
    assert "handwriting" in [finding.code for finding in outcome.findings]


@pytest.mark.parametrize(
    ("pixels", "code"),
    [
        (np.random.default_rng(1).integers(0, 255, (1200, 900), dtype=np.uint8), "unreadable"),
        (np.full((1200, 900), 8, np.uint8), "dark"),
    ],
)
def test_what_cannot_be_read_fails_at_once(pixels: np.ndarray, code: str) -> None:
    with pytest.raises(PageFailedError) as raised:
        read(pixels, 100)
    assert raised.value.code == code


def test_missing_language() -> None:
    with pytest.raises(InputError) as raised:
        read_page(drawn.page(SMALL), drawn.DPI, SETTINGS, "xyz", False)
    assert raised.value.code == "engine-missing"


def test_scanners_own_jpeg_is_kept_where_the_page_is_straight() -> None:
    pixels = drawn.page(SMALL)
    jpeg = cv2.imencode(".jpg", pixels)[1].tobytes()
    archive = Settings(pdf_profile="archive")
    kept = unpack(read(pixels, jpeg=jpeg, settings=archive).picture)
    assert (kept.kind, kept.layers[0].raster.data) == ("original", jpeg)
    assert unpack(read(pixels, jpeg=jpeg).picture).kind == "mixed"


def test_a_jpeg_of_another_size_is_not_kept() -> None:
    pixels = drawn.page(SMALL)
    other = cv2.imencode(".jpg", pixels[:-8])[1].tobytes()
    archive = Settings(pdf_profile="archive")
    assert unpack(read(pixels, jpeg=other, settings=archive).picture).kind == "lossless"


def test_bitonal_page_stays_bitonal() -> None:
    pixels = np.where(drawn.page(SMALL) < 128, 0, 255).astype(np.uint8)
    outcome = read(pixels, bitonal=True)
    assert unpack(outcome.picture).kind == "bitonal"
    assert unpack(outcome.picture).bytes < 40_000


@pytest.mark.parametrize("turns", [1, 3])
def test_a_page_taken_for_lying_is_put_on_its_feet(
    turns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What reads up or down the page tells that its bearing was mistaken."""

    def mistaken(*arguments: object) -> object:
        return turned(prepare(*arguments), turns)

    monkeypatch.setattr("pipeline.page.prepare", mistaken)
    outcome = read(drawn.page(SMALL))
    assert error_rate(outcome, SMALL) < 0.01
    assert outcome.text.transform.a == pytest.approx(1)
