"""Whether a finished PDF shows its pages: number and sizes, and of a sample the look.

An image whose data tell its size is compared with what the PDF says of it, on every page.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium

from pipeline.imaging.raster import Pixels
from pipeline.layers.jbig2 import size_of
from pipeline.layers.jpegfile import read_header
from pipeline.layers.types import Layered, Raster, unpack
from pipeline.pdf.document import PdfPage, media_of

Floats = npt.NDArray[np.float32]

_SIZE_POINTS = 0.02
_DRAWN_POINTS, _DRAWN_SHARE = 1.0, 0.01
_EVERY = 8
_PLAIN = 2.0
_LEAST_LIKENESS = 0.8
_MOST_APART = 16.0
_SMOOTH, _SMOOTHER = (3, 3), (9, 9)
_FAINT = 16.0
_PALE, _STROKE, _TRACE = 2.0, np.ones((7, 7), np.uint8), 0.6
_PIXELS = 8.0
_FINER = 4


def _is_sampled(page: PdfPage) -> bool:
    """The first page of a unit and every eighth, whatever documents they are in."""
    return page.number % _EVERY == 1


def _picture(page: PdfPage) -> Layered | None:
    """What the page has to show; None where the document has a placeholder for it."""
    try:
        return unpack(page.picture.read_bytes()) if page.picture else None
    except ValueError:
        return None


def _proof(picture: Layered) -> Pixels | None:
    data = np.frombuffer(picture.proof, np.uint8)
    pixels = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE) if len(data) else None
    return None if pixels is None else np.asarray(pixels, np.uint8)


def _blurred(picture: Pixels | Floats, size: tuple[int, int]) -> Floats:
    return np.asarray(cv2.blur(picture.astype(np.float32), size), np.float32)


def _levelled(picture: Floats, paper: float) -> Floats:
    """The picture with light and shadow of its paper as one level; strokes, however pale, stay."""
    strokes = cv2.morphologyEx(picture, cv2.MORPH_BLACKHAT, _STROKE) > _PALE
    even = (np.abs(picture - paper) <= _FAINT) & ~strokes
    return np.where(even, np.float32(paper), picture)


def _agree(one: Floats, other: Floats, more: float = _PLAIN) -> bool:
    """By correlation; of a plain page, whether the other has less than so `more` contrast."""
    contrasts = float(one.std()), float(other.std())
    if min(contrasts) < _PLAIN:
        return abs(contrasts[0] - contrasts[1]) < more
    if max(contrasts) < _FAINT:
        one, other = _blurred(one, _SMOOTHER), _blurred(other, _SMOOTHER)
    return bool(np.corrcoef(one.ravel(), other.ravel())[0, 1] >= _LEAST_LIKENESS)


def is_like(rendered: Pixels, proof: Pixels) -> bool:
    """Whether two small grey pictures of one size show the same page.

    By the mean difference and, where there is something on the page, by their correlation. Noise is
    drawn otherwise at each size: of a picture without contrast the coarser shape has to agree.
    Paper that is nearly even is drawn as one colour: such light and shadow are left out.
    """
    one, other = _blurred(rendered, _SMOOTH), _blurred(proof, _SMOOTH)
    if float(np.mean(cv2.absdiff(one, other))) > _MOST_APART:
        return False
    paper = float(np.median(one))
    return _agree(one, other) or _agree(_levelled(one, paper), _levelled(other, paper), _TRACE)


def _rendered(page: pdfium.PdfPage, shape: tuple[int, ...], times: int = 1) -> Pixels:
    scale = times * max(shape[1] / page.get_width(), shape[0] / page.get_height())
    bitmap = page.render(scale=scale, grayscale=True, optimize_mode=None, draw_annots=False)
    pixels = np.asarray(bitmap.to_numpy(), np.uint8).reshape(bitmap.height, bitmap.width)
    how = cv2.INTER_LINEAR if times == 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(pixels, (shape[1], shape[0]), interpolation=how), np.uint8)


def _told_size(raster: Raster) -> tuple[int, int] | None:
    """Width and height as the data have them; None where they do not tell."""
    if raster.codec == "jbig2":
        return size_of(raster.data)
    header = read_header(raster.data) if raster.codec == "jpeg" else None
    return (header.width, header.height) if header else None


def _told_sizes(picture: Layered) -> tuple[tuple[Raster, tuple[int, int] | None], ...]:
    rasters = (one for layer in picture.layers for one in (layer.raster, layer.colours) if one)
    return tuple((raster, _told_size(raster)) for raster in rasters)


def _looks(page: pdfium.PdfPage, picture: Layered) -> bool:
    """Whether a page as it is drawn looks like its picture.

    PDFium draws an image that is turned by a little some of its own pixels aside, by more of them the
    more it is turned; drawn finer, these are less of the page.
    """
    proof = _proof(picture)
    if proof is None or min(proof.shape) < _PIXELS:
        return True
    return any(_is_like_aside(_rendered(page, proof.shape, times), proof) for times in (1, _FINER))


def _is_like_aside(rendered: Pixels, proof: Pixels) -> bool:
    """Whether it is like the proof where it lies, or a pixel (half a millimetre) aside."""
    height, width = proof.shape
    for down, right in sorted(
        product((-1, 0, 1), repeat=2), key=lambda way: abs(way[0]) + abs(way[1])
    ):
        own = rendered[max(0, down) : height + min(0, down), max(0, right) : width + min(0, right)]
        wanted = proof[
            max(0, -down) : height - max(0, down), max(0, -right) : width - max(0, right)
        ]
        if is_like(own, wanted):
            return True
    return False


def _shows(document: pdfium.PdfDocument, at: int, wanted: PdfPage, *, drawn: bool = True) -> bool:
    """Whether a page has its size and, where it is drawn, its look."""
    picture = _picture(wanted)
    if picture is None:
        return True
    if not _has_size(document.get_page_size(at), wanted):
        return False
    told = _told_sizes(picture)
    if any(size and size != (raster.width, raster.height) for raster, size in told):
        return False
    if not drawn and all(size for _, size in told):
        return True
    page = document[at]
    try:
        return _looks(page, picture)
    finally:
        page.close()


def _has_size(size: tuple[float, float], wanted: PdfPage) -> bool:
    media = media_of(wanted.text.size, wanted.text.dpi)
    pairs = zip(size, media, strict=True)
    if wanted.origin is not None:
        return all(abs(a - b) <= _DRAWN_POINTS + _DRAWN_SHARE * b for a, b in pairs)
    return all(abs(found - known) <= _SIZE_POINTS for found, known in pairs)


def unlike(path: Path, pages: Sequence[PdfPage], places: Sequence[int]) -> tuple[int, ...]:
    """Those of some places (from 0) at which a PDF does not show the page that should be there."""
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError:
        return tuple(places)
    try:
        if len(document) != len(pages):
            return tuple(places)
        return tuple(place for place in places if not _shows(document, place, pages[place]))
    finally:
        document.close()


def _wrong(document: pdfium.PdfDocument, pages: Sequence[PdfPage]) -> Iterator[int]:
    for at, page in enumerate(pages):
        if not _shows(document, at, page, drawn=_is_sampled(page)):
            yield at + 1


def wrong_pages(path: Path, pages: Sequence[PdfPage]) -> tuple[int, ...]:
    """Pages (from 1 in the document) that a PDF does not show as they are; 0 for a wrong number.

    A page that cannot be opened, and has a placeholder, is not compared. Drawn are every eighth
    page of the unit and those whose images do not tell their own size.
    """
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError:
        return (0,)
    try:
        return tuple(_wrong(document, pages)) if len(document) == len(pages) else (0,)
    finally:
        document.close()
