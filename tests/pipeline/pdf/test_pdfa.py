"""PDF/A-2u: pictures as they are, words where they stand, bytes that repeat."""

import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline.layers.codecs import encode_g4, encode_jpeg, encode_lossless
from pipeline.layers.types import Layer, Layered, Raster, pack, stretched, unpack
from pipeline.pdf.document import PdfFacts, PdfPage, check, write_document
from pipeline.recognition.cleaning import clean_text
from schemas.geometry import Box, Size
from schemas.text import Block, Line, PageText, Word

FACTS = PdfFacts("Hotărârea nr. 25/2016 <&>", datetime(2026, 3, 1, 12, tzinfo=UTC), "k7w2m9")
SIZE = Size(1240, 1754)
SENTENCE = "Pagina 7 nu poate fi deschisă."


def page_text(*lines: str, size: Size = SIZE, dpi: int = 150) -> PageText:
    """Words of 24 px in lines of 50 px, as wide as they are long."""
    made = []
    for row, line in enumerate(lines):
        left, words = 100, []
        for text in line.split():
            words.append(Word(text, Box(left, 100 + 50 * row, 12 * len(text), 24), 0.9))
            left += 12 * len(text) + 10
        made.append(Line(tuple(words)))
    return PageText(size, dpi, (Block(tuple(made)),) if made else (), source_size=size)


