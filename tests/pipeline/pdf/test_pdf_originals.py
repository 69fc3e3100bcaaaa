"""Original pages among a document's own: what lives on, what does not, and what the file claims."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pikepdf
import pypdfium2
import pytest

from pipeline.layers.codecs import encode_jpeg
from pipeline.layers.types import Layer, Layered, pack
from pipeline.pdf.delivered.kept import write_with_originals
from pipeline.pdf.delivered.originals import Origin
from pipeline.pdf.document import PdfFacts, PdfPage, check, claimed_flavour
from pipeline.pdf.rendercheck import wrong_pages
from pipeline.pictures.picture import proof_of
from scanners.pages.decode import decode_page
from schemas.geometry import Box, Size
from schemas.settings import Settings
from schemas.sources import FileKind
from schemas.text import Block, Line, PageText, Word
from tests.scanners import pdf_samples as samples

pytestmark = pytest.mark.slow

FACTS = PdfFacts("Hotărâre", datetime(2026, 3, 1, 12, tzinfo=UTC), "k7w2m9")
TRUE = {code: letter for letter, code in samples.CODES.items()} | {
    c: chr(c) for c in range(32, 127)
}


def drawn(path, frame, tmp_path, origin=True):
    """A page as the worker leaves it: its picture, and where its original is."""
    image = decode_page(path, FileKind.PDF, frame, Settings(render_dpi=150))
    height, width = image.pixels.shape[:2]
    size = Size(width, height)
    picture = tmp_path / f"{path.stem}-{frame}.access"
    layer = Layer(encode_jpeg(image.pixels, 60))
    picture.write_bytes(pack(Layered(size, "jpeg", (layer,), proof=proof_of(image.pixels))))
    text = PageText(size, image.dpi, (), size)
    return PdfPage(picture, text, frame + 1, Origin(path, frame) if origin else None)


def made(pages, tmp_path):
    target = tmp_path / "document.pdf"
    kept = write_with_originals(pages, target, FACTS, tmp_path)
    assert check(target, kept.flavour) == ()
    assert claimed_flavour(target) == kept.flavour
    assert not list(tmp_path.glob("joining-*"))
    return kept, target


def texts(path):
    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_bounded().split() for page in document]


def as_written(number):
    return " ".join((f"Pagina {number}", *samples.SENTENCES)).split()


def test_text_and_vectors_live_on(tmp_path):
    path = samples.digital(tmp_path / "own.pdf", 3)
    pages = [drawn(path, 2, tmp_path), drawn(path, 0, tmp_path, origin=False)]
    pages.append(drawn(path, 1, tmp_path))
    kept, target = made(pages, tmp_path)
    assert (kept.flavour, kept.as_pictures) == ("2u", {})
    assert kept.fonts == ("Times-Roman → LiberationSerif-Regular",)
    found = [[word.replace("ţ", "ț") for word in page] for page in texts(target)]
    assert found == [as_written(3), [], as_written(2)]
    with pikepdf.open(target) as pdf:
        assert ["/XObject" in p.Resources for p in pdf.pages] == [False, True, False]
        assert pdf.docinfo.Title == "Hotărâre"
        assert len(pdf.Root.OutputIntents) == 1
        assert pdf.open_outline().root[0].title == "Hotărâre"
    assert wrong_pages(target, pages) == ()


def test_the_same_pages_are_the_same_bytes(tmp_path):
    path = samples.digital(tmp_path / "own.pdf", 2)
    pages = [drawn(path, n, tmp_path) for n in range(2)]
    one, target = made(pages, tmp_path)
    before = target.read_bytes()
    other, _ = made(pages, tmp_path)
    assert one.sha256 == other.sha256
    assert target.read_bytes() == before


def test_what_was_read_in_pictures_lies_over_the_original(tmp_path):
    path = samples.digital(tmp_path / "own.pdf")
    page = drawn(path, 0, tmp_path)
    word = Word("ștampilă", Box(200, 1000, 150, 30), 0.9)
    over = replace(page.text, blocks=(Block((Line((word,)),)),))
    page = replace(page, origin=Origin(path, 0, overlaid=True), over=over)
    kept, target = made([page], tmp_path)
    assert kept.flavour == "2u"
    with pypdfium2.PdfDocument(target) as document:
        words = document[0].get_textpage()
        at = words.get_text_range().index("ștampilă")
        left, bottom, right, top = words.get_charbox(at)
        height = document[0].get_height()
    scale = 72 / page.text.dpi
    assert abs(left - 200 * scale) < 2
    assert abs(height - top - 1000 * scale) < 5
    assert right > left
    assert bottom < top


def test_nothing_active_survives(tmp_path):
    path = samples.digital(tmp_path / "own.pdf")
    with pikepdf.open(path) as pdf:
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        page = pdf.pages[0].obj
        link = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 50, 50], A=script
        )
        page["/Annots"] = pikepdf.Array([pdf.make_indirect(link)])
        page["/AA"] = pikepdf.Dictionary(O=script)
        page["/Thumb"] = pdf.make_stream(b"thumbnail")
        page["/PieceInfo"] = pikepdf.Dictionary(X=pdf.make_stream(b"piece"))
        page["/Metadata"] = pdf.make_stream(b"<told/>")
        pdf.Root["/OpenAction"] = script
        pdf.attachments["secret.txt"] = b"secret"
        pdf.save(tmp_path / "active.pdf")
    kept, target = made([drawn(tmp_path / "active.pdf", 0, tmp_path)], tmp_path)
    assert kept.as_pictures == {}
    with pikepdf.open(target) as pdf:
        assert set(pdf.pages[0].obj.keys()) <= {
            "/Type",
            "/Parent",
            "/Resources",
            "/Contents",
            "/MediaBox",
        }
        written = b"".join(
            item.unparse() + (item.read_bytes() if isinstance(item, pikepdf.Stream) else b"")
            for item in pdf.objects
            if item is not None
        )
        assert not {"/Names", "/OpenAction", "/AcroForm"} & set(pdf.Root.keys())
    for trace in (b"alert", b"secret", b"thumbnail", b"piece", b"told", b"JavaScript"):
        assert trace not in written


def test_letters_without_unicode_make_it_2b(tmp_path):
    path = samples.digital(tmp_path / "own.pdf", meaning=dict.fromkeys(TRUE, "\ufeff"))
    kept, _ = made([drawn(path, 0, tmp_path)], tmp_path)
    assert (kept.flavour, kept.as_pictures) == ("2b", {})


def test_a_table_to_unicode_that_is_true_is_2u(tmp_path):
    path = samples.digital(tmp_path / "own.pdf", meaning=TRUE)
    kept, target = made([drawn(path, 0, tmp_path)], tmp_path)
    assert kept.flavour == "2u"
    assert texts(target) == [as_written(1)]


@pytest.mark.parametrize("fault", ["content", "missing"])
def test_what_nothing_can_follow_is_there_as_its_picture(tmp_path, fault):
    path = samples.digital(tmp_path / "own.pdf", 2)
    pages = [drawn(path, n, tmp_path) for n in range(2)]
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        if fault == "content":
            page = pdf.pages[1].obj
            page["/Contents"] = pdf.make_stream(page.Contents.read_bytes() + b"\n<< /A BT >> n")
        else:
            del pdf.pages[1]
        pdf.save(path)
    kept, target = made(pages, tmp_path)
    assert kept.flavour == "2u"
    assert set(kept.as_pictures) == {1}
    assert kept.mended == {}
    with pikepdf.open(target) as pdf:
        assert "/XObject" in pdf.pages[1].Resources


def test_an_original_that_looks_otherwise_is_there_as_its_picture(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))  # no program to convert it
    path = samples.digital(tmp_path / "own.pdf", 2)
    pages = [drawn(path, n, tmp_path) for n in range(2)]
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages[0].obj["/Contents"] = pdf.make_stream(b"0 g 0 0 612 400 re f")
        pdf.save(path)
    kept, target = made(pages, tmp_path)
    assert kept.as_pictures == {0: "it looks otherwise"}
    assert wrong_pages(target, [replace(pages[0], origin=None), pages[1]]) == ()


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_turned_and_cropped_pages_are_as_they_were(tmp_path, rotation):
    path = samples.digital(tmp_path / "own.pdf")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages[0].obj["/Rotate"] = rotation
        pdf.pages[0].obj["/CropBox"] = [40, 100, 560, 740]
        pdf.save(path)
    page = drawn(path, 0, tmp_path)
    kept, target = made([page], tmp_path)
    assert kept.as_pictures == {}
    ours, theirs = (
        decode_page(one, FileKind.PDF, 0, Settings(render_dpi=72)).pixels for one in (target, path)
    )
    assert ours.shape == theirs.shape
    assert np.abs(ours.astype(int) - theirs).mean() < 3
