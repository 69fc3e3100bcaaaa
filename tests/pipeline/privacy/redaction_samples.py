"""What PDFs with good and with bad redaction are made of; all from drawn text."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
from numpy.typing import NDArray
from pikepdf import Dictionary, Name
from PIL import Image, ImageDraw, ImageFont

from examples.binders.fonts import face_file
from pipeline.privacy.redaction import (
    burn,
    hidden_boxes,
    redacted_text,
)
from schemas.geometry import Box, Size
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
_LEFT, TOP, PITCH, _LETTERS = 90, 110, 78, 40


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
        words, x, y = [], _LEFT, TOP + row * PITCH
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
        base = POINTS[1] - (TOP + row * PITCH + _LETTERS) * 72 / DPI
        shown = line.translate(str.maketrans("șțăȘȚĂ", "staSTA")).encode("cp1252", "replace")
        rows.append(b"1 0 0 1 32 %f Tm (%s) Tj" % (base, shown.replace(b"(", b"\\(")))
    return b"BT %d Tr /F 14 Tf\n%s\nET\n" % (mode, b"\n".join(rows))


def burnt_pdf(path: Path, change: Callable[[pikepdf.Pdf, pikepdf.Page], None]) -> Path:
    """A well burnt page to which one thing is added."""
    pdf = pikepdf.new()
    change(pdf, page_of(pdf, b"", BURNT))
    return save(pdf, path)


def grained(pixels: Pixels) -> Pixels:
    """As a scanner sees it: grey paper with grain and a shadow."""
    noise = np.random.default_rng(5).normal(0, 4, pixels.shape)
    shade = np.linspace(0.8, 0.98, pixels.shape[1])
    return np.asarray(np.clip(pixels * shade + noise, 0, 255), np.uint8)
