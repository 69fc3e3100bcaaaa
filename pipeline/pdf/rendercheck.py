"""Whether a finished PDF shows its pages: their number, and of a sample size and look."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
import pypdfium2 as pdfium

from pipeline.layers.types import Layered, unpack
from pipeline.pdf.document import PdfPage, media_of
from pipeline.raster import Pixels

_SIZE_POINTS = 0.02
_DRAWN_POINTS, _DRAWN_SHARE = 1.0, 0.01
_FEW_PAGES = 2
_EVERY = 8
_PLAIN = 2.0
_LEAST_LIKENESS = 0.8
_MOST_APART = 16.0
_SMOOTH = (3, 3)
_PIXELS = 8.0


def _sample(count: int) -> tuple[int, ...]:
    """All pages of a short document; of a long one the first, the last and every eighth."""
    if count <= _FEW_PAGES:
        return tuple(range(count))
    return tuple(sorted({0, count - 1, *range(_EVERY, count, _EVERY)}))


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


def is_like(rendered: Pixels, proof: Pixels) -> bool:
    """Whether two small grey pictures of one size show the same page.

    By the mean difference and, where there is something on the page, by their correlation.
    """
    one, other = (cv2.blur(each.astype(np.float32), _SMOOTH) for each in (rendered, proof))
    if float(np.mean(cv2.absdiff(one, other))) > _MOST_APART:
        return False
    if min(float(one.std()), float(other.std())) < _PLAIN:
        return abs(float(one.std()) - float(other.std())) < _PLAIN
    return bool(np.corrcoef(one.ravel(), other.ravel())[0, 1] >= _LEAST_LIKENESS)


def _rendered(page: pdfium.PdfPage, shape: tuple[int, ...]) -> Pixels:
    scale = max(shape[1] / page.get_width(), shape[0] / page.get_height())
    bitmap = page.render(scale=scale, grayscale=True, optimize_mode=None, draw_annots=False)
    pixels = np.asarray(bitmap.to_numpy(), np.uint8).reshape(bitmap.height, bitmap.width)
    return np.asarray(cv2.resize(pixels, (shape[1], shape[0])), np.uint8)


def _shows(page: pdfium.PdfPage, wanted: PdfPage) -> bool:
    picture = _picture(wanted)
    if picture is None:
        return True
    proof = _proof(picture)
    if not _has_size(page, wanted):
        return False
    if proof is None or min(proof.shape) < _PIXELS:
        return True
    return is_like(_rendered(page, proof.shape), proof)


def _has_size(page: pdfium.PdfPage, wanted: PdfPage) -> bool:
    media = media_of(wanted.text.size, wanted.text.dpi)
    pairs = zip(page.get_size(), media, strict=True)
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
        return tuple(place for place in places if not _shows(document[place], pages[place]))
    finally:
        document.close()


def _wrong(document: pdfium.PdfDocument, pages: Sequence[PdfPage]) -> Iterator[int]:
    sample = _sample(len(pages))
    for at in sample:
        page = document[at]
        if not _shows(page, pages[at]):
            yield at + 1
        page.close()


def wrong_pages(path: Path, pages: Sequence[PdfPage]) -> tuple[int, ...]:
    """Pages (from 1 in the document) that a PDF does not show as they are; 0 for a wrong number.

    A page that cannot be opened, and has a placeholder, is not compared.
    """
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError:
        return (0,)
    try:
        return tuple(_wrong(document, pages)) if len(document) == len(pages) else (0,)
    finally:
        document.close()
