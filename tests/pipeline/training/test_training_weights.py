"""Weights are written back as Tesseract keeps them, and the committed ones load and read."""

import hashlib
import re
from pathlib import Path

import numpy as np
import pytest
import tesserocr
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image, ImageDraw, ImageFont

import pipeline.recognition
from pipeline.recognition import tessdata
from pipeline.recognition.network.decoding import decode
from pipeline.recognition.network.model import load_model
from pipeline.recognition.network.strips import strip_of
from pipeline.training import writing
from pipeline.training.alphabet import ADDED
from pipeline.training.start import mixed, start_from, written
from pipeline.training.writing import Matrix8

pytestmark = pytest.mark.slow

STOCK = tessdata.folder("") / "ron.traineddata"
WEIGHTS = Path(pipeline.recognition.__file__).parent / "weights"
OPIS = WEIGHTS / "ron-opis.traineddata"
TEXT = "Hotărârea nr. 25 privind bugetul orașului și al comunei Țaga"


def line_image(text: str) -> Image.Image:
    face = next(Path("/usr/share/fonts").rglob("LiberationSerif-Regular.ttf"))
    font = ImageFont.truetype(face, 34)
    image = Image.new("L", (int(font.getlength(text)) + 24, 56), 255)
    ImageDraw.Draw(image).text((12, 38), text, fill=20, font=font, anchor="ls")
    return image


def read_by_tesseract(weights: Path, image: Image.Image) -> str:
    with tesserocr.PyTessBaseAPI(
        path=str(weights.parent),
        lang=weights.name.removesuffix(".traineddata"),
        psm=tesserocr.PSM.SINGLE_LINE,
        oem=tesserocr.OEM.LSTM_ONLY,
    ) as api:
        api.SetImage(image)
        return str(api.GetUTF8Text()).strip().translate(str.maketrans("ţşŢŞ", "țșȚȘ"))


def read_by_us(weights: Path, image: Image.Image, cache: Path) -> str:
    model = load_model(weights, cache)
    (probabilities,) = model.probabilities([strip_of(np.asarray(image))])
    words = decode(probabilities, model.classes, model.dictionary)
    return " ".join(word.text for word in words)


def test_a_container_is_packed_to_the_same_bytes():
    data = STOCK.read_bytes()
    assert writing.pack(writing.unpack(data)) == data


def test_stock_weights_are_written_back_to_the_same_bytes():
    lstm = writing.unpack(STOCK.read_bytes()).entry(writing.LSTM)
    matrices = writing.read_matrices(lstm)
    assert len(matrices) == 18
    assert writing.write_matrices(lstm, matrices) == lstm


def test_stock_weights_are_rounded_to_themselves():
    lstm = writing.unpack(STOCK.read_bytes()).entry(writing.LSTM)
    for matrix in writing.read_matrices(lstm):
        again = writing.rounded(matrix.dense(), matrix)
        assert np.array_equal(again.rows, matrix.rows)
        assert np.allclose(again.scales, matrix.scales, rtol=1e-12)


@given(
    arrays(
        np.float64,
        st.tuples(st.integers(1, 6), st.integers(1, 9)),
        elements=st.floats(-100, 100, allow_subnormal=False),
    )
)
def test_rounding_is_within_half_a_step(dense):
    like = Matrix8(np.zeros(dense.shape, np.int8), np.ones(len(dense)))
    made = writing.rounded(dense, like)
    assert np.all(np.abs(made.dense() - dense) <= 0.5 * made.scales[:, None] * (1 + 1e-9))
    used = np.abs(dense).max(axis=1) > 0
    assert np.all(np.abs(made.rows[used]).max(axis=1) == 127)


def test_an_absent_entry_and_float_weights_are_told():
    container = writing.unpack(STOCK.read_bytes())
    with pytest.raises(ValueError, match="no entry 0"):
        container.entry(0)
    lstm = bytearray(container.entry(writing.LSTM))
    at = lstm.find(b"\x85\x10\x00\x00\x00\x0a\x00\x00\x00")
    lstm[at] = 0x84
    with pytest.raises(ValueError, match="mode 132"):
        writing.read_matrices(bytes(lstm))


def test_more_letters_change_nothing_else(tmp_path):
    begin = start_from(STOCK)
    file = tmp_path / "ron-more.traineddata"
    file.write_bytes(written(begin, mixed(begin, begin.dense, 0.5), "more"))
    image = line_image(TEXT)
    assert read_by_tesseract(file, image) == read_by_tesseract(STOCK, image)
    model = load_model(file, tmp_path / "cache")
    assert model.classes.texts == begin.alphabet.texts
    assert model.classes.texts[-len(ADDED) :] == tuple(ADDED)
    stock = load_model(STOCK, tmp_path / "cache")
    strip = strip_of(np.asarray(image))
    (old,), (new,) = stock.probabilities([strip]), model.probabilities([strip])
    assert np.array_equal(old.argmax(axis=1), new.argmax(axis=1))


def test_mixing_goes_from_one_to_the_other():
    begin = start_from(STOCK)
    tuned = tuple(dense + 1 for dense in begin.dense)
    for share in (0, 0.25, 1):
        made = mixed(begin, tuned, share)
        moved = [new - old for new, old in zip(made, begin.dense, strict=True)]
        assert all(np.allclose(one, share) for one in moved[:-1])
        assert np.allclose(moved[-1][: -len(ADDED)], share)
        assert np.allclose(moved[-1][-len(ADDED) :], 1)


def test_committed_weights_are_those_of_the_card():
    card = (WEIGHTS / "README.md").read_text(encoding="utf-8")
    digests = re.findall(r"\b[0-9a-f]{64}\b", card)
    assert hashlib.sha256(OPIS.read_bytes()).hexdigest() in digests
    assert hashlib.sha256(STOCK.read_bytes()).hexdigest() in digests
    assert OPIS.stat().st_size <= 3_000_000


def test_committed_weights_read_in_tesseract():
    assert read_by_tesseract(OPIS, line_image(TEXT)) == TEXT


def test_committed_weights_read_in_our_engine(tmp_path):
    assert read_by_us(OPIS, line_image(TEXT), tmp_path) == TEXT


def test_committed_weights_read_signs_that_the_stock_ones_lack(tmp_path):
    text = "– zona străzilor, 16-31 °C"
    image = line_image(text)
    assert read_by_tesseract(OPIS, image) == text
    assert read_by_us(OPIS, image, tmp_path) == text
    assert read_by_tesseract(STOCK, image) != text
