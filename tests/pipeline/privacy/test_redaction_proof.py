"""A public copy: new throughout, and whatever is wrong with it found before anybody sees it."""

from dataclasses import replace
from io import BytesIO

import cv2
import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image

from pipeline.layers.codecs import own_g4, own_jpeg
from pipeline.layers.types import Layer, Layered, pack, unpack
from pipeline.pdf.document import check
from pipeline.privacy.redaction import (
    PublicPage,
    cleaned_picture,
    public_picture,
    redacted_text,
    seeing,
    to_prove,
    write_public_copy,
)
from pipeline.privacy.redaction.jpegs import bare, beside
from schemas.geometry import Affine, Box
from schemas.settings import Settings
from schemas.text import PageText
from tests.pipeline.privacy import redaction_samples as samples
from tests.pipeline.privacy.redaction_proving import (
    FACTS,
    PLAIN,
    burnt_page,
    codes,
    picture_file,
    plain_page,
    proved,
)
from tests.pipeline.privacy.redaction_samples import DPI, HIDDEN, LEFT, PAGE, SIZE


def keys_of(item):
    return item.keys() if isinstance(item, pikepdf.Dictionary | pikepdf.Stream) else ()


def rendered(copy):
    document = pdfium.PdfDocument(copy)
    bitmap = document[0].render(scale=DPI / 72, grayscale=True)
    pixels = bitmap.to_numpy().reshape(bitmap.height, bitmap.width)
    document.close()
    return pixels


@pytest.mark.parametrize("grain", [False, True])
def test_a_copy_is_proved_black_where_it_must_be_and_valid(tmp_path, grain):
    pages = (burnt_page(tmp_path, grain=grain), plain_page(tmp_path))
    assert proved(tmp_path, pages) == set()
    copy = tmp_path / "public.pdf"
    assert check(copy, "2u") == ()
    shown = rendered(copy)
    for box in HIDDEN:
        assert shown[box.y + 2 : box.y + box.h - 2, box.x + 2 : box.x + box.w - 2].max() == 0
    data = copy.read_bytes()
    assert data.count(b"%%EOF") == 1
    with pikepdf.open(copy) as pdf:
        kept = " ".join(str(value) for value in pdf.docinfo.values())
        assert not pdf.attachments
        assert set(pdf.docinfo.keys()) == {"/Title", "/Producer", "/CreationDate", "/ModDate"}
        assert "adeverință" in kept


def test_the_same_pages_give_the_same_bytes(tmp_path):
    pages = (burnt_page(tmp_path),)
    first = write_public_copy(pages, tmp_path / "a.pdf", FACTS)
    assert first == write_public_copy(pages, tmp_path / "b.pdf", FACTS)


def test_nothing_is_under_the_rectangles(tmp_path):
    burnt_page(tmp_path, grain=True)
    picture = unpack((tmp_path / "one.picture").read_bytes())
    below = picture.layers[:-1]
    write_public_copy(
        (PublicPage(picture_file(tmp_path, pack(replace(picture, layers=below))), LEFT, 1),),
        tmp_path / "below.pdf",
        FACTS,
    )
    shown = rendered(tmp_path / "below.pdf")
    for box in HIDDEN:
        inside = shown[box.y + 4 : box.y + box.h - 4, box.x + 4 : box.x + box.w - 4]
        assert int(inside.max()) - int(inside.min()) < 24


def test_text_that_was_kept_is_found(tmp_path):
    page = burnt_page(tmp_path, text=PAGE.text)
    found = proved(tmp_path, (page,), [to_prove(replace(page, text=LEFT))])
    assert {("public-text", "text layer"), ("public-words", None)} <= found


@pytest.mark.slow
def test_a_word_more_or_less_than_was_left_is_found(tmp_path):
    page = burnt_page(tmp_path)
    less = redacted_text(LEFT, (LEFT.words[0].box,))
    assert codes(tmp_path, (page,), [to_prove(replace(page, text=less))]) == {"public-words"}


@pytest.mark.slow
def test_a_picture_that_was_not_burnt_is_found(tmp_path):
    page = replace(burnt_page(tmp_path, hidden=()), hidden=HIDDEN)
    assert {"public-box", "public-picture"} <= codes(tmp_path, (page,))


