"""The second chance of original pages: what OCRmyPDF converts, and what it must not change."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pikepdf
import psutil
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.layers.codecs import encode_jpeg
from pipeline.layers.types import Layer, Layered, pack
from pipeline.pdf.delivered import mending
from pipeline.pdf.delivered.kept import write_with_originals
from pipeline.pdf.delivered.mending import mend
from pipeline.pdf.delivered.originals import Origin
from pipeline.pdf.document import PdfFacts, PdfPage, check
from pipeline.pdf.rendercheck import wrong_pages
from pipeline.pictures.picture import proof_of
from scanners.pages.decode import decode_page
from schemas.geometry import Size
from schemas.settings import Settings
from schemas.sources import FileKind
from schemas.text import PageText
from tests.scanners import pdf_samples as samples
from tests.services.process import ServiceError

FACTS = PdfFacts("Hotărâre", datetime(2026, 3, 1, 12, tzinfo=UTC), "k7w2m9")
RED = b"0 1 1 0 k 50 50 300 200 re f\n"


@pytest.fixture(scope="module")
def ghostscript():
    if shutil.which("gs") is None:
        raise ServiceError("Ghostscript is not installed. Remedy: make services")


def drawn(path, frame, tmp_path):
    image = decode_page(path, FileKind.PDF, frame, Settings(render_dpi=100))
    height, width = image.pixels.shape[:2]
    size = Size(width, height)
    picture = tmp_path / f"{path.stem}-{frame}.access"
    layer = Layer(encode_jpeg(image.pixels, 60))
    picture.write_bytes(pack(Layered(size, "jpeg", (layer,), proof=proof_of(image.pixels))))
    return PdfPage(picture, PageText(size, image.dpi, (), size), frame + 1, Origin(path, frame))


def in_print_colours(path, pages=2):
    """Its last page has a red field in the four colours of print, which no sRGB file may hold."""
    samples.digital(path, pages)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        page = pdf.pages[-1].obj
        page["/Contents"] = pdf.make_stream(RED + page.Contents.read_bytes())
        pdf.save(path)
    return path


def words(path):
    with pypdfium2.PdfDocument(path) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return [page.replace("ţ", "ț").split() for page in pages]


@pytest.mark.services
def test_print_colours_are_converted_and_the_page_keeps_its_words_and_vectors(
    ghostscript, tmp_path
):
    path = in_print_colours(tmp_path / "own.pdf")
    before = path.read_bytes()
    pages = [drawn(path, n, tmp_path) for n in range(2)]
    kept = write_with_originals(pages, tmp_path / "made.pdf", FACTS, tmp_path)
    assert (kept.flavour, kept.as_pictures, set(kept.mended)) == ("2u", {}, {1})
    assert "DeviceCMYK" in kept.mended[1]
    assert path.read_bytes() == before
    assert not list(tmp_path.glob("joining-*"))
    target = tmp_path / "made.pdf"
    assert check(target, "2u") == ()
    assert words(target) == words(path)
    with pikepdf.open(target) as pdf:
        assert ["/XObject" in page.Resources for page in pdf.pages] == [False, False]
    assert wrong_pages(target, pages) == ()
    ours, theirs = (
        decode_page(one, FileKind.PDF, 1, Settings(render_dpi=72)).pixels for one in (target, path)
    )
    assert np.abs(ours.astype(int) - theirs).mean() < 3
    assert np.ptp(np.median(ours[600:720, 100:300].reshape(-1, 3), axis=0)) > 150
    again = write_with_originals(pages, tmp_path / "again.pdf", FACTS, tmp_path)
    assert again == kept


@pytest.mark.services
def test_a_converted_page_that_is_still_no_pdfa_is_there_as_its_picture(ghostscript, tmp_path):
    path = samples.digital(tmp_path / "own.pdf", 2)
    pages = [drawn(path, n, tmp_path) for n in range(2)]
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages[1].obj.Resources.Font.F.BaseFont = pikepdf.Name("/Symbol")
        pdf.save(path)
    kept = write_with_originals(pages, tmp_path / "made.pdf", FACTS, tmp_path)
    assert (kept.flavour, set(kept.as_pictures), kept.mended) == ("2u", {1}, {})
    assert check(tmp_path / "made.pdf", "2u") == ()
    assert wrong_pages(tmp_path / "made.pdf", [pages[0], replace(pages[1], origin=None)]) == ()


@pytest.mark.services
def test_a_converted_page_that_looks_otherwise_is_there_as_its_picture(ghostscript, tmp_path):
    path = in_print_colours(tmp_path / "own.pdf", 1)
    page = drawn(path, 0, tmp_path)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        field = RED.replace(b"300 200", b"500 600")
        pdf.pages[0].obj["/Contents"] = pdf.make_stream(field + pdf.pages[0].Contents.read_bytes())
        pdf.save(path)
    assert set(mend({0: page.origin}, tmp_path)) == {0}
    kept = write_with_originals([page], tmp_path / "made.pdf", FACTS, tmp_path)
    assert (set(kept.as_pictures), kept.mended) == ({0}, {})
    assert wrong_pages(tmp_path / "made.pdf", [replace(page, origin=None)]) == ()


def spoken(path, *sentences):
    """A PDF with a page of each sentence."""
    pdf = pikepdf.new()
    for sentence in sentences:
        samples.add_page(pdf, samples.text_operators((sentence,)))
    pdf.save(path)
    return path


def test_a_page_whose_words_would_change_is_not_taken(monkeypatch, tmp_path):
    """Ghostscript has been seen to write the letters of a form as others."""
    path = spoken(tmp_path / "own.pdf", "Pagina unu", "Pagina doi")

    def garble(_source, target, _seconds):
        return spoken(target, "Pagina unu", "Qbhjob epj").is_file()

    monkeypatch.setattr(mending, "_convert", garble)
    found = mend({0: Origin(path, 0), 5: Origin(path, 1)}, tmp_path)
    assert set(found) == {0}
    assert found[0].path.is_relative_to(tmp_path)


@pytest.mark.services
def test_one_page_that_cannot_be_parsed_does_not_cost_the_others(ghostscript, tmp_path):
    path = in_print_colours(tmp_path / "own.pdf", 3)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages[1].obj["/Contents"] = pdf.make_stream(b"<< /A BT >> n")
        pdf.save(path)
    origins = {7: Origin(path, 2, overlaid=True), 8: Origin(path, 1), 9: Origin(path, 0)}
    found = mend(origins, tmp_path)
    assert {place: origin.overlaid for place, origin in found.items()} == {7: True, 9: False}
    assert words(found[7].path)[found[7].frame] == words(path)[2]


def test_what_cannot_be_opened_has_no_second_chance(tmp_path):
    broken, empty = tmp_path / "broken.pdf", tmp_path / "empty.pdf"
    broken.write_bytes(b"%PDF-1.4\nnothing")
    empty.write_bytes(b"")
    whole = samples.digital(tmp_path / "whole.pdf")
    named = [Origin(broken, 0), Origin(empty, 0), Origin(tmp_path / "gone.pdf", 0)]
    assert mend(dict(enumerate((*named, Origin(whole, 7)))), tmp_path) == {}
    assert mend({}, tmp_path) == {}


def test_nothing_runs_on_when_the_time_is_over(tmp_path, monkeypatch):
    path = samples.digital(tmp_path / "own.pdf")
    monkeypatch.setattr(mending, "_SECONDS", 0.5)
    monkeypatch.setattr(mending, "_SECONDS_A_PAGE", 0.0)
    assert mend({0: Origin(path, 0)}, tmp_path) == {}
    (folder,) = tmp_path.glob("mending-*")
    running = [one.info["cmdline"] or () for one in psutil.process_iter(["cmdline"])]
    assert not [line for line in running if any(str(folder) in part for part in line)]


def test_without_the_programs_the_page_stays_a_picture(tmp_path, monkeypatch):
    path = in_print_colours(tmp_path / "own.pdf", 1)
    page = drawn(path, 0, tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    kept = write_with_originals([page], tmp_path / "made.pdf", FACTS, tmp_path)
    assert (set(kept.as_pictures), kept.mended, kept.flavour) == ({0}, {}, "2u")


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=8), max_size=6), st.randoms())
def test_places_of_words_may_change_but_not_their_letters(parts, chance):
    again = list(parts)
    chance.shuffle(again)
    assert mending._letters(" ".join(parts)) == mending._letters("-\n".join(again))
    assert mending._letters(" ".join((*parts, "x"))) != mending._letters(" ".join(parts))
