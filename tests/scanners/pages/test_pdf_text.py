"""What a PDF page says of itself: its nature, its words and where they stand."""

from collections import Counter

import cv2
import numpy as np
import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanners.pages.decode import decode_page
from scanners.pages.pdf_text import is_signed, own_text
from schemas.geometry import Size, union
from schemas.pdftext import PageNature
from schemas.settings import Settings
from schemas.sources import FileKind
from tests.scanners import pdf_samples as samples

SETTINGS = Settings(render_dpi=150)


def looked(path, number=0):
    pixels = decode_page(path, FileKind.PDF, number, SETTINGS).pixels
    return own_text(path, number, Size(pixels.shape[1], pixels.shape[0])), pixels


def plain(own):
    """Each run's words; the glyph names of fonts know ţ with a cedilla alone."""
    return [" ".join(word.text for word in run.words).replace("ţ", "ț") for run in own.runs]


def saved(pdf, tmp_path):
    path = tmp_path / "page.pdf"
    pdf.save(path)
    return path


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_words_stand_where_the_page_shows_them(tmp_path, rotation):
    pdf = pikepdf.new()
    page = samples.add_page(pdf, samples.text_operators(samples.SENTENCES))
    page.obj["/CropBox"] = [40, 100, 560, 740]
    page.obj["/Rotate"] = rotation
    own, pixels = looked(saved(pdf, tmp_path))
    assert own.nature is PageNature.DIGITAL
    assert sorted(plain(own)) == sorted(samples.SENTENCES)
    assert {run.upright for run in own.runs} == {rotation == 0}
    rows, columns = np.nonzero(pixels < 128)
    box = union(word.box for run in own.runs for word in run.words)
    ink = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    assert np.abs(np.subtract((box.x, box.y, box.x + box.w, box.y + box.h), ink)).max() <= 2
    for run in own.runs:
        for word in run.words:
            b = word.box
            assert (pixels[b.y : b.y + b.h, b.x : b.x + b.w] < 128).any()


@pytest.mark.parametrize(
    ("rotation", "matrix"), [(90, "0 1 -1 0 400 90"), (270, "0 -1 1 0 200 700")]
)
def test_a_sheet_laid_sideways_reads_as_it_is_shown(tmp_path, rotation, matrix):
    pdf = pikepdf.new()
    content = samples.text_operators(samples.SENTENCES).replace(
        b"90 700 Td", b"%s Tm" % matrix.encode()
    )
    samples.add_page(pdf, content).obj["/Rotate"] = rotation
    own, pixels = looked(saved(pdf, tmp_path))
    assert pixels.shape[1] > pixels.shape[0]
    assert plain(own) == list(samples.SENTENCES)
    assert all(run.upright for run in own.runs)
    tops = [run.baseline for run in own.runs]
    assert tops == sorted(tops)


@pytest.mark.parametrize(
    ("image", "mode", "lines", "nature"),
    [
        (True, 0, (), PageNature.SCAN),
        (True, 3, samples.SENTENCES, PageNature.HIDDEN),
        (True, 0, ("nr. 25",), PageNature.SCAN),
        (True, 0, samples.SENTENCES * 3, PageNature.DIGITAL),
        (False, 0, ("nr. 25",), PageNature.DIGITAL),
        (False, 0, (), PageNature.SCAN),
    ],
)
def test_the_nature_of_a_page(tmp_path, image, mode, lines, nature):
    pdf = pikepdf.new()
    samples.add_page(pdf, samples.text_operators(lines, mode), image=image)
    own, _ = looked(saved(pdf, tmp_path))
    assert own.nature is nature
    assert plain(own) == (list(lines) if nature is not PageNature.SCAN else [])
    assert len(own.pictures) == image


def test_text_under_a_picture_of_the_page_is_hidden(tmp_path):
    pdf = pikepdf.new()
    page = samples.add_page(pdf, b"", image=True)
    under = samples.text_operators(samples.SENTENCES) + page.obj.Contents.read_bytes()
    page.obj["/Contents"] = pdf.make_stream(under)
    own, _ = looked(saved(pdf, tmp_path))
    assert own.nature is PageNature.HIDDEN
    assert plain(own) == list(samples.SENTENCES)