@pytest.mark.slow
def test_a_rectangle_that_is_missing_or_grey_is_found(tmp_path):
    page = burnt_page(tmp_path)
    more = replace(page, hidden=(*HIDDEN, Box(79, 900, 157, 50)))
    assert codes(tmp_path, (page,), [to_prove(more)]) == {"public-box"}
    picture = unpack(page.picture.read_bytes())
    grey = replace(picture.layers[-1], colour=(60, 60, 60))
    changed = pack(replace(picture, layers=(*picture.layers[:-1], grey)))
    path = picture_file(tmp_path, changed, "grey")
    assert "public-box" in codes(tmp_path, (replace(page, picture=path),))


def test_a_name_that_was_missed_is_read_on_the_picture(tmp_path):
    hidden = HIDDEN[1:]
    page = PublicPage(
        picture_file(tmp_path, public_picture(PAGE.pixels, LEFT, hidden, Settings())),
        LEFT,
        1,
        hidden,
    )
    assert codes(tmp_path, (page,)) == {"public-picture"}


def test_a_picture_under_the_rectangles_is_found(tmp_path):
    """The bars over the page as it was: black to the eye, and everything below."""
    page = burnt_page(tmp_path)
    picture = unpack(page.picture.read_bytes())
    whole = own_jpeg(samples.jpeg(PAGE.pixels))
    layers = (Layer(whole, Affine()), picture.layers[-1])
    path = picture_file(tmp_path, pack(replace(picture, layers=layers)), "covered")
    assert codes(tmp_path, (replace(page, picture=path),)) == {"public-covered"}


@pytest.mark.slow
def test_a_picture_under_another_is_found(tmp_path):
    """Nothing under the bars, but elsewhere: the name, hidden by a second picture."""
    page = burnt_page(tmp_path)
    picture = unpack(page.picture.read_bytes())
    lower = own_jpeg(samples.jpeg(np.ascontiguousarray(PAGE.pixels[250:310, 60:700])))
    white = own_jpeg(samples.jpeg(np.full((60, 640), 255, np.uint8)))
    place = Affine(c=60, f=1000)
    layers = (*picture.layers, Layer(lower, place), Layer(white, place))
    path = picture_file(tmp_path, pack(replace(picture, layers=layers)), "two")
    assert codes(tmp_path, (replace(page, picture=path),)) == {"public-picture"}


@pytest.mark.slow
def test_a_picture_beyond_the_page_is_found(tmp_path):
    page = burnt_page(tmp_path)
    picture = unpack(page.picture.read_bytes())
    more = Layer(
        own_jpeg(samples.jpeg(np.full((300, 300), 255, np.uint8))), Affine(c=SIZE.width - 20)
    )
    path = picture_file(tmp_path, pack(replace(picture, layers=(more, *picture.layers))), "wide")
    assert codes(tmp_path, (replace(page, picture=path),)) == {"public-covered"}


def test_another_picture_than_was_checked_is_found(tmp_path):
    page = plain_page(tmp_path, 1)
    expected = to_prove(page)
    other = public_picture(np.asarray(PLAIN.pixels[::-1], np.uint8), PLAIN.text, (), Settings())
    page.picture.write_bytes(other)
    assert codes(tmp_path, (page,), [expected]) == {"public-changed"}


@pytest.mark.slow
def test_a_title_or_identifier_with_a_name_is_found(tmp_path):
    page = plain_page(tmp_path, 1)
    for facts in (
        replace(FACTS, title="cerere Vasilescu O."),
        replace(FACTS, identifier=samples.CNP),
    ):
        assert "public-text" in codes(tmp_path, (page,), facts=facts)


