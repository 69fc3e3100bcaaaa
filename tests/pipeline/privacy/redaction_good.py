"""PDFs whose redaction is good: as the archive makes them, and as others do."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pikepdf
from pikepdf import Dictionary, Name
from PIL import Image, ImageDraw, ImageFont

from examples.binders.fonts import face_file
from pipeline.pdf.document import PdfFacts
from pipeline.privacy.redaction import (
    PublicPage,
    burn,
    public_picture,
    redacted_text,
    write_public_copy,
)
from schemas.geometry import Box
from schemas.settings import Settings
from tests.pipeline.privacy.redaction_samples import (
    BURNT,
    DPI,
    HIDDEN,
    LEFT,
    LINES,
    PAGE,
    PITCH,
    SECRET,
    SIZE,
    TOP,
    Drawn,
    burnt_pdf,
    drawn,
    grained,
    image_of,
    jpeg,
    page_of,
    rectangle,
    save,
    type_of,
)

_FACTS = PdfFacts("adeverință", datetime(2024, 5, 1, tzinfo=UTC), "doc-1")


def ours(path: Path, page: Drawn = PAGE, hidden: tuple[Box, ...] = HIDDEN) -> Path:
    """A public copy as the archive makes it."""
    left = redacted_text(page.text, hidden)
    picture = path.with_suffix(".picture")
    picture.write_bytes(public_picture(page.pixels, left, hidden, Settings()))
    write_public_copy((PublicPage(picture, left, 1, hidden),), path, _FACTS)
    return path


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
        bars[TOP + row * PITCH - 4 : TOP + row * PITCH + 52, 70:930] = 0
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
