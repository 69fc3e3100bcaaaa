"""PDFs whose redaction is bad, each in its own way."""

import zlib
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from pipeline.privacy.redaction import burn
from tests.pipeline.privacy.redaction_samples import (
    BURNT,
    CNP,
    DPI,
    HIDDEN,
    LINES,
    NAME,
    PAGE,
    POINTS,
    SIZE,
    burnt_pdf,
    drawn,
    image_of,
    jpeg,
    page_of,
    rectangle,
    save,
    type_of,
)


def text_under_box(path: Path) -> Path:
    pdf = pikepdf.new()
    page_of(pdf, type_of(LINES) + b"0 g\n" + b"".join(map(rectangle, HIDDEN)))
    return save(pdf, path)


def picture_under_box(path: Path) -> Path:
    pdf = pikepdf.new()
    page_of(pdf, b"0 g\n" + b"".join(map(rectangle, HIDDEN)), PAGE.pixels)
    return save(pdf, path)


def white_box(path: Path) -> Path:
    pdf = pikepdf.new()
    page_of(pdf, b"1 g\n" + b"".join(map(rectangle, HIDDEN)), PAGE.pixels)
    return save(pdf, path)


def thin_alpha_box(path: Path) -> Path:
    pdf = pikepdf.new()
    page = page_of(pdf, b"/G gs 0 g\n" + b"".join(map(rectangle, HIDDEN)), PAGE.pixels)
    page.obj.Resources.ExtGState = Dictionary(G=Dictionary(ca=0.9))
    return save(pdf, path)


def thin_alpha_in_pixels(path: Path) -> Path:
    pdf = pikepdf.new()
    thin = np.where(PAGE.pixels > BURNT, (PAGE.pixels * 0.1).astype(np.uint8), PAGE.pixels)
    page_of(pdf, b"", np.asarray(thin, np.uint8), jpeg(np.asarray(thin, np.uint8), 92))
    return save(pdf, path)


