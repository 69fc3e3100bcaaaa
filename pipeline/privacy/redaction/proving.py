"""The proof that a public copy holds nothing of what had to go, made on the finished file.

Nothing is taken from how the copy was made: its bytes, objects, texts and pictures are looked at
as a stranger would, and its redacted pages are read again.
"""

import zlib
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pypdfium2 as pdfium

from pipeline.imaging.raster import Pixels
from pipeline.privacy.redaction.gone import PARTING, Gone, folded, gone_of
from pipeline.privacy.redaction.picture import digest_of
from pipeline.privacy.redaction.placing import Drawn, drawn_images, masks_of
from pipeline.privacy.redaction.seeing import (
    LEGIBLE_DPI,
    Seen,
    image_pixels,
    is_black,
    is_flat_below,
    laid_out,
    rendered,
    resolution,
    shows_more,
)
from pipeline.privacy.redaction.strings import (
    file_texts,
    object_strings,
    page_texts,
    raw_bytes,
    stream_texts,
)
from pipeline.privacy.redaction.structure import file_findings, object_findings
from pipeline.privacy.redaction.types import ProvedPage, Reader
from schemas.geometry import Affine, Box
from schemas.records import Finding

_MOST_FINDINGS = 50
_WHITE = 255
_DARK = 90
_OUTSIDE = 2.0
DAMAGED = (
    pikepdf.PdfError,
    pdfium.PdfiumError,
    cv2.error,
    zlib.error,
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What hostile or broken files make of the libraries that open them."""


@dataclass(frozen=True, slots=True)
class _Proof:
    """One copy under proof: opened twice, by qpdf and by pdfium."""

    pdf: pikepdf.Pdf
    shown: pdfium.PdfDocument
    gone: Gone
    reader: Reader


def _letters(text: str) -> Counter[str]:
    return Counter(c for c in folded(text) if c.isalnum())


def _texts(copy: Path, proof: _Proof, pages: Sequence[ProvedPage]) -> Iterator[Finding]:
    """All text of the copy: of each page, of its objects, of its bytes."""
    for number, (text, page) in enumerate(zip(page_texts(copy), pages, strict=True), 1):
        if proof.gone.in_text(text):
            yield Finding("public-text", number, {"what": "text layer"})
        if page.picture and _letters(text) - _letters(page.text.plain):
            yield Finding("public-words", number)
    yield from carried_texts(proof.pdf, copy.read_bytes(), proof.gone)


def carried_texts(pdf: pikepdf.Pdf, data: bytes, gone: Gone) -> Iterator[Finding]:
    """Values in a file's objects, in its streams, or in its bytes whatever they belong to."""
    if gone.in_text(PARTING.join(object_strings(pdf))):
        yield Finding("public-text", None, {"what": "objects"})
    streams = dict.fromkeys(stream_texts(pdf))
    if gone.in_text(PARTING.join(streams), code=True):
        yield Finding("public-text", None, {"what": "streams"})
    others = dict.fromkeys(text for text in file_texts(data) if text not in streams)
    if gone.in_text(PARTING.join(others), code=True):
        yield Finding("public-text", None, {"what": "bytes"})


def _streams(drawn: Sequence[Drawn]) -> Iterator[bytes]:
    for one in drawn:
        yield raw_bytes(one.image)
        yield from (raw_bytes(mask) for mask in masks_of(one.image))


def _beyond(place: Affine, seen: Seen) -> bool:
    """Whether an image reaches beyond the page."""
    corners = [place.point(x, y) for x in (0, 1) for y in (0, 1)]
    size = seen.size
    return any(max(-x, -y, x - size.width, y - size.height) > _OUTSIDE for x, y in corners)


def _seen(proof: _Proof, number: int, page: ProvedPage) -> Seen:
    """The page as it is shown, in pixels of its page image."""
    shown = proof.shown[number - 1]
    try:
        seen = rendered(shown, page.text.size.width / shown.get_width())
    finally:
        shown.close()
    size = page.text.size
    return replace(seen, pixels=seen.pixels[: size.height, : size.width])


def _as_seen(page: ProvedPage, seen: Seen) -> ProvedPage:
    """A page whose rectangles are in pixels of what is seen of it: of a very large page, fewer."""
    factor = seen.size.width / page.text.size.width
    if not page.picture or abs(factor - 1) * page.text.size.width <= 1:
        return page
    return replace(page, hidden=tuple(_smaller(box, factor) for box in page.hidden))


def _smaller(box: Box, factor: float) -> Box:
    left, top = ceil(box.x * factor), ceil(box.y * factor)
    right, bottom = floor((box.x + box.w) * factor), floor((box.y + box.h) * factor)
    return Box(left, top, max(1, right - left), max(1, bottom - top))


def _boxes(seen: Seen, page: ProvedPage, number: int) -> Iterator[Finding]:
    if any(not is_black(seen.pixels, box) for box in page.hidden):
        yield Finding("public-box", number)


def _bars_away(pixels: Pixels, page: ProvedPage) -> Pixels:
    """What is left to read beside the rectangles that are black."""
    left = pixels.copy()
    for box in (box for box in page.hidden if is_black(pixels, box)):
        left[box.y : box.y + box.h, box.x : box.x + box.w] = _WHITE
    return left


def reads(reader: Reader, gone: Gone, pixels: Pixels, dpi: int) -> bool:
    """Whether anything that had to go can be read in an image, of a dark one in its negative."""
    dark = float(pixels[::4, ::4].mean()) < _DARK
    seen = cv2.bitwise_not(pixels) if dark else pixels
    return gone.in_text(reader(np.asarray(seen, np.uint8), dpi).plain, lenient=True)


def _image(
    proof: _Proof, image: pikepdf.Object, place: Affine, seen: Seen, page: ProvedPage
) -> str | None:
    """What is wrong with an image under the page: a finding's code.

    One that shows nothing else than the page does is not read by itself.
    """
    pixels = image_pixels(image)
    if pixels is None:
        return "public-picture"
    if resolution(pixels, place, seen.dpi) < LEGIBLE_DPI:
        return None
    below = laid_out(pixels, place, seen.size)
    if not all(is_flat_below(below, box) for box in page.hidden):
        return "public-covered"
    if shows_more(seen.pixels, below) and reads(proof.reader, proof.gone, pixels, seen.dpi):
        return "public-picture"
    return None


def _redacted(proof: _Proof, page: ProvedPage, number: int) -> Iterator[Finding]:
    """A page with rectangles, or of which no picture is known: looked at and read again."""
    seen = _seen(proof, number, page) if page.picture else _whole(proof, number)
    page = _as_seen(page, seen)
    yield from _boxes(seen, page, number)
    for drawn in drawn_images(proof.pdf, number - 1):
        place = seen.placed(drawn.place)
        if _beyond(place, seen):
            yield Finding("public-covered", number)
        for image in (drawn.image, *masks_of(drawn.image)):
            code = _image(proof, image, place, seen, page)
            if code:
                yield Finding(code, number)
    if reads(proof.reader, proof.gone, _bars_away(seen.pixels, page), seen.dpi):
        yield Finding("public-picture", number)


def _whole(proof: _Proof, number: int) -> Seen:
    """A page that stands for one which cannot be opened, at 150 dpi."""
    shown = proof.shown[number - 1]
    try:
        return rendered(shown, 150 / 72)
    finally:
        shown.close()


def _pictures(proof: _Proof, pages: Sequence[ProvedPage]) -> Iterator[Finding]:
    for number, page in enumerate(pages, 1):
        if page.hidden or not page.picture:
            yield from _redacted(proof, page, number)
    yield from _changed(proof, pages)


def _changed(proof: _Proof, pages: Sequence[ProvedPage]) -> Iterator[Finding]:
    """Pages whose images are not, bit for bit, those that they should be."""
    for number, page in enumerate(pages, 1):
        if (
            page.picture
            and digest_of(_streams(drawn_images(proof.pdf, number - 1))) != page.picture
        ):
            yield Finding("public-changed", number)


def _findings(copy: Path, proof: _Proof, pages: Sequence[ProvedPage]) -> Iterator[Finding]:
    if not len(proof.pdf.pages) == len(proof.shown) == len(pages):
        yield Finding("public-structure", None, {"what": "pages"})
        return
    yield from file_findings(copy.read_bytes(), proof.pdf)
    yield from object_findings(proof.pdf)
    yield from _texts(copy, proof, pages)
    yield from _pictures(proof, pages)


def each_once(findings: Iterator[Finding]) -> tuple[Finding, ...]:
    """Without repetitions; no more than somebody will read."""
    told: dict[str, Finding] = {}
    for finding in findings:
        told.setdefault(repr(finding), finding)
        if len(told) >= _MOST_FINDINGS:
            break
    return tuple(told.values())


def prove(
    copy: Path,
    pages: Sequence[ProvedPage],
    gone: Sequence[str],
    reader: Reader,
    allowed: Collection[str] = (),
) -> tuple[Finding, ...]:
    """What speaks against publishing a copy made by `write_public_copy`; empty: it is proved.

    `pages` are what each page has to show (`to_prove`), in order; `gone` the values that had to
    go; `allowed` words of names that may stay (officials'). Findings name places, never values;
    their pages count in the copy, from 1. A file that cannot be looked through is no proof:
    `public-damaged`. Raises OSError for a file that is not there.
    """
    copy.stat()
    try:
        with pikepdf.open(copy) as pdf:
            shown = pdfium.PdfDocument(copy)
            try:
                proof = _Proof(pdf, shown, gone_of(gone, allowed), reader)
                return each_once(_findings(copy, proof, pages))
            finally:
                shown.close()
    except DAMAGED as error:
        return (Finding("public-damaged", None, {"why": type(error).__name__}),)
