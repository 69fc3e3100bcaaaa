"""Faults of a scan are named, good pages are left in peace."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.imaging.image import prepare, turned
from pipeline.imaging.judgement import judged
from pipeline.imaging.quality import measure
from schemas.geometry import Box, Size
from schemas.messages import table
from schemas.quality import SIDES, Quality
from schemas.settings import Settings
from schemas.text import Block, Line, PageText, Word
from tests.pipeline.drawn import Look, page, punched, shadowed, show_through, skewed, stained

pytestmark = pytest.mark.slow

SETTINGS = Settings()
WELL_READ, BADLY_READ = 0.92, 0.5
GOOD = Quality(9.0, 0.8, 0.0, 300, 20.0, confidence=WELL_READ)


def taken(pixels, dpi=300):
    """The figures of a page's picture, as of one that reads well."""
    prepared = prepare(pixels, dpi, SETTINGS)
    quality = measure(prepared, PageText(prepared.size, dpi), None)
    return replace(quality, confidence=WELL_READ)


def codes(quality):
    return [finding.code for finding in judged(quality, SETTINGS)]


def motion(image, length):
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2] = 1 / length
    return cv2.filter2D(image, -1, kernel)


def glare(image):
    light = np.zeros(image.shape, np.float32)
    cv2.ellipse(light, (1240, 1200), (620, 580), 0, 0, 360, 1, -1)
    light = cv2.GaussianBlur(light, (0, 0), 60)
    return np.clip(image * 0.88 * (1 - light) + 300 * light, 0, 255).astype(np.uint8)


def swallowed(image):
    light = np.clip(np.arange(image.shape[1]) / image.shape[1] * 2.2 - 0.45, 0, 1)
    return (image * light).astype(np.uint8)


def faint(image, share):
    return np.clip(250 - (250 - image.astype(np.float32)) * share, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "make",
    [
        lambda image: image,
        lambda image: skewed(image, 3.0),
        lambda image: skewed(image, -1.2),
        stained,
        punched,
        shadowed,
        lambda image: faint(image, 0.6),
        lambda image: cv2.GaussianBlur(image, (0, 0), 1.0),
    ],
)
def test_a_page_that_can_be_kept_is_left_in_peace(make, seed):
    assert codes(taken(make(page(Look(seed=seed))))) == []