def pixelation(path: Path) -> Path:
    pdf = pikepdf.new()
    coarse = PAGE.pixels.copy()
    for box in PAGE.boxes:
        part = coarse[box.y : box.y + box.h, box.x : box.x + box.w]
        small = cv2.resize(
            part, (max(1, box.w // 9), max(1, box.h // 9)), interpolation=cv2.INTER_AREA
        )
        part[:] = cv2.resize(small, (box.w, box.h), interpolation=cv2.INTER_NEAREST)
    page_of(pdf, b"", coarse)
    return save(pdf, path)


def kept_text_layer(path: Path) -> Path:
    pdf = pikepdf.new()
    page_of(pdf, type_of(LINES, mode=3), BURNT)
    return save(pdf, path)


def hexadecimal_text(path: Path) -> Path:
    pdf = pikepdf.new()
    page_of(pdf, b"BT 3 Tr /F 9 Tf 20 20 Td <%s> Tj ET" % NAME.encode().hex().encode(), BURNT)
    return save(pdf, path)


def letters_apart(path: Path) -> Path:
    pdf = pikepdf.new()
    shown = b" ".join(b"(%c) -80" % letter for letter in CNP.encode())
    page_of(pdf, b"BT 3 Tr /F 9 Tf 20 20 Td [%s] TJ ET" % shown, BURNT)
    return save(pdf, path)


def exif(path: Path) -> Path:
    pdf = pikepdf.new()
    tags = Image.Exif()
    tags[0x010E] = f"Adeverinta {NAME}"
    page_of(pdf, b"", BURNT, jpeg(BURNT, exif=tags.tobytes()))
    return save(pdf, path)


def exif_thumbnail(path: Path) -> Path:
    pdf = pikepdf.new()
    small = cv2.resize(PAGE.pixels, (248, 310), interpolation=cv2.INTER_AREA)
    segment = b"Exif\0\0" + b"\0" * 8 + jpeg(np.asarray(small, np.uint8), 60)
    whole = jpeg(BURNT)
    head = b"\xff\xe1" + (len(segment) + 2).to_bytes(2, "big") + segment
    page_of(pdf, b"", BURNT, whole[:2] + head + whole[2:])
    return save(pdf, path)


def xmp(path: Path) -> Path:
    def change(pdf: pikepdf.Pdf, _: pikepdf.Page) -> None:
        with pdf.open_metadata() as metadata:
            metadata["dc:title"] = f"Cerere {NAME}"

    return burnt_pdf(path, change)


def docinfo(path: Path) -> Path:
    def change(pdf: pikepdf.Pdf, _: pikepdf.Page) -> None:
        pdf.docinfo["/Subject"] = f"CNP {CNP}"

    return burnt_pdf(path, change)


def incremental_update(path: Path) -> Path:
    """The unredacted file, and after it the page's new picture as an update."""
    pdf = pikepdf.new()
    page_of(pdf, b"", PAGE.pixels)
    save(pdf, path, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    with pikepdf.open(path) as old:
        number = old.pages[0].obj.Resources.XObject.Im.objgen[0]
        size, root = int(old.trailer.Size), old.trailer.Root.objgen[0]
    data = path.read_bytes()
    picture = jpeg(BURNT)
    head = b"/Type/XObject/Subtype/Image/Width %d/Height %d" % (SIZE.width, SIZE.height)
    head += b"/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/DCTDecode/Length %d" % len(picture)
    at, before = len(data), int(data.rsplit(b"startxref", 1)[1].split()[0])
    update = b"%d 0 obj\n<<%s>>\nstream\n%s\nendstream\nendobj\n" % (number, head, picture)
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, at)
    trailer = b"trailer\n<</Size %d/Root %d 0 R/Prev %d>>\n" % (size, root, before)
    start = b"startxref\n%d\n%%%%EOF\n" % (at + len(update))
    path.write_bytes(data + update + table + trailer + start)
    return path


def actual_text(path: Path) -> Path:
    pdf = pikepdf.new()
    utf16 = b"FEFF" + NAME.encode("utf-16-be").hex().encode()
    page_of(pdf, b"/Span <</ActualText <%s>>> BDC EMC\n" % utf16, BURNT)
    return save(pdf, path)


def alternative_text(path: Path) -> Path:
    def change(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        figure = Dictionary(Type=Name.StructElem, S=Name.Figure, Alt=String(f"Cererea lui {NAME}"))
        pdf.Root.StructTreeRoot = pdf.make_indirect(Dictionary(K=Array([figure])))

    return burnt_pdf(path, change)


def attachment(path: Path) -> Path:
    def change(pdf: pikepdf.Pdf, _: pikepdf.Page) -> None:
        pdf.attachments["cerere.jpg"] = jpeg(PAGE.pixels)

    return burnt_pdf(path, change)


def crop_box(path: Path) -> Path:
    """The name stands on the sheet, but outside of what is shown of it."""
    pdf = pikepdf.new()
    kept = PAGE.pixels.copy()
    edge = min(box.y for box in PAGE.boxes) - 15
    page = page_of(pdf, b"", kept)
    page.obj.CropBox = Array([0, POINTS[1] - edge * 72 / DPI, *POINTS])
    return save(pdf, path)


def thumbnail(path: Path) -> Path:
    def change(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        small = cv2.resize(PAGE.pixels, (198, 248), interpolation=cv2.INTER_AREA)
        page.obj.Thumb = image_of(pdf, np.asarray(small, np.uint8))

    return burnt_pdf(path, change)


def orphan_image(path: Path) -> Path:
    def change(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.obj.Resources.XObject[Name.Old] = image_of(pdf, PAGE.pixels)

    return burnt_pdf(path, change)


def lost_object(path: Path) -> Path:
    """An image that nothing refers to, which most programs leave where it is."""

    def change(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.obj.Resources.XObject[Name.Old] = image_of(pdf, PAGE.pixels)

    burnt_pdf(path, change)
    with pikepdf.open(path) as pdf:
        number = pdf.pages[0].obj.Resources.XObject.Old.objgen[0]
    reference = b"/Old %d 0 R" % number
    path.write_bytes(path.read_bytes().replace(reference, b" " * len(reference), 1))
    return path


def soft_mask(path: Path) -> Path:
    """A black sheet seen through the page as its mask, and the burnt page over it."""

    def change(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        sheet = image_of(pdf, np.zeros((8, 8), np.uint8))
        sheet.SMask = image_of(pdf, np.asarray(255 - PAGE.pixels, np.uint8))
        page.obj.Resources.XObject[Name.Below] = sheet
        own = page.obj.Contents.read_bytes()
        page.obj.Contents = pdf.make_stream(b"q %f 0 0 %f 0 0 cm /Below Do Q\n" % POINTS + own)

    return burnt_pdf(path, change)


def image_under_image(path: Path) -> Path:
    def change(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.obj.Resources.XObject[Name.Below] = image_of(pdf, PAGE.pixels)
        own = page.obj.Contents.read_bytes()
        page.obj.Contents = pdf.make_stream(b"q %f 0 0 %f 0 0 cm /Below Do Q\n" % POINTS + own)

    return burnt_pdf(path, change)


def inline_image(path: Path) -> Path:
    """A picture within the page's content, under the burnt one."""
    half = cv2.resize(PAGE.pixels, (496, 620), interpolation=cv2.INTER_AREA)
    data = zlib.compress(half.tobytes())
    head = b"q %f 0 0 %f 0 0 cm BI /W 496 /H 620 /BPC 8 /CS /G /F /Fl ID " % POINTS

    def change(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        own = page.obj.Contents.read_bytes()
        page.obj.Contents = pdf.make_stream(head + data + b" EI Q\n" + own)

    return burnt_pdf(path, change)


def redact_annotation(path: Path) -> Path:
    pdf = pikepdf.new()
    page = page_of(pdf, type_of(LINES))
    corners = [[b.x, SIZE.height - b.y - b.h, b.x + b.w, SIZE.height - b.y] for b in HIDDEN]
    marks = (Array([side * 72 / DPI for side in rect]) for rect in corners)
    page.obj.Annots = Array(
        [Dictionary(Type=Name.Annot, Subtype=Name.Redact, Rect=rect) for rect in marks]
    )
    return save(pdf, path)


def note(path: Path) -> Path:
    def change(_: pikepdf.Pdf, page: pikepdf.Page) -> None:
        rect = Array([10, 10, 30, 30])
        text = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=rect, Contents=String(NAME), F=2)
        page.obj.Annots = Array([text])

    return burnt_pdf(path, change)


def hidden_layer(path: Path) -> Path:
    def change(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("original")))
        settings = Dictionary(OFF=Array([group]), Order=Array([group]))
        pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), D=settings)
        page.obj.Resources.Properties = Dictionary(L=group)
        page.obj.Resources.XObject[Name.Old] = image_of(pdf, PAGE.pixels)
        own = page.obj.Contents.read_bytes()
        old = b"/OC /L BDC q %f 0 0 %f 0 0 cm /Old Do Q EMC\n" % POINTS
        page.obj.Contents = pdf.make_stream(own + old)

    return burnt_pdf(path, change)


def bookmark(path: Path) -> Path:
    def change(pdf: pikepdf.Pdf, _: pikepdf.Page) -> None:
        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem(f"Cererea {NAME}", 0))

    return burnt_pdf(path, change)


def form_field(path: Path) -> Path:
    def change(pdf: pikepdf.Pdf, _: pikepdf.Page) -> None:
        field = Dictionary(FT=Name.Tx, T=String("cnp"), V=String(CNP))
        pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.make_indirect(field)]))

    return burnt_pdf(path, change)


def javascript(path: Path) -> Path:
    def change(pdf: pikepdf.Pdf, _: pikepdf.Page) -> None:
        code = "var a = 'Vasi' + 'lescu';"
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String(code))

    return burnt_pdf(path, change)


