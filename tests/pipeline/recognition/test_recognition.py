"""Both ways of calling Tesseract give the same kind of answer."""

import numpy as np
import pytest

from pipeline import recognition
from pipeline.imaging.image import prepare
from pipeline.recognition import tsv
from pipeline.recognition.pytesseract_engine import PytesseractEngine
from pipeline.recognition.tessdata import folder
from schemas.errors import InputError, PageFailedError, UsageError
from schemas.geometry import Box
from schemas.settings import Settings
from schemas.text import Block, Line, Word
from tests.pipeline import drawn
from tests.pipeline.drawn import Look

SETTINGS = Settings()
LOOK = Look(lines=3)


@pytest.fixture(scope="module")
def reading() -> np.ndarray:
    return prepare(drawn.page(LOOK), drawn.DPI, SETTINGS).reading[:400]


@pytest.mark.parametrize("name", recognition.ENGINES)
def test_reads_what_is_printed(name: str, reading: np.ndarray) -> None:
    reader = recognition.engine(name, SETTINGS)
    blocks = reader.read(reading, 200, "ron").blocks
    lines = [line for block in blocks for line in block.lines]
    read = " ".join(line.text for line in lines).translate(str.maketrans("şţ", "șț"))
    assert read == " ".join(drawn.text_lines(LOOK))
    assert len(lines) == 3
    assert all(0.5 < word.confidence <= 1 for line in lines for word in line.words)
    first = lines[0].words[0].box
    assert first.overlap(Box(160, 170, 270, 40)) > 0.5 * first.area
    assert reader.name.startswith(name)
    assert "ron" in reader.languages()
    assert "osd" not in reader.languages()


def test_an_engine_is_made_once() -> None:
    one = recognition.engine("tesserocr", SETTINGS)
    assert recognition.engine("tesserocr", Settings(workers=7)) is one


@pytest.mark.parametrize("name", recognition.ENGINES)
@pytest.mark.parametrize("language", ["xyz", "ron+xyz", "osd", ""])
def test_missing_language_is_named(name: str, language: str) -> None:
    with pytest.raises(InputError) as raised:
        recognition.engine(name, SETTINGS).read(np.full((9, 9), 255, np.uint8), 200, language)
    assert raised.value.code == "engine-missing"
    assert raised.value.file == language.rpartition("+")[2]


def test_unknown_engine_is_a_usage_error() -> None:
    with pytest.raises(UsageError):
        recognition.engine("abbyy", SETTINGS)


def test_folder_without_trained_data_is_said(tmp_path) -> None:
    with pytest.raises(InputError):
        recognition.engine("tesserocr", Settings(tessdata=str(tmp_path)))


def test_a_page_that_takes_too_long_is_given_up(reading: np.ndarray) -> None:
    hurried = PytesseractEngine(folder(""), 0.001)
    with pytest.raises(PageFailedError) as raised:
        hurried.read(reading, 200, "ron")
    assert raised.value.code == "page-time-limit"


@pytest.mark.parametrize("shape", [(1, 1), (2, 900), (900, 2), (40, 40)])
def test_any_size_can_be_read(shape: tuple[int, int]) -> None:
    reader = recognition.engine("tesserocr", SETTINGS)
    assert reader.read(np.full(shape, 255, np.uint8), 200, "ron").blocks == ()


def test_rows_of_tsv_become_lines_and_blocks() -> None:
    rows = (
        "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext",
        "1\t1\t0\t0\t0\t0\t0\t0\t900\t900\t-1\t",
        "5\t1\t1\t1\t1\t1\t10\t20\t30\t12\t91.5\tnr.",
        "5\t1\t1\t1\t1\t2\t45\t20\t30\t12\t80\t25",
        "5\t1\t1\t2\t1\t1\t10\t60\t30\t12\t70\tdin",
        '5\t1\t2\t1\t1\t1\t10\t90\t30\t12\t60\t"a"',
        "",
    )
    word = Word("nr.", Box(10, 20, 30, 12), 0.915)
    first = Line((word, Word("25", Box(45, 20, 30, 12), 0.8)))
    second = Line((Word("din", Box(10, 60, 30, 12), 0.7),))
    third = Line((Word('"a"', Box(10, 90, 30, 12), 0.6),))
    assert tsv.blocks("\n".join(rows)) == (Block((first, second)), Block((third,)))
    assert tsv.blocks("") == ()
