"""Whether any redacted PDF, whoever made it, still holds what had to go."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pypdfium2 as pdfium
from pypdfium2 import raw as pdfium_c

from pipeline.imaging.raster import Pixels
from pipeline.privacy.redaction.gone import Gone, gone_of
from pipeline.privacy.redaction.jpegs import beside
from pipeline.privacy.redaction.marks import Bar, bars, exact, is_pixelated, strengthened
from pipeline.privacy.redaction.placing import (
    Drawn,
    dictionaries,
    drawn_images,
    every_image,
    instructions_of,
    masks_of,
)
from pipeline.privacy.redaction.proving import DAMAGED, carried_texts, each_once, reads
from pipeline.privacy.redaction.reading import page_reader
from pipeline.privacy.redaction.seeing import (
    Seen,
    image_pixels,
    laid_out,
    rendered,
    shows_more,
)
from pipeline.privacy.redaction.strings import page_texts, raw_bytes
from pipeline.privacy.redaction.types import Reader
from schemas.geometry import Affine
from schemas.records import Finding
from schemas.settings import Settings

_DPI = 300
_A4_INCHES = 8.27
_END = b"%%EOF"
_START = b"\xff\xd8\xff"
_SIMILAR = 0.03
_DARKER, _ALIKE, _COMPARED = 60, 0.6, 400
_MOST_REVISIONS = 8
_FLAT = 6
_COARSER = 2 / 3  # squares that scaling has blurred are whole again
_LEAST_SIDE = 8
_KINDS = (pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_SHADING)
_CARRIED = {
    "/EmbeddedFile": "attachment",
    "/EmbeddedFiles": "attachment",
    "/EF": "attachment",
    "/JS": "JavaScript",
    "/JavaScript": "JavaScript",
}


@dataclass(frozen=True, slots=True)
class _Check:
    """A file, or an earlier revision of it, under the check."""

    data: bytes
    pdf: pikepdf.Pdf
    shown: pdfium.PdfDocument
    gone: Gone
    reader: Reader

    def reads(self, pixels: Pixels, dpi: int) -> bool:
        return reads(self.reader, self.gone, pixels, dpi)


def _carried(check: _Check) -> Iterator[Finding]:
    """What no redacted file may carry, whatever it holds."""
    if check.pdf.is_encrypted:
        yield Finding("public-structure", None, {"what": "encryption"})
    for item in dictionaries(check.pdf):
        named = {*item.keys(), str(item.get("/Type", "")), str(item.get("/S", ""))}
        for name in sorted(named & _CARRIED.keys()):
            yield Finding("public-structure", None, {"what": _CARRIED[name]})
        if str(item.get("/Subtype", "")) == "/Redact":
            yield Finding("public-structure", None, {"what": "redaction not applied"})


def _texts(check: _Check) -> Iterator[Finding]:
    for number, text in enumerate(page_texts(check.data), 1):
        if check.gone.in_text(text):
            yield Finding("public-text", number, {"what": "text layer"})
    yield from carried_texts(check.pdf, check.data, check.gone)


def _page(check: _Check, number: int, without: int | None = None) -> Seen:
    """A page from 1, rendered; `without` one kind of object on it."""
    page = check.shown[number - 1]
    try:
        page.set_rotation(0)
        if without is not None:
            for item in list(page.get_objects(filter=(without,), max_depth=1)):
                page.remove_obj(item)
        return rendered(page, _DPI / 72)
    finally:
        page.close()


def _marks(check: _Check, seen: Seen, found: Sequence[Bar], number: int) -> Iterator[Finding]:
    if any(not bar.solid for bar in found):
        yield Finding("public-box", number)
    if exact(found, seen.size.width, seen.dpi, check.gone):
        yield Finding("public-box-exact", number)
    coarser = _small(seen.pixels, *(max(1, round(side * _COARSER)) for side in _sides(seen)))
    if is_pixelated(seen.pixels) or is_pixelated(coarser):
        yield Finding("public-pixelated", number)


def _below(check: _Check, seen: Seen, number: int) -> Iterator[Finding]:
    """What comes to light when the page's paths, or its images, are taken away."""
    for kind in _KINDS:
        bare = _page(check, number, kind)
        if bare.pixels.shape != seen.pixels.shape:
            continue
        half = laid_out(bare.pixels, seen.placed(_whole(bare)), seen.size)
        if shows_more(seen.pixels, half) and check.reads(bare.pixels, bare.dpi):
            yield Finding("public-covered", number)


def _whole(seen: Seen) -> Affine:
    left, bottom, right, top = seen.box
    return Affine(right - left, 0, left, 0, top - bottom, bottom)


def _images(check: _Check, seen: Seen, drawn: Sequence[Drawn], number: int) -> Iterator[Finding]:
    """Images that show, by themselves, something that the page over them does not."""
    for one in drawn:
        for image in (one.image, *masks_of(one.image)):
            pixels = image_pixels(image)
            if pixels is None:
                yield Finding("public-picture", number)
                continue
            below = laid_out(pixels, seen.placed(one.place), seen.size)
            if shows_more(seen.pixels, below) and check.reads(pixels, _dpi_of(pixels)):
                yield Finding("public-covered", number)


def _dpi_of(pixels: Pixels) -> int:
    """As if it were a picture of an A4 page; no less than a poor scan's."""
    return int(min(600, max(72, round(min(pixels.shape) / _A4_INCHES))))