def page_label(path: Path) -> Path:
    def change(pdf: pikepdf.Pdf, _: pikepdf.Page) -> None:
        pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(P=String("Vasilescu O. "))]))

    return burnt_pdf(path, change)


def exact_box(path: Path) -> Path:
    pdf = pikepdf.new()
    tight = PAGE.pixels.copy()
    for box in PAGE.boxes:
        tight[box.y : box.y + box.h, box.x : box.x + box.w] = 0
    page_of(pdf, b"", tight)
    return save(pdf, path)


def missed_once(path: Path) -> Path:
    """A name that was burnt in one place only."""
    again = drawn((*LINES, "Am primit: Vasilescu"))
    pdf = pikepdf.new()
    page_of(pdf, b"", burn(again.pixels, HIDDEN, DPI))
    return save(pdf, path)


BAD: dict[str, Callable[[Path], Path]] = {
    made.__name__: made
    for made in (
        text_under_box,
        picture_under_box,
        white_box,
        thin_alpha_box,
        thin_alpha_in_pixels,
        pixelation,
        kept_text_layer,
        hexadecimal_text,
        letters_apart,
        exif,
        exif_thumbnail,
        xmp,
        docinfo,
        incremental_update,
        actual_text,
        alternative_text,
        attachment,
        crop_box,
        thumbnail,
        orphan_image,
        lost_object,
        soft_mask,
        image_under_image,
        inline_image,
        redact_annotation,
        note,
        hidden_layer,
        bookmark,
        form_field,
        javascript,
        page_label,
        exact_box,
        missed_once,
    )
}
