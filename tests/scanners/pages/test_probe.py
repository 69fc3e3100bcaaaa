import io

import numpy as np
import pikepdf
import pytest
from PIL import Image

from scanners.pages.probe import probe_file
from schemas.errors import RefusedError
from schemas.settings import Settings
from schemas.sources import FileKind

OPTIONS = Settings(max_megapixels=4, max_pages=5)


def picture(form, size=(200, 300), pages=1):
    noise = np.random.default_rng(1).integers(0, 255, (size[1], size[0]), dtype=np.uint8)
    frame, stream = Image.fromarray(noise), io.BytesIO()
    more = {"save_all": True, "append_images": [frame] * (pages - 1)} if pages > 1 else {}
    frame.save(stream, form, **more)
    return stream.getvalue()


def pdf(change=None, pages=1, size=(595, 842), **save):
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=size)
    if change:
        change(document)
    stream = io.BytesIO()
    document.save(stream, **save)
    return stream.getvalue()


def action(kind):
    return pikepdf.Dictionary(S=pikepdf.Name(f"/{kind}"), JS="app.alert(1)", F="a.exe")


def opening(kind):
    def change(document):
        document.Root.OpenAction = action(kind)

    return change


def chained(document):
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.GoTo, Next=action("JavaScript"))


def looped(document):
    first = document.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.GoTo))
    first.Next = first
    document.Root.OpenAction = first


def scripts(document):
    tree = pikepdf.Dictionary(Names=pikepdf.Array(["x", action("JavaScript")]))
    document.Root.Names = pikepdf.Dictionary(JavaScript=tree)


def attached(document):
    document.attachments["a.txt"] = b"x"


def pinned(document):
    note = pikepdf.Dictionary(Subtype=pikepdf.Name.FileAttachment, Rect=[0, 0, 9, 9])
    document.pages[0].Annots = pikepdf.Array([note])


def form(document):
    field = pikepdf.Dictionary(
        Subtype=pikepdf.Name.Widget,
        FT=pikepdf.Name.Tx,
        T="a",
        Rect=[0, 0, 9, 9],
        AA=pikepdf.Dictionary(F=action("JavaScript")),
    )
    link = pikepdf.Dictionary(Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action("URI"))
    document.pages[0].Annots = pikepdf.Array([document.make_indirect(field), link])
    fields = pikepdf.Array([document.pages[0].Annots[0]])
    document.Root.AcroForm = pikepdf.Dictionary(Fields=fields)


def probed(tmp_path, data, kind, *, alone=True):
    path = tmp_path / "file"
    path.write_bytes(data)
    return probe_file(path, FileKind(kind), OPTIONS, alone=alone).frames


@pytest.mark.parametrize(
    ("data", "kind", "frames"),
    [
        (picture("JPEG"), "jpeg", 1),
        (picture("PNG"), "png", 1),
        (picture("TIFF", pages=4), "tiff", 4),
        (pdf(pages=5), "pdf", 5),
        (pdf(form), "pdf", 1),
        (pdf(opening("GoTo")), "pdf", 1),
        (pdf(looped), "pdf", 1),
        (pdf(encryption=pikepdf.Encryption(owner="secret", user="")), "pdf", 1),
        (pdf()[:-40], "pdf", 1),
        (b"\n" * 500 + pdf(), "pdf", 1),
    ],
)
def test_what_is_taken(tmp_path, data, kind, frames):
    assert probed(tmp_path, data, kind) == frames


@pytest.mark.parametrize(
    ("data", "kind", "code"),
    [
        (pdf(encryption=pikepdf.Encryption(owner="o", user="u")), "pdf", "pdf-password"),
        (b"%PDF-1.4\n" + b"x" * 200, "pdf", "pdf-damaged"),
        (pdf(pages=0), "pdf", "pdf-damaged"),
        (pdf(opening("JavaScript")), "pdf", "pdf-active"),
        (pdf(opening("Launch")), "pdf", "pdf-active"),
        (pdf(chained), "pdf", "pdf-active"),
        (pdf(scripts), "pdf", "pdf-active"),
        (pdf(attached), "pdf", "pdf-active"),
        (pdf(pinned), "pdf", "pdf-active"),
        (pdf(pages=6), "pdf", "too-many-pages"),
        (pdf(size=(14400, 14400)), "pdf", "too-many-pixels"),
        (picture("TIFF", pages=6), "tiff", "too-many-pages"),
        (picture("TIFF", (2100, 2000)), "tiff", "too-many-pixels"),
        (picture("PNG", (2100, 2000)), "png", "too-many-pixels"),
        (picture("JPEG", (2100, 2000)), "jpeg", "too-many-pixels"),
        (picture("JPEG")[:-900], "jpeg", "truncated"),
        (picture("PNG")[:-900], "png", "truncated"),
        (picture("JPEG")[:30], "jpeg", "image-damaged-file"),
        (b"II*\0\x08\0\0\0", "tiff", "truncated"),
        (b"II*\0\x08\0\0\0" + b"\xff" * 200, "tiff", "image-damaged-file"),
    ],
)
def test_what_is_refused_and_why(tmp_path, data, kind, code):
    with pytest.raises(RefusedError) as caught:
        probed(tmp_path, data, kind)
    assert (caught.value.code, caught.value.file) == (code, "file")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (picture("JPEG")[:-900], "jpeg"),
        (picture("PNG")[:40], "png"),
        (b"II*\0" + b"\0" * 9, "tiff"),
    ],
)
def test_a_damaged_page_among_others_counts_as_one_page(tmp_path, data, kind):
    assert probed(tmp_path, data, kind, alone=False) == 1


def test_an_image_within_a_pdf_is_measured_too(tmp_path):
    def change(document):
        image = pikepdf.Stream(document, b"")
        image.Subtype, image.Width, image.Height = pikepdf.Name.Image, 50_000, 50_000
        image.Filter = pikepdf.Name.JBIG2Decode
        resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
        document.pages[0].Resources = resources

    with pytest.raises(RefusedError) as caught:
        probed(tmp_path, pdf(change), "pdf")
    assert caught.value.code == "too-many-pixels"