def _is_page_without(pixels: Pixels, seen: Seen, found: Sequence[Bar]) -> bool:
    """Whether a picture is the page's, small perhaps, but without its rectangles."""
    shape = seen.size.width / seen.size.height
    if not found or abs(pixels.shape[1] / pixels.shape[0] / shape - 1) > _SIMILAR:
        return False
    width = min(_COMPARED, pixels.shape[1])
    scale = width / seen.size.width
    height = max(1, round(seen.size.height * scale))
    one, page = (_small(each, width, height) for each in (pixels, seen.pixels))
    bars_there = np.zeros(page.shape, bool)
    for bar in found:
        box = bar.box
        rows = slice(int(box.y * scale), int((box.y + box.h) * scale) + 1)
        bars_there[rows, int(box.x * scale) : int((box.x + box.w) * scale) + 1] = True
    others = np.corrcoef(one[~bars_there], page[~bars_there])[0, 1]
    return bool(others > _ALIKE and one[bars_there].mean() > page[bars_there].mean() + _DARKER)


def _sides(seen: Seen) -> tuple[int, int]:
    return seen.size.width, seen.size.height


def _small(pixels: Pixels, width: int, height: int) -> Pixels:
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _pages(check: _Check, lost: Sequence[Pixels]) -> Iterator[Finding]:
    for number in range(1, len(check.shown) + 1):
        seen = _page(check, number)
        found = bars(seen.pixels, seen.dpi)
        yield from _marks(check, seen, found, number)
        yield from _below(check, seen, number)
        drawn = drawn_images(check.pdf, number - 1)
        yield from _images(check, seen, drawn, number)
        if any(_is_page_without(one, seen, found) for one in lost):
            yield Finding("public-covered", number)
        strong = strengthened(seen.pixels)
        if any(check.reads(pixels, seen.dpi) for pixels in (seen.pixels, strong)):
            yield Finding("public-picture", number)


def _embedded(stream: bytes) -> Iterator[Pixels]:
    """The pictures inside what a JPEG stream carries beside its own."""
    for part in beside(stream):
        at = part.find(_START, 4)
        if at >= 0:
            pixels = cv2.imdecode(np.frombuffer(part[at:], np.uint8), cv2.IMREAD_GRAYSCALE)
            if pixels is not None:
                yield np.asarray(pixels, np.uint8)


def _elsewhere(check: _Check) -> Iterator[Pixels | None]:
    """The pictures of a file that no page draws: thumbnails, orphans, those inside of others.

    Those in a page's content itself are among them. None for one that cannot be decoded.
    """
    pages = range(len(check.pdf.pages))
    drawn = [one.image for number in pages for one in drawn_images(check.pdf, number)]
    shown = {image.objgen for one in drawn for image in (one, *masks_of(one))}
    for image in every_image(check.pdf):
        if image.objgen not in shown:
            yield image_pixels(image)
        if str(image.get("/Filter")) == "/DCTDecode":
            yield from _embedded(raw_bytes(image))
    for number in pages:
        yield from _inside(check, number)


def _inside(check: _Check, number: int) -> Iterator[Pixels | None]:
    """The images that stand in the content of a page (from 0) itself."""
    for one in instructions_of(check.pdf.pages[number]):
        if isinstance(one, pikepdf.ContentStreamInlineImage):
            try:
                yield np.asarray(one.iimage.as_pil_image().convert("L"), np.uint8)
            except Exception:  # noqa: BLE001 pikepdf's errors of images have no common base
                yield None


def _lost(check: _Check, lost: Sequence[Pixels]) -> Iterator[Finding]:
    """Images that no page draws, read by themselves."""
    for pixels in lost:
        told = min(pixels.shape) >= _LEAST_SIDE and int(pixels.max()) - int(pixels.min()) > _FLAT
        if told and check.reads(pixels, _dpi_of(pixels)):
            yield Finding("public-image")


def _findings(check: _Check) -> Iterator[Finding]:
    yield from _carried(check)
    yield from _texts(check)
    found = tuple(_elsewhere(check))
    lost = tuple(pixels for pixels in found if pixels is not None)
    if len(lost) < len(found):
        yield Finding("public-image")
    yield from _pages(check, lost)
    yield from _lost(check, lost)


def _revisions(data: bytes) -> Iterator[bytes]:
    """The file, then what it was before each update that was appended to it."""
    yield data
    at, ends = data.find(_END), list[int]()
    while at >= 0:
        ends.append(at + len(_END))
        at = data.find(_END, at + 1)
    for end in ends[:-1][-_MOST_REVISIONS:]:
        yield data[:end] + b"\n"


def _checked(data: bytes, gone: Gone, reader: Reader) -> tuple[Finding, ...]:
    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            shown = pdfium.PdfDocument(data)
            try:
                return each_once(_findings(_Check(data, pdf, shown, gone, reader)))
            finally:
                shown.close()
    except DAMAGED as error:
        return (Finding("public-damaged", None, {"why": type(error).__name__}),)


def check_redaction(
    pdf: Path,
    gone: Sequence[str],
    reader: Reader | None = None,
    allowed: Collection[str] = (),
) -> tuple[Finding, ...]:
    """What is wrong with the redaction of any PDF, given the values that had to go from it.

    Empty where nothing is. `reader` reads images again, the archive's own engine by default;
    `allowed` are words of names that may stay. Findings name places, never values. Raises OSError
    for a file that is not there.
    """
    data, wanted = pdf.read_bytes(), gone_of(gone, allowed)
    eyes = reader or page_reader(Settings())
    first, *earlier = _revisions(data)
    found = list(_checked(first, wanted, eyes))
    for revision in earlier:
        older = _checked(revision, wanted, eyes)
        if any(finding.code != "public-damaged" for finding in older):
            found.append(Finding("public-structure", None, {"what": "earlier revision"}))
    return each_once(iter(found))