def picture(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def layered(raster: Raster, kind: str = "jpeg", size: Size = SIZE, **how: object) -> bytes:
    return pack(Layered(size, kind, (Layer(raster, stretched(raster, size), **how),)))


@pytest.fixture
def mixed(tmp_path: Path) -> tuple[PdfPage, ...]:
    """Grey, colour, lossless, bitonal and mixed pictures, a blank page, some not to be opened."""
    grey = np.full((SIZE.height, SIZE.width), 230, np.uint8)
    colour = cv2.merge([grey, grey, np.full_like(grey, 120)])
    ink = cv2.rectangle(np.zeros_like(grey), (100, 100), (400, 300), 255, -1)
    coarse = encode_jpeg(colour[::60, ::60], 60)
    stencil = encode_g4(ink)
    paper = encode_jpeg(grey[::4, ::4], 40)
    layers = (Layer(paper, stretched(paper, SIZE)), Layer(stencil, stencil=True, colours=coarse))
    data = (
        ("grey", layered(encode_jpeg(grey, 55))),
        ("colour", layered(encode_jpeg(colour, 55))),
        ("lossless", layered(encode_lossless(colour), "lossless")),
        ("bitonal", layered(stencil, "bitonal")),
        ("damaged", b"\xff\xd8\xff\xe0 nothing"),
        ("mixed", pack(Layered(SIZE, "mixed", layers))),
        ("flat", pack(Layered(SIZE, "mixed", (Layer(stencil, stencil=True),), (240, 239, 230)))),
    )
    paths = {name: picture(tmp_path, name, content) for name, content in data}
    return (
        PdfPage(paths["grey"], page_text("Consiliul Local Mărăcineni", "Hotărârea nr. 25"), 1),
        PdfPage(paths["colour"], page_text("Ștampilă și țară 𝔸 fi"), 2),
        PdfPage(paths["lossless"], page_text("Tipar"), 3),
        PdfPage(paths["bitonal"], page_text("Negru pe alb"), 4),
        PdfPage(paths["grey"], page_text(), 5),
        PdfPage(paths["damaged"], page_text("ascuns"), 6),
        PdfPage(None, PageText(Size(0, 0), 1), 7),
        PdfPage(paths["mixed"], page_text("Amestecat"), 8),
        PdfPage(paths["flat"], page_text("Neted"), 9),
    )


@pytest.fixture
def written(mixed: tuple[PdfPage, ...], tmp_path: Path) -> Path:
    target = tmp_path / "out" / "01.pdf"
    write_document(mixed, target, FACTS)
    return target


def text_of(path: Path, page: int) -> str:
    with pypdfium2.PdfDocument(path) as document:
        return document[page].get_textpage().get_text_bounded()


def test_same_pages_give_the_same_bytes(mixed: tuple[PdfPage, ...], tmp_path: Path) -> None:
    one, two = tmp_path / "one.pdf", tmp_path / "two.pdf"
    digests = [write_document(mixed, target, FACTS) for target in (one, two)]
    assert one.read_bytes() == two.read_bytes()
    assert digests == [sha256(one.read_bytes()).hexdigest()] * 2
    assert not list(tmp_path.glob(".*.part"))


def test_passes_the_check(written: Path) -> None:
    assert check(written, "2u") == ()
    assert check(written, "2b") != ()


def test_a_foreign_pdf_does_not_pass(tmp_path: Path) -> None:
    plain = tmp_path / "plain.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(plain)
    assert check(plain, "2u")


def test_pictures_are_not_encoded_again(mixed: tuple[PdfPage, ...], written: Path) -> None:
    with pikepdf.open(written) as pdf:
        images = [page.Resources.XObject.Im1 for page in pdf.pages]
        for number in (0, 1, 2, 3, 4):
            (layer,) = unpack(mixed[number].picture.read_bytes()).layers
            assert images[number].read_raw_bytes() == layer.raster.data
        assert [str(image.ColorSpace) for image in images[:4]] == [
            "/DeviceGray",
            "/DeviceRGB",
            "/DeviceRGB",
            "/DeviceGray",
        ]
        assert images[3].Filter == "/CCITTFaxDecode"
        assert pdf.pages[7].Resources.XObject.Im2.Mask.ImageMask
        assert images[8].ImageMask


def test_bookmarks_lead_to_the_start_and_to_every_tenth_page(tmp_path: Path) -> None:
    path = picture(tmp_path, "p", layered(encode_g4(np.zeros((20, 20), np.uint8)), "bitonal"))
    target = tmp_path / "long.pdf"
    write_document([PdfPage(path, page_text(), n) for n in range(1, 33)], target, FACTS)
    assert check(target, "2u") == ()
    with pypdfium2.PdfDocument(target) as document:
        marks = [
            (mark.level, mark.get_title(), mark.get_dest().get_index())
            for mark in document.get_toc()
        ]
    assert marks == [
        (0, FACTS.title, 0),
        (1, "pagina 10", 9),
        (1, "pagina 20", 19),
        (1, "pagina 30", 29),
    ]


def test_pages_have_their_size_and_look(written: Path) -> None:
    with pypdfium2.PdfDocument(written) as document:
        assert len(document) == 9
        assert document[0].get_size() == pytest.approx((1240 * 72 / 150, 1754 * 72 / 150), abs=0.01)
        bitonal = document[3].render(scale=150 / 72, grayscale=True).to_numpy()
        colour = document[1].render(scale=1).to_numpy()[400, 300].tolist()
    assert bitonal[200, 250] < 10
    assert bitonal[200, 600] > 245
    assert colour == pytest.approx([230, 230, 120], abs=4)  # pypdfium2 renders BGR


def test_text_comes_out_in_order(written: Path) -> None:
    lines = text_of(written, 0).split("\r\n")
    assert lines == ["Consiliul Local Mărăcineni", "Hotărârea nr. 25"]
    assert text_of(written, 1) == "Ștampilă și țară 𝔸 fi"
    assert text_of(written, 4) == ""


@pytest.mark.parametrize("page", [5, 6])
def test_what_cannot_be_opened_says_so(written: Path, page: int) -> None:
    assert text_of(written, page) == SENTENCE.replace("7", str(page + 1))
    with pypdfium2.PdfDocument(written) as document:
        image = document[page].render(scale=1, grayscale=True).to_numpy()
    assert (image < 128).sum() > 300
    assert (image > 250).mean() > 0.95


def test_description_is_in_step(written: Path) -> None:
    with pikepdf.open(written) as pdf, pdf.open_metadata() as xmp:
        assert xmp["dc:title"] == str(pdf.docinfo["/Title"]) == FACTS.title
        assert xmp["pdf:Producer"] == str(pdf.docinfo["/Producer"]) == "Opis"
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("2", "U")
        assert xmp["xmp:CreateDate"] == "2026-03-01T12:00:00+00:00"
        assert str(pdf.docinfo["/CreationDate"]) == "D:20260301120000+00'00'"
        assert str(pdf.Root.Lang) == "ro-RO"
        assert "/MarkInfo" not in pdf.Root


def test_document_without_pages(tmp_path: Path) -> None:
    target = tmp_path / "empty.pdf"
    write_document((), target, FACTS)
    with pikepdf.open(target) as pdf:
        assert len(pdf.pages) == 0


@pytest.mark.parametrize("size", [Size(1, 1), Size(40_000, 30), Size(7, 60_000)])
def test_odd_sizes_stay_within_bounds(size: Size, tmp_path: Path) -> None:
    path = picture(
        tmp_path,
        "odd",
        layered(encode_g4(np.full((size.height, size.width), 255, np.uint8)), "bitonal", size),
    )
    target = tmp_path / "odd.pdf"
    write_document([PdfPage(path, PageText(size, 72), 1)], target, FACTS)
    with pikepdf.open(target) as pdf:
        box = [float(side) for side in pdf.pages[0].MediaBox]
    assert check(target, "2u") == ()
    assert 3 <= min(box[2:]) <= max(box[2:]) <= 14_400


WORDS = st.text(st.characters(exclude_categories=["Zs", "Zl", "Zp", "Cc"]), min_size=1, max_size=9)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    words=st.lists(WORDS, max_size=5), title=st.text(max_size=40), identifier=st.text(max_size=9)
)
def test_any_words_and_titles(
    words: list[str], title: str, identifier: str, tmp_path: Path
) -> None:
    kept = [text for text in map(clean_text, words) if text]
    path = picture(
        tmp_path,
        "p",
        layered(encode_g4(np.zeros((200, 900), np.uint8)), "bitonal", Size(900, 200)),
    )
    target = tmp_path / "any.pdf"
    facts = PdfFacts(title, FACTS.created, identifier)
    write_document(
        [PdfPage(path, page_text(" ".join(kept), size=Size(900, 200)), 1)], target, facts
    )
    assert check(target, "2u") == ()
    with pikepdf.open(target) as pdf:
        font = pdf.pages[0].Resources.Font.F
        assert all(character in _mapped(font) for character in "".join(kept))


