"""Training lines: the same from the same seed, in known letters, cut as lines are cut."""

import json
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.training import faces
from pipeline.training.alphabet import ADDED, Alphabet, plain, spelled
from pipeline.training.batches import Sample, batch_of, group, sample_of
from pipeline.training.faces import FaceMissingError, Faces
from pipeline.training.lines import Line, Workshop, make_line, make_lines
from pipeline.training.text import line_text, read_texts

LETTERS = tuple(
    " abcdefghijklmnopqrstuvwxyzăâîșțABCDEFGHIJKLMNOPQRSTUVWXYZĂÂÎȘȚ0123456789.,:;/-\"'()"
)
ALPHABET = Alphabet(("", *LETTERS, *ADDED), 0)
RUNNING = (
    "Hotărârea Consiliului Local privind aprobarea bugetului pe anul 2016",
    "Având în vedere raportul compartimentului de specialitate şi avizul comisiei,",
)


def debian(stem: str) -> Path:
    return next(path for path in Path("/usr/share/fonts").rglob(f"{stem}.ttf"))


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    text = tmp_path_factory.mktemp("text") / "lines.txt"
    text.write_text("\n".join(RUNNING), encoding="utf-8")
    marks = debian("DejaVuSansMono"), debian("DejaVuSerif")
    printed = debian("LiberationSerif-Regular"), debian("LiberationSans-Bold")
    return Workshop(read_texts([text]), Faces((debian("FreeMono"),), printed, marks), 5)


def test_a_line_is_the_same_alone_and_among_others(work):
    among = list(make_lines(work, 10, 8))
    alone = make_line(work, 14)
    assert alone.text == among[4].text
    assert np.array_equal(alone.image, among[4].image)


def test_seeds_and_numbers_give_other_lines(work):
    other = Workshop(work.texts, work.faces, 6)
    texts = {make_line(one, number).text for one in (work, other) for number in range(6)}
    assert len(texts) > 8


def test_lines_are_cut_to_the_letters(work):
    for line in make_lines(work, 0, 30):
        height, width = line.image.shape
        assert line.image.dtype == np.uint8
        assert 15 <= height <= 110
        assert width >= 8
        if len(line.text) > 10:
            assert width > 3 * height


def test_a_clean_line_shows_its_text_dark_on_white(work):
    line = make_line(work, 3, clean=True)
    assert np.percentile(line.image, 90) > 200
    assert line.image.min() < 160


def test_some_lines_hold_no_text(work):
    texts = [make_line(work, number, clean=False).text for number in range(150)]
    assert 0 < texts.count("") < 15


def test_cells_lines_and_words_are_read(tmp_path):
    (tmp_path / "a.jsonl").write_text(
        json.dumps({"text": "prima foaie a dosarului\nNr. 7"}) + "\n", encoding="utf-8"
    )
    (tmp_path / "b.tsv").write_text(
        "2016\tşedinţa ordinară din mai\tfile_1.pdf\n", encoding="utf-8"
    )
    texts = read_texts([tmp_path / "a.jsonl", tmp_path / "b.tsv"])
    assert texts.lines == ("prima foaie a dosarului", "ședința ordinară din mai")
    assert "ședința" in texts.words
    assert texts.ends == (4, 8)


@given(st.integers(0, 2**32))
def test_texts_are_short_and_never_empty(seed):
    texts = read_texts([])
    texts = type(texts)(RUNNING, (9, 20), tuple(" ".join(RUNNING).split()))
    text = line_text(texts, random.Random(seed))
    assert 0 < len(text) <= 82
    assert text == plain(text)
    assert not set(text) & set("şţŞŢ")


def test_labels_keep_known_letters_and_lose_other_accents():
    assert spelled("Čeština   şi Kovács – ’n’", ALPHABET.numbers()) == "Cestina și Kovács – 'n'"
    assert spelled("漢字 A", ALPHABET.numbers()) == "A"


@given(st.text(max_size=40))
def test_labels_have_known_letters_only(text):
    assert set(spelled(text, ALPHABET.numbers())) <= {" ", *ALPHABET.numbers()}


def test_a_label_needs_frames_enough():
    strip = np.zeros((36, 33), np.float32)
    assert Sample(strip, (1,) * 5).fits
    assert not Sample(strip, (1,) * 6).fits
    assert Sample(strip, (1, 2) * 5).fits


def test_a_batch_is_zero_beyond_its_lines(work):
    samples = [sample_of(line, ALPHABET) for line in make_lines(work, 40, 3)]
    batch = batch_of(samples)
    for place, sample in enumerate(samples):
        used = batch.strips[place, 0, :, : batch.frames[place] * 3]
        assert np.array_equal(used, sample.strip[:, : used.shape[1]])
    assert batch.strips.shape[3] == max(batch.frames) * 3
    narrow = int(np.argmin(batch.frames))
    assert not batch.strips[narrow, 0, :, int(batch.frames[narrow]) * 3 :][:, 3:].any()


def test_a_group_is_the_same_again(work):
    one, two = (group(work, ALPHABET, 1, 2, 4) for _ in range(2))
    assert [batch.labels for batch in one] == [batch.labels for batch in two]
    assert all(np.array_equal(a.strips, b.strips) for a, b in zip(one, two, strict=True))
    assert sum(len(batch.labels) for batch in one) <= 8


def test_an_empty_line_has_an_empty_label():
    sample = sample_of(Line(np.full((40, 200), 255, np.uint8), ""), ALPHABET)
    assert sample.label == ()
    assert sample.fits


def test_held_out_faces_are_not_trained_on():
    trained = {
        stem
        for packages in (faces.TYPEWRITERS, faces.PRINTED)
        for stems in packages.values()
        for stem in stems
    }
    held = {
        path.stem for path in (*faces.held_out_faces().typewriters, *faces.held_out_faces().printed)
    }
    assert held
    assert not held & trained


def test_a_missing_face_names_its_package(monkeypatch):
    monkeypatch.setattr(faces, "PRINTED", {"fonts-nowhere": ("Nowhere-Regular",)})
    monkeypatch.setattr(faces, "TYPEWRITERS", {})
    with pytest.raises(FaceMissingError, match="fonts-nowhere"):
        faces.training_faces()
