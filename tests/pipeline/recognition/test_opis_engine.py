"""Our engine reads what is printed, says what it did not read, and asks Tesseract where it is lost."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline import recognition
from pipeline.imaging.image import prepare
from pipeline.recognition.handing_on import Sheet, doubtful_lines
from pipeline.recognition.layout import lay_out
from pipeline.recognition.lines import ReadLine
from pipeline.recognition.opis_engine import OpisEngine
from pipeline.recognition.tessdata import folder
from schemas.geometry import Box
from schemas.settings import Settings
from schemas.text import Word
from tests.pipeline import drawn
from tests.pipeline.drawn import Look

SETTINGS = Settings()
LOOK = Look(lines=4)


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    return OpisEngine(folder(""), tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def reading():
    return prepare(drawn.page(LOOK), drawn.DPI, SETTINGS).reading[:500]


def lines_of(found):
    return [line for block in found.blocks for line in block.lines]


def test_the_default_is_ours_and_it_reads_every_line(reading):
    assert SETTINGS.engine == "opis"
    found = recognition.engine("opis", SETTINGS).read(reading, 200, "ron")
    assert " ".join(line.text for line in lines_of(found)) == " ".join(drawn.text_lines(LOOK))
    assert not found.unread


def test_several_languages_at_once_are_tesseract_s_matter(engine, reading):
    found = engine.read(reading, 200, "ron+eng")
    assert found.tried == "tesseract"
    assert len(lines_of(found)) == 4


@pytest.mark.slow
def test_text_that_runs_up_the_page_is_read_too(engine, reading):
    page = np.full((1100, 1700), 255, np.uint8)
    page[:500, 100:1600] = reading[:, :1500]
    word = np.full((60, 420), 255, np.uint8)
    cv2.putText(word, "Registratura 2016", (8, 42), cv2.FONT_HERSHEY_DUPLEX, 1.2, 0, 2, cv2.LINE_AA)
    page[600:1020, 30:90] = cv2.rotate(word, cv2.ROTATE_90_COUNTERCLOCKWISE)
    found = engine.read(page, 200, "ron")
    upright = [w for line in lines_of(found) for w in line.words if w.box.h > 2 * w.box.w]
    assert "Registratura" in {word.text for word in upright}
    assert all(word.box.overlap(Box(30, 600, 60, 420)) == word.box.area for word in upright)


def test_scribble_is_not_passed_off_as_text(engine, reading):
    page = np.full((900, reading.shape[1]), 255, np.uint8)
    page[:500] = reading
    random = np.random.default_rng(3)
    points = np.stack((np.linspace(200, 900, 60), 700 + random.normal(0, 45, 60)), 1)
    cv2.polylines(page, [points.astype(np.int32)], False, 0, 3, cv2.LINE_AA)
    found = engine.read(page, 200, "ron")
    assert " ".join(line.text for line in lines_of(found)) == " ".join(drawn.text_lines(LOOK))
    assert any(box.overlap(Box(200, 560, 700, 280)) for box in found.unread)


@settings(max_examples=15, deadline=None)
@given(
    pixels=arrays(np.uint8, st.tuples(st.integers(1, 120), st.integers(1, 160))),
    dpi=st.integers(70, 600),
)
def test_any_picture_is_read_with_boxes_inside_it(engine, pixels, dpi):
    found = engine.read(pixels, dpi, "ron")
    height, width = pixels.shape
    for box in (*found.unread, *(w.box for line in lines_of(found) for w in line.words)):
        assert 0 <= box.x < box.x + box.w <= width
        assert 0 <= box.y < box.y + box.h <= height
    assert all(0 <= w.confidence <= 1 for line in lines_of(found) for w in line.words)


class _SaysNothing:
    """Tesseract giving a line up, as it does where a seal lies over its end."""

    def read_line(self, crop, dpi, language):
        return ()


@pytest.mark.parametrize(
    ("sure", "kept"), [("Lavinia", True), ("Ana", False)], ids=["a name", "three letters"]
)
def test_a_line_with_a_sure_word_is_not_lost_where_tesseract_gives_up(engine, reading, sure, kept):
    line = lay_out(np.ascontiguousarray(reading), 200).lines[0]
    read = (("Întocmit", 0.2), ("de", 0.9), (sure, 0.8), ("fsfon/(ef", 0.04), ("0720#7,382.", 0.1))
    words = tuple(Word(text, line.box, chance) for text, chance in read)
    sheet = Sheet(reading, 200, "ron", engine.model("ron"), _SaysNothing(), 20)
    (seen,), asked = doubtful_lines(sheet, (ReadLine(line, words),))
    assert asked == 1
    assert seen.words == (words if kept else ())
