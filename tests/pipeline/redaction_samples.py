"""PDFs whose redaction is bad, each in its own way, and good ones; all made from drawn text."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pikepdf
from numpy.typing import NDArray
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageDraw, ImageFont

from examples.binders.fonts import face_file
from pipeline.pdf.document import PdfFacts
from pipeline.privacy.redaction import (
    PublicPage,
    burn,
    hidden_boxes,
    public_picture,
    redacted_text,
    write_public_copy,
)
from schemas.geometry import Box, Size
from schemas.settings import Settings
from schemas.text import Block, Line, PageText, Word

Pixels = NDArray[np.uint8]
DPI = 200
SIZE = Size(992, 1240)
POINTS = SIZE.width * 72 / DPI, SIZE.height * 72 / DPI
NAME, CNP, ADDRESS = "Vasilescu Octavian", "1760512354783", "Strada Crinului nr. 17"
GONE = (NAME, CNP, ADDRESS)
SECRET = ("Vasilescu", "Octavian", CNP, "Crinului", "17,")
LINES = (
    "ADEVERINȚĂ",
    "Se adeverește prin prezenta că",
    "domnul Vasilescu Octavian are domiciliul",
    "în Strada Crinului nr. 17, fiind înscris",
    f"cu numărul {CNP} în registru",
    "pentru anul în curs, fără datorii către",
    "bugetul local al comunei noastre.",
    "S-a eliberat spre a-i servi la notar.",
)
_LEFT, _TOP, _PITCH, _LETTERS = 90, 110, 78, 40
_FACTS = PdfFacts("adeverință", datetime(2024, 5, 1, tzinfo=UTC), "doc-1")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page as pixels (grey), its words, and the boxes of those that have to go."""

    pixels: Pixels
    text: PageText
    boxes: tuple[Box, ...]


def drawn(lines: tuple[str, ...] = LINES, secret: tuple[str, ...] = SECRET) -> Drawn:
    """Lines of type on white paper; a word that is in `secret` has to go."""
    image = Image.new("L", (SIZE.width, SIZE.height), 255)
    pen = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(face_file("liberation-serif")), _LETTERS)
    rows, boxes = [], []
    for row, line in enumerate(lines):
        words, x, y = [], _LEFT, _TOP + row * _PITCH
        for token in line.split():
            pen.text((x, y), token, font=font, fill=0)
            left, top, right, bottom = (
                round(side) for side in pen.textbbox((x, y), token, font=font)
            )
            words.append(Word(token, Box(left, top, right - left, bottom - top), 0.97))
            if token in secret:
                boxes.append(words[-1].box)
            x += round(pen.textlength(f"{token} ", font=font))
        rows.append(Line(tuple(words)))
    text = PageText(SIZE, DPI, (Block(tuple(rows)),), source_size=SIZE)
    return Drawn(np.asarray(image, np.uint8), text, tuple(boxes))


PAGE = drawn()
HIDDEN = hidden_boxes(PAGE.boxes, DPI, SIZE, PAGE.text)
LEFT = redacted_text(PAGE.text, HIDDEN)
BURNT: Pixels = burn(PAGE.pixels, HIDDEN, DPI)


def jpeg(pixels: Pixels, quality: int = 85, **more: object) -> bytes:
    target = BytesIO()
    Image.fromarray(pixels).save(target, "JPEG", quality=quality, **more)
    return target.getvalue()


def image_of(pdf: pikepdf.Pdf, pixels: Pixels, data: bytes | None = None) -> pikepdf.Stream:
    """A grey image as a JPEG stream."""
    height, width = pixels.shape
    return pikepdf.Stream(
        pdf,
        data or jpeg(pixels),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=width,
        Height=height,
        BitsPerComponent=8,
        ColorSpace=Name.DeviceGray,
        Filter=Name.DCTDecode,
    )


def page_of(
    pdf: pikepdf.Pdf, content: bytes, pixels: Pixels | None = None, data: bytes | None = None
) -> pikepdf.Page:
    """A page: a picture over all of it, Helvetica as /F, then more content."""
    page = pdf.add_blank_page(page_size=POINTS)
    font = pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type1,
            BaseFont=Name.Helvetica,
            Encoding=Name.WinAnsiEncoding,
        )
    )
    page.obj.Resources = Dictionary(Font=Dictionary(F=font), XObject=Dictionary())
    painted = b""
    if pixels is not None:
        page.obj.Resources.XObject[Name.Im] = image_of(pdf, pixels, data)
        painted = b"q %f 0 0 %f 0 0 cm /Im Do Q\n" % POINTS
    page.obj.Contents = pdf.make_stream(painted + content)
    return page