def test_fields_filled_in_are_words_too(tmp_path):
    pdf = pikepdf.new()
    page = samples.add_page(pdf, samples.text_operators(("Numele:",)))
    look = pdf.make_stream(b"BT /F 12 Tf 2 6 Td (Popescu) Tj ET")
    look["/Type"], look["/Subtype"] = pikepdf.Name.XObject, pikepdf.Name.Form
    look["/BBox"], look["/Resources"] = [0, 0, 100, 20], page.obj.Resources
    field = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Widget,
        FT=pikepdf.Name.Tx,
        T=pikepdf.String("nume"),
        V=pikepdf.String("Popescu"),
        F=4,
        Rect=[200, 694, 300, 714],
        AP=pikepdf.Dictionary(N=look),
    )
    made = pdf.make_indirect(field)
    page.obj["/Annots"] = pikepdf.Array([made])
    pdf.Root["/AcroForm"] = pikepdf.Dictionary(Fields=pikepdf.Array([made]))
    own, _ = looked(saved(pdf, tmp_path))
    assert plain(own) == ["Numele:", "Popescu"]


def test_letters_are_told_as_they_are_meant(tmp_path):
    meaning = {1: "ş", 2: "\ufb01", 3: "\xad", 4: "\ue000"}
    pdf = pikepdf.new()
    content = b"BT /F 12 Tf 90 700 Td <016102> Tj 0 -20 Td <6103620363> Tj 0 -20 Td <0461> Tj ET"
    samples.add_page(pdf, content, meaning=meaning)
    own, _ = looked(saved(pdf, tmp_path))
    words = [word for run in own.runs for word in run.words]
    assert [word.text for word in words[:2]] == ["şafi", "abc"]
    assert [word.confidence < 0.5 for word in words] == [False, False, True]
    assert 0 < own.unmapped < 0.2


def test_signatures_are_seen(tmp_path):
    plain_file = samples.digital(tmp_path / "plain.pdf")
    assert not is_signed(plain_file)
    with pikepdf.open(plain_file) as pdf:
        signature = pikepdf.Dictionary(Type=pikepdf.Name.Sig)
        field = pikepdf.Dictionary(FT=pikepdf.Name.Sig, T=pikepdf.String("s"), V=signature)
        parent = pikepdf.Dictionary(Kids=pikepdf.Array([pdf.make_indirect(field)]))
        pdf.Root["/AcroForm"] = pikepdf.Dictionary(Fields=pikepdf.Array([parent]))
        pdf.save(tmp_path / "signed.pdf")
    assert is_signed(tmp_path / "signed.pdf")
    assert looked(tmp_path / "signed.pdf")[0].signed
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    assert not is_signed(tmp_path / "broken.pdf")


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    noise=st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), max_size=60),
    number=st.integers(0, 3),
)
def test_hostile_files_have_some_text_or_none(tmp_path, noise, number):
    data = bytearray(samples.digital(tmp_path / "whole.pdf", 2).read_bytes())
    for at, value in noise:
        data[at % len(data)] = value
    path = tmp_path / "noise.pdf"
    path.write_bytes(data)
    own = own_text(path, number, Size(300, 400))
    for run in own.runs:
        for word in run.words:
            assert word.text
            assert 0 <= word.box.x < word.box.x + word.box.w <= 300
            assert 0 <= word.box.y < word.box.y + word.box.h <= 400


@pytest.mark.corpus
def test_real_forms_keep_every_letter(shared_data):
    """Against pdftotext's layout of the same files: the same letters, wherever they are put."""
    folder = shared_data / "ro_borndigital"
    for path in sorted(folder.glob("rastolita_*.pdf")):
        with pikepdf.open(path) as pdf:
            count = len(pdf.pages)
        found = "".join(t for n in range(count) for t in plain(looked(path, n)[0]))
        truth = path.with_suffix(".textlayer.txt").read_text(encoding="utf-8").replace("ţ", "ț")
        ours, theirs = (Counter("".join(text.split())) for text in (found, truth))
        away = ((ours - theirs) + (theirs - ours)).total()
        assert away <= 0.001 * theirs.total(), path.name


def test_the_drawn_page_is_the_one_that_is_described(tmp_path):
    """A scan with hidden text whose picture is smaller than the page: boxes are the picture's."""
    pdf = pikepdf.new()
    page = samples.add_page(pdf, samples.text_operators(("sus",), 3, left=5, top=775), image=True)
    raw = page.obj.Contents.read_bytes().replace(b"612 0 0 792 0 0", b"600 0 0 780 5 5")
    page.obj["/Contents"] = pdf.make_stream(raw)
    own, pixels = looked(saved(pdf, tmp_path))
    assert own.nature is PageNature.HIDDEN
    assert pixels.shape == (1100, 850)
    box = own.runs[0].words[0].box
    assert cv2.norm(np.array([box.x, box.y + box.h], float), np.array([0, 10 * 1100 / 780])) < 8