FAULTS = {
    "out of focus": (lambda image: cv2.GaussianBlur(image, (0, 0), 4.5), "blurred"),
    "moved": (lambda image: motion(image, 17), "blurred"),
    "too faint": (lambda image: faint(image, 0.13), "faint"),
    "glare": (glare, "clipped"),
    "swallowed by black": (swallowed, "clipped"),
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_the_scan_is_named(name, seed):
    fault, code = FAULTS[name]
    assert code in codes(taken(fault(page(Look(seed=seed)))))


@pytest.mark.parametrize("dpi", [75, 100, 150])
def test_a_coarse_scan_is_named(dpi):
    image = page(Look())
    small = cv2.resize(image, None, fx=dpi / 300, fy=dpi / 300, interpolation=cv2.INTER_AREA)
    assert "low-resolution" in codes(taken(small, dpi))


def cut(image, side):
    """A page cut through its lines' ends, or through the middle of a line."""
    ink = image < 140
    across, down = np.flatnonzero(ink.any(axis=0)), np.flatnonzero(ink.any(axis=1))
    row = int(np.argmax(ink[1000:1400].sum(axis=1))) + 1000
    left, right = int(across[0]) + 130, int(np.quantile(across, 0.6))
    assert down[0] < row < down[-1]
    parts = {
        "left": image[:, left:],
        "right": image[:, :right],
        "top": image[row:],
        "bottom": image[: row + 1],
    }
    return np.ascontiguousarray(parts[side])


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("side", SIDES)
def test_text_that_is_cut_is_found_on_its_side_however_the_page_lies(side, turns):
    upright = cut(page(Look()), side)
    prepared = read_as(
        prepare(np.ascontiguousarray(np.rot90(upright, turns)), 300, SETTINGS), upright
    )
    quality = measure(prepared, PageText(prepared.size, 300), None)
    assert quality.cut == (side,)
    assert f"cut-{side}" in codes(quality)


def read_as(prepared, upright):
    """The page as reading leaves it: upright, which letters alone do not always tell."""
    same = np.array_equal(prepared.page, upright)
    return prepared if same else turned(prepared, 2)


def word(text, x, y, confidence=0.9, width=60):
    return Word(text, Box(x, y, width, 20), confidence)


def text_of(rows, slope=0.0):
    """Lines of words across a page of 1000 × 1400, sloping by so many pixels a pixel."""
    lines = tuple(
        Line(tuple(replace(w, box=replace(w.box, y=round(w.box.y + slope * w.box.x))) for w in row))
        for row in rows
    )
    return PageText(Size(1000, 1400), 300, (Block(lines),))


def measured(text, knows=None, unread=()):
    prepared = prepare(page(Look()), 300, SETTINGS)
    return measure(prepared, text, knows, unread)


def rows(count=6, confidence=0.9):
    return [
        [word("hotărâre", x, 100 + 40 * n, confidence) for x in range(50, 900, 90)]
        for n in range(count)
    ]


def test_skew_left_over_is_measured_on_the_lines():
    for degrees in (-1.0, 0.0, 0.4):
        slope = np.tan(np.radians(degrees))
        assert measured(text_of(rows(), slope)).skew == pytest.approx(degrees, abs=0.06)


def test_the_worst_region_is_told_beside_the_mean():
    told = [*rows(), [word("neclar", x, 1300, 0.2) for x in range(50, 240, 90)]]
    quality = measured(text_of(told))
    assert quality.worst == pytest.approx(0.2)
    assert 0.8 < quality.confidence < 0.9


def test_known_words_are_counted_without_numbers_and_short_ones():
    told = [*rows(1), [word(t, 50 + 90 * i, 400) for i, t in enumerate(("xqzv", "25/2016", "de"))]]
    quality = measured(text_of(told), {"hotărâre"}.__contains__)
    assert quality.known == pytest.approx(10 / 11, abs=0.001)
    assert measured(text_of(told)).known is None


def test_ink_without_words_is_counted_and_told():
    ink = prepare(page(Look()), 300, SETTINGS).page < 150
    upper = (Box(0, 0, 2480, 800), Box(0, 800, 2480, 100))
    quality = measured(PageText(Size(2480, 3508), 300, text_of(rows(1)).blocks), unread=upper)
    share = ink[:900].sum() / ink.sum()
    assert (quality.unread, quality.unread_share) == (2, pytest.approx(share, abs=0.01))
    (finding,) = (f for f in judged(quality, SETTINGS) if f.code == "unread-ink")
    assert finding.detail == {"count": "2", "share": str(round(100 * quality.unread_share))}
    assert table("ro")["reason"]["unread-ink"]["class"] == "N"
    assert "unread-ink" not in codes(replace(quality, unread_share=0.1))  # a stamp, a signature


def test_a_page_without_words_has_no_confidence_and_is_not_called_badly_read():
    quality = measured(PageText(Size(2480, 3508), 300))
    assert (quality.confidence, quality.worst) == (None, None)
    assert codes(quality) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"sharpness": 3.4}, "blurred"),
        ({"contrast": 0.3}, "faint"),
        ({"clipping": 0.05}, "clipped"),
        ({"x_height": 9.0}, "small-letters"),
        ({"show_through": 0.05}, "show-through"),
        ({}, "badly-read"),
    ],
)
def test_what_reads_well_is_not_sent_back_and_what_reads_badly_has_its_likeliest_cause(
    change, code
):
    quality = replace(GOOD, **change)
    assert codes(quality) == []
    assert codes(replace(quality, confidence=BADLY_READ)) == [code]
    higher = replace(SETTINGS, rescan_confidence=0.95)
    assert [finding.code for finding in judged(quality, higher)] == [code]


FIGURES = st.builds(
    Quality,
    sharpness=st.floats(0, 20),
    contrast=st.floats(0, 1),
    clipping=st.floats(0, 1),
    dpi=st.integers(0, 1200),
    x_height=st.floats(0, 90),
    cut=st.lists(st.sampled_from(SIDES), unique=True).map(tuple),
    show_through=st.floats(0, 1),
    confidence=st.none() | st.floats(0, 1),
    unread=st.integers(0, 9),
    unread_share=st.floats(0, 1),
)


@given(FIGURES)
def test_every_finding_has_its_sentences_and_is_said_once(quality):
    found = codes(quality)
    assert len(found) == len(set(found))
    assert all(code in table(language)["reason"] for code in found for language in ("ro", "en"))


@pytest.mark.parametrize("shape", [(1, 1), (40, 3000), (3000, 40), (400, 400)])
@pytest.mark.parametrize("value", [0, 128, 255])
def test_odd_pictures_are_measured_without_failing(shape, value):
    prepared = prepare(np.full(shape, value, np.uint8), 300, SETTINGS)
    quality = measure(prepared, PageText(prepared.size, 300), None)
    assert quality.cut == ()


def test_show_through_is_measured():
    clean, seen = taken(page(Look())), taken(show_through(page(Look()), 0.25))
    assert seen.show_through > 0.01 > clean.show_through