def save(pdf: pikepdf.Pdf, path: Path, **options: Any) -> Path:
    pdf.save(path, **options)
    return path


def rectangle(box: Box) -> bytes:
    """A path over a box of the page image."""
    scale = 72 / DPI
    bottom = (SIZE.height - box.y - box.h) * scale
    return b"%f %f %f %f re f\n" % (box.x * scale, bottom, box.w * scale, box.h * scale)


def type_of(lines: tuple[str, ...], mode: int = 0) -> bytes:
    """Real text in Helvetica, where the drawn lines are."""
    rows = []
    for row, line in enumerate(lines):
        base = POINTS[1] - (_TOP + row * _PITCH + _LETTERS) * 72 / DPI
        shown = line.translate(str.maketrans("șțăȘȚĂ", "staSTA")).encode("cp1252", "replace")
        rows.append(b"1 0 0 1 32 %f Tm (%s) Tj" % (base, shown.replace(b"(", b"\\(")))
    return b"BT %d Tr /F 14 Tf\n%s\nET\n" % (mode, b"\n".join(rows))


def burnt_pdf(path: Path, change: Callable[[pikepdf.Pdf, pikepdf.Page], None]) -> Path:
    """A well burnt page to which one thing is added."""
    pdf = pikepdf.new()
    change(pdf, page_of(pdf, b"", BURNT))
    return save(pdf, path)


# the bad ones


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


# the good ones


def ours(path: Path, page: Drawn = PAGE, hidden: tuple[Box, ...] = HIDDEN) -> Path:
    """A public copy as the archive makes it."""
    left = redacted_text(page.text, hidden)
    picture = path.with_suffix(".picture")
    picture.write_bytes(public_picture(page.pixels, left, hidden, Settings()))
    write_public_copy((PublicPage(picture, left, 1, hidden),), path, _FACTS)
    return path


def grained(pixels: Pixels) -> Pixels:
    """As a scanner sees it: grey paper with grain and a shadow."""
    noise = np.random.default_rng(5).normal(0, 4, pixels.shape)
    shade = np.linspace(0.8, 0.98, pixels.shape[1])
    return np.asarray(np.clip(pixels * shade + noise, 0, 255), np.uint8)


def ours_of_a_scan(path: Path) -> Path:
    return ours(path, replace(PAGE, pixels=grained(PAGE.pixels)))


def ours_black_and_white(path: Path) -> Path:
    _, bilevel = cv2.threshold(PAGE.pixels, 127, 255, cv2.THRESH_BINARY)
    return ours(path, replace(PAGE, pixels=np.asarray(bilevel, np.uint8)))


def ours_without_boxes(path: Path) -> Path:
    lines = tuple(line for line in LINES if not any(secret in line for secret in SECRET))
    return ours(path, drawn(lines), ())


def burnt_jpeg(path: Path) -> Path:
    return burnt_pdf(path, lambda _pdf, _page: None)


def burnt_poor_jpeg(path: Path) -> Path:
    pdf = pikepdf.new()
    page_of(pdf, b"", BURNT, jpeg(burn(grained(PAGE.pixels), HIDDEN, DPI), 60))
    return save(pdf, path)


def burnt_linearised(path: Path) -> Path:
    pdf = pikepdf.new()
    page_of(pdf, b"", BURNT)
    return save(pdf, path, linearize=True)


