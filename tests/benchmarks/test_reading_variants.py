"""What the peers and Opis are given, and how their answers are understood."""

import json

import pikepdf
import pytest
from PIL import Image

from benchmarks.reading.material import make_material
from benchmarks.reading.pages import find_pages
from benchmarks.reading.variants import _parts, _said
from schemas.settings import Settings


def _set(folder):
    folder.mkdir()
    for number, name in enumerate(("b.png", "a.jpg")):
        Image.new("L", (300, 400), 200 + number).save(folder / name, dpi=(300, 300))
    Image.new("RGBA", (300, 400), (9, 9, 9, 99)).save(folder / "clear.png")
    frames = [Image.new("L", (300, 400), tone) for tone in (10, 20)]
    frames[0].save(folder / "two.tif", save_all=True, append_images=frames[1:], dpi=(300, 300))
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(300, 400))
        pdf.save(folder / "z.pdf")
    return find_pages(folder, Settings())


@pytest.fixture(scope="module")
def material(tmp_path_factory):
    folder = tmp_path_factory.mktemp("material")
    pages = _set(folder / "set")
    return make_material(pages, Settings(), folder / "work", ("ocrmypdf", "tesseract"))


KEYS = ("a.jpg", "b.png", "broken.jpg", "clear.png", "two.tif#1", "two.tif#2", "z.pdf")


def test_scan_batch_gets_images_as_one_binder_and_longer_files_apart(material):
    assert tuple(page.key for page in material.pages) == KEYS
    binder, *apart = material.sources
    assert len(list(binder.iterdir())) == 4
    assert [source.suffix for source in apart] == [".tif", ".pdf"]
    assert tuple(material.keys.values()) == KEYS
    names = sorted(path.name for path in binder.iterdir())
    assert [material.keys[name, 0] for name in names] == list(KEYS[:4])


def test_peers_get_one_pdf_of_all_images_that_can_be_opened(material):
    joined, delivered = material.pdfs
    assert joined.keys == ("a.jpg", "b.png", "clear.png", "two.tif#1", "two.tif#2")
    with pikepdf.open(joined.path) as pdf:
        assert len(pdf.pages) == 5
    assert delivered.keys == ("z.pdf",)
    assert material.notes == ("not in the peers' PDF: broken.jpg",)


def test_each_page_is_there_as_one_image(material):
    assert tuple(material.singles) == KEYS
    with Image.open(material.singles["two.tif#2"]) as picture:
        assert picture.getpixel((5, 5)) == 20
        assert round(picture.info["dpi"][0]) == 300


def test_pages_that_kept_their_text_are_told_by_ranges():
    sidecar = "one\f[OCR skipped on page(s) 2-4]\ffive\f[OCR skipped on page(s) 6]"
    assert list(_parts(sidecar)) == ["one", None, None, None, "five", None]


def test_what_was_not_taken_is_noted(tmp_path):
    told = tmp_path / "out"
    refused = {"code": "damaged", "file": "/x/00001.jpg", "reason": "Fișier stricat."}
    told.write_text(json.dumps({"quarantined": [refused]}))
    assert _said(told) == ("opis: damaged: 00001.jpg: Fișier stricat.",)
    told.write_text(json.dumps({"error": refused}))
    assert len(_said(told)) == 1
    told.write_text("Traceback")
    assert _said(told) == ()
