"""Bytes, keys and objects that a public copy may not have are found; a damaged one is no proof."""

import re
import zlib
from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from pipeline.layers.codecs import own_jpeg
from pipeline.layers.types import Layer, Layered, pack
from pipeline.privacy.redaction import PublicPage, cleaned_picture, prove, to_prove
from tests.pipeline.privacy import redaction_samples as samples
from tests.pipeline.privacy.redaction_proving import (
    PLAIN,
    READER,
    codes,
    picture_file,
    plain_page,
    proved,
)
from tests.pipeline.privacy.redaction_samples import SIZE


def appended(data):
    return data + b"1 0 obj\n(x)\nendobj\nstartxref\n9\n%%EOF\n"


def between(data):
    """Bytes that no object owns, the table mended."""
    at = data.index(b"endobj\n") + 7
    hidden = b"% " + zlib.compress(samples.NAME.encode()) + b"\n"
    table = data.index(b"xref\n0 ")
    moved = re.sub(
        rb"(\d{10})(?= 00000 n )",
        lambda m: b"%010d" % (int(m[1]) + len(hidden) if int(m[1]) >= at else int(m[1])),
        data[table:],
    )
    start = re.sub(rb"startxref\n\d+", b"startxref\n%d" % (table + len(hidden)), moved)
    return data[:at] + hidden + data[at:table] + start


CHANGES = {
    "appended": appended,
    "between": between,
    "after the end": lambda data: data + b"\n",
    "before": lambda data: b"%PDF-1.4\n%%EOF\n" + data,
}


@pytest.mark.parametrize("change", CHANGES)
def test_bytes_that_are_no_object_of_the_copy_are_found(change, tmp_path):
    found = codes(tmp_path, (plain_page(tmp_path, 1),), change=CHANGES[change])
    assert found & {"public-structure", "public-damaged"}


def saved(change):
    """The copy as pikepdf saves it after a change; that alone is found, so keys are what counts."""

    def done(data):
        with pikepdf.open(BytesIO(data)) as pdf:
            change(pdf)
            target = BytesIO()
            pdf.save(target)
        return target.getvalue()

    return done


def put(path, key, value):
    def change(pdf):
        path(pdf)[key] = value

    return saved(change)


def first(pdf):
    return pdf.pages[0].obj


ADDED = {
    "page /Annots": put(first, "/Annots", pikepdf.Array()),
    "page /Thumb": put(first, "/Thumb", pikepdf.Dictionary()),
    "page /CropBox": put(first, "/CropBox", pikepdf.Array([0, 0, 99, 99])),
    "page /AA": put(first, "/AA", pikepdf.Dictionary()),
    "catalogue /OCProperties": put(lambda pdf: pdf.Root, "/OCProperties", pikepdf.Dictionary()),
    "catalogue /AcroForm": put(lambda pdf: pdf.Root, "/AcroForm", pikepdf.Dictionary()),
    "catalogue /OpenAction": put(lambda pdf: pdf.Root, "/OpenAction", pikepdf.Array()),
    "catalogue /PageLabels": put(lambda pdf: pdf.Root, "/PageLabels", pikepdf.Dictionary()),
    "catalogue /Names": put(lambda pdf: pdf.Root, "/Names", pikepdf.Dictionary()),
    "information /Author": put(lambda pdf: pdf.docinfo, "/Author", "x"),
    "image /SMask": put(
        lambda pdf: first(pdf).Resources.XObject.Im1, "/SMask", pikepdf.Dictionary()
    ),
    "/ActualText": put(lambda pdf: first(pdf).Resources.Font.F, "/ActualText", "x"),
    "resources /Properties": put(
        lambda pdf: first(pdf).Resources, "/Properties", pikepdf.Dictionary()
    ),
    "outline /A": put(lambda pdf: pdf.Root.Outlines.First, "/A", pikepdf.Dictionary()),
    "orphan objects": saved(lambda pdf: pdf.make_indirect(pikepdf.Dictionary(X=1))),
    "operator BDC": saved(
        lambda pdf: pdf.pages[0].contents_add(b"/Span <</ActualText (x)>> BDC EMC")
    ),
    "visible text": saved(lambda pdf: pdf.pages[0].contents_add(b"BT 0 Tr ET")),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", [key for key in ADDED if key != "orphan objects"])
def test_what_a_copy_may_not_have_is_named(what, tmp_path):
    found = proved(tmp_path, (plain_page(tmp_path, 1),), change=ADDED[what])
    assert ("public-structure", what) in found


def test_what_a_stream_carries_beside_its_picture_is_found(tmp_path):
    tags = Image.Exif()
    tags[0x010E] = "scan"
    own = own_jpeg(samples.jpeg(PLAIN.pixels, exif=tags.tobytes()))
    picture = Layered(SIZE, "original", (Layer(own),))
    page = PublicPage(picture_file(tmp_path, pack(picture)), PLAIN.text, 1)
    assert ("public-structure", "EXIF") in proved(tmp_path, (page,))
    cleaned = cleaned_picture(pack(picture))
    page = PublicPage(picture_file(tmp_path, cleaned, "clean"), PLAIN.text, 1)
    assert proved(tmp_path, (page,)) == set()


def test_another_number_of_pages_or_a_damaged_file_is_no_proof(tmp_path):
    page = plain_page(tmp_path, 1)
    assert codes(tmp_path, (page,), [to_prove(page)] * 2) == {"public-structure"}
    assert codes(tmp_path, (page,), change=lambda data: data[: len(data) // 2]) & {
        "public-damaged",
        "public-structure",
    }
    with pytest.raises(OSError, match="none"):
        prove(tmp_path / "none.pdf", (), (), READER)