def burnt_in_object_streams(path: Path) -> Path:
    pdf = pikepdf.new()
    page_of(pdf, type_of(LEFT.plain.split("\n"), mode=3), BURNT)  # type: ignore[arg-type] # any lines
    return save(pdf, path, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def burnt_jpeg2000(path: Path) -> Path:
    pdf = pikepdf.new()
    target = BytesIO()
    Image.fromarray(BURNT).save(target, "JPEG2000")
    page = page_of(pdf, b"", BURNT)
    image = page.obj.Resources.XObject.Im
    image.write(target.getvalue(), filter=Name.JPXDecode)
    return save(pdf, path)


def burnt_fax(path: Path) -> Path:
    """CCITT group 4, as img2pdf and scanners write it."""
    pdf = pikepdf.new()
    bilevel = Image.fromarray(BURNT).convert("1")
    target = BytesIO()
    bilevel.save(target, "TIFF", compression="group4", tiffinfo={278: SIZE.height})
    tiff = Image.open(BytesIO(target.getvalue()))
    start, length = tiff.tag_v2[273][0], tiff.tag_v2[279][0]  # type: ignore[attr-defined] # a TIFF's
    page = page_of(pdf, b"", BURNT)
    image = page.obj.Resources.XObject.Im
    parameters = Dictionary(K=-1, Columns=SIZE.width, Rows=SIZE.height)
    image.write(
        target.getvalue()[start : start + length],
        filter=Name.CCITTFaxDecode,
        decode_parms=parameters,
    )
    image.BitsPerComponent = 1
    return save(pdf, path)


def retyped(path: Path) -> Path:
    """Real text without the values, boxes drawn where they were."""
    pdf = pikepdf.new()
    kept = tuple(
        " ".join(word.text for word in line.words if word.text not in SECRET)
        for line in PAGE.text.lines
    )
    low = Box(236, 900, 315, 50)
    page_of(pdf, type_of(kept) + b"0 g\n" + rectangle(low), None)
    return save(pdf, path)


def with_metadata_and_bookmarks(path: Path) -> Path:
    def change(pdf: pikepdf.Pdf, _: pikepdf.Page) -> None:
        with pdf.open_metadata() as metadata:
            metadata["dc:title"] = "Adeverință"
        pdf.docinfo["/Author"] = "Primăria comunei"
        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("Adeverință", 0))

    return burnt_pdf(path, change)


def whole_lines(path: Path) -> Path:
    """Bars over the whole width of the text, all of them equal."""
    pdf = pikepdf.new()
    bars = PAGE.pixels.copy()
    for row in (2, 3, 4):
        bars[_TOP + row * _PITCH - 4 : _TOP + row * _PITCH + 52, 70:930] = 0
    page_of(pdf, b"", bars)
    return save(pdf, path)


def with_a_picture(path: Path) -> Path:
    """A shaded picture, a dark table head with white letters and a grey one, beside the boxes."""
    page = BURNT.copy()
    y, x = np.mgrid[0:180, 0:300]
    page[960:1140, 90:390] = (128 + 90 * np.sin(x / 37) * np.cos(y / 23)).astype(np.uint8)
    page[800:850, 500:900] = 30
    page[870:920, 500:900] = 190
    image = Image.fromarray(page)
    pen = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(face_file("liberation-sans")), 30)
    pen.text((520, 806), "SUPRAFAȚA", font=font, fill=255)
    pen.text((520, 876), "VALOAREA", font=font, fill=0)
    pdf = pikepdf.new()
    page_of(pdf, b"", np.asarray(image, np.uint8))
    return save(pdf, path)


def with_a_thumbnail(path: Path) -> Path:
    def change(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        small = cv2.resize(BURNT, (198, 248), interpolation=cv2.INTER_AREA)
        page.obj.Thumb = image_of(pdf, np.asarray(small, np.uint8))

    return burnt_pdf(path, change)


def two_pages(path: Path) -> Path:
    """Rectangles on one page and none on another, each with its thumbnail."""
    pdf = pikepdf.new()
    other = drawn(tuple(line for line in LINES if not any(secret in line for secret in SECRET)))
    for pixels in (BURNT, other.pixels):
        page = page_of(pdf, b"", pixels)
        small = cv2.resize(pixels, (198, 248), interpolation=cv2.INTER_AREA)
        page.obj.Thumb = image_of(pdf, np.asarray(small, np.uint8))
    return save(pdf, path)


GOOD: dict[str, Callable[[Path], Path]] = {
    made.__name__: made
    for made in (
        ours,
        ours_of_a_scan,
        ours_black_and_white,
        ours_without_boxes,
        burnt_jpeg,
        burnt_poor_jpeg,
        burnt_linearised,
        burnt_in_object_streams,
        burnt_jpeg2000,
        burnt_fax,
        retyped,
        with_metadata_and_bookmarks,
        whole_lines,
        with_a_picture,
        with_a_thumbnail,
        two_pages,
    )
}