def test_jpegs_keep_every_pixel_and_nothing_else():
    tags = Image.Exif()
    tags[0x010E] = samples.NAME
    for options in ({}, {"progressive": True}):
        plain = samples.jpeg(PAGE.pixels, **options)
        data = samples.jpeg(PAGE.pixels, exif=tags.tobytes(), comment=b"nota", **options) + b"tail"
        assert beside(plain) == ()
        assert len(beside(data)) == 3
        kept = bare(data)
        assert (
            cv2.imdecode(np.frombuffer(kept, np.uint8), 0)
            == cv2.imdecode(np.frombuffer(plain, np.uint8), 0)
        ).all()
        assert beside(kept) == ()
    for damaged in (b"", b"no", samples.jpeg(PAGE.pixels)[:500]):
        with pytest.raises(ValueError, match="JPEG"):
            bare(damaged)


@pytest.mark.slow
@pytest.mark.parametrize("white", [0, 1])
def test_a_fax_strip_is_coded_again_pixel_for_pixel(white, tmp_path):
    bilevel = Image.fromarray(PLAIN.pixels).convert("1")
    target = BytesIO()
    options = {278: SIZE.height, 262: white}
    bilevel.save(target, "TIFF", compression="group4", tiffinfo=options)
    strip = own_g4(target.getvalue())
    data = cleaned_picture(pack(Layered(SIZE, "original", (Layer(strip),))))
    page = PublicPage(picture_file(tmp_path, data), PLAIN.text, 1)
    assert proved(tmp_path, (page,)) == set()
    with pikepdf.open(tmp_path / "public.pdf") as pdf:
        shown = pikepdf.PdfImage(pdf.pages[0].obj.Resources.XObject.Im1).as_pil_image()
    assert (np.asarray(shown.convert("1")) == np.asarray(bilevel)).all()


def test_what_reaches_beyond_the_page_must_be_made_anew():
    own = own_jpeg(samples.jpeg(PLAIN.pixels))
    turned = Affine.from_text("0.99995 -0.01 0 0.01 0.99995 0")
    assert cleaned_picture(pack(Layered(SIZE, "original", (Layer(own, turned),)))) is None


@pytest.mark.slow
def test_a_page_that_is_black_all_over_is_proved(tmp_path):
    whole = Box(0, 0, SIZE.width, SIZE.height)
    empty = PageText(SIZE, DPI)
    data = public_picture(PAGE.pixels, empty, (whole,), Settings())
    page = PublicPage(picture_file(tmp_path, data), empty, 1, (whole,))
    assert proved(tmp_path, (page, replace(page, picture=None, hidden=(), number=2))) == set()


@pytest.mark.slow
def test_a_page_that_is_too_large_to_be_rendered_whole_is_proved_on_fewer_pixels(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(seeing, "_MOST_PIXELS", 400_000)
    page = burnt_page(tmp_path)
    assert proved(tmp_path, (page,)) == set()
    more = replace(page, hidden=(*HIDDEN, Box(79, 900, 157, 50)))
    assert codes(tmp_path, (page,), [to_prove(more)]) == {"public-box"}


@pytest.mark.slow
@pytest.mark.parametrize("quality", [40, 90])
def test_a_page_in_colour_is_proved(quality, tmp_path):
    """Blue stamps over and beside what is burnt, the paper yellowed."""
    scan = cv2.cvtColor(samples.grained(PAGE.pixels), cv2.COLOR_GRAY2BGR)
    scan[:, :, 0] = scan[:, :, 0] * 0.85
    cv2.circle(scan, (500, 350), 120, (170, 60, 40), 6)
    scan = cv2.imdecode(cv2.imencode(".jpg", scan, (cv2.IMWRITE_JPEG_QUALITY, quality))[1], 1)
    data = public_picture(scan, LEFT, HIDDEN, Settings())
    page = PublicPage(picture_file(tmp_path, data), LEFT, 1, HIDDEN)
    assert proved(tmp_path, (page,)) == set()
    with pikepdf.open(tmp_path / "public.pdf") as pdf:
        spaces = {str(n.ColorSpace) for n in pdf.objects if "/ColorSpace" in keys_of(n)}
    assert "/DeviceRGB" in spaces


@pytest.mark.services
def test_verapdf_agrees(verapdf, tmp_path):
    pages = (burnt_page(tmp_path, grain=True), plain_page(tmp_path))
    copy = tmp_path / "public.pdf"
    write_public_copy(pages, copy, FACTS)
    assert verapdf([copy], "2u")[copy].compliant