def _mapped(font: pikepdf.Object) -> str:
    """Every character that the font's ToUnicode map gives back."""
    rows = font.ToUnicode.read_bytes().decode("ascii").splitlines()
    hexes = [
        row.split()[1].strip("<>") for row in rows if row.startswith("<") and row.count("<") == 2
    ]
    return "".join(bytes.fromhex(one).decode("utf-16-be") for one in hexes if one != "FFFF")


def test_poppler_finds_the_words_over_their_pictures(
    mixed: tuple[PdfPage, ...], written: Path
) -> None:
    run = subprocess.run(["pdftotext", "-bbox", written, "-"], capture_output=True, check=True)
    html = etree.fromstring(run.stdout, etree.XMLParser(load_dtd=False, no_network=True))
    pages = html.findall(".//{*}page")
    for page, expected in zip(pages[:5], mixed, strict=False):
        words = page.findall("{*}word")
        assert [word.text for word in words] == [word.text for word in expected.text.words]
        for word, known in zip(words, expected.text.words, strict=True):
            sides = [float(word.get(name)) * 150 / 72 for name in ("xMin", "yMin", "xMax", "yMax")]
            box = known.box
            assert sides == pytest.approx([box.x, box.y, box.x + box.w, box.y + box.h], abs=1.5)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_pages(tmp_path: Path) -> None:
    """The file is far larger than what the writer may hold at once."""
    noise = np.random.default_rng(1).integers(0, 255, (1400, 1000), dtype=np.uint8)
    path = picture(tmp_path, "big", layered(encode_jpeg(noise, 95)))
    pages = [PdfPage(path, page_text("una"), number) for number in range(1, 101)]
    script = (
        "import resource, sys, pickle; from pathlib import Path; from pipeline.pdf.document import write_document\n"
        "pages, facts = pickle.loads(sys.stdin.buffer.read())\n"
        "write_document(pages[:1], Path(sys.argv[1]), facts)\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "write_document(pages, Path(sys.argv[1]), facts)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    target = tmp_path / "big.pdf"
    run = subprocess.run(
        [sys.executable, "-c", script, target],
        input=pickle.dumps((pages, FACTS)),
        capture_output=True,
        check=True,
    )
    assert target.stat().st_size > 80 * 2**20
    assert int(run.stdout) < 20 * 2**10


@pytest.mark.services
def test_verapdf_agrees(
    written: Path, verapdf: Callable[[list[Path], str], dict[Path, object]]
) -> None:
    verdict = verapdf([written], "2u")[written]
    assert verdict, verdict


def test_the_first_bookmark_is_the_line_of_the_opis(tmp_path: Path) -> None:
    path = picture(tmp_path, "p", layered(encode_g4(np.zeros((20, 20), np.uint8)), "bitonal"))
    target = tmp_path / "listed.pdf"
    facts = replace(FACTS, bookmark="3. hotărâre nr. 25,\nfile 4–6")
    write_document([PdfPage(path, page_text(), 1)], target, facts)
    assert check(target, "2u") == ()
    with pypdfium2.PdfDocument(target) as document:
        assert [mark.get_title() for mark in document.get_toc()] == ["3. hotărâre nr. 25, file 4–6"]
        assert document.get_metadata_dict()["Title"] == FACTS.title
