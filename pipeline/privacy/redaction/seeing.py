"""What a copy shows, and whether one of its images shows something that the page does not."""

from dataclasses import dataclass
from io import BytesIO

import cv2
import numpy as np
import pikepdf
import pypdfium2 as pdfium

from pipeline.imaging.raster import Pixels
from schemas.geometry import Affine, Box, Size

_MOST_PIXELS = 40_000_000
_MOST_SIDE = 14_000
_POINTS = 72
_MASKED = (
    "/SMask",
    "/Mask",
    "/Matte",
    "/Intent",
    "/OC",
    "/Alternates",
    "/Metadata",
    "/SMaskInData",
)
_STEP = 2
_NEAR = np.ones((7, 7), np.uint8)
_SIDE = np.ones((3, 3), np.uint8)
_EDGE, _FAINT_EDGE = 48, 24
_LEAST_LETTERS = 60  # pixels of edges at half the resolution: less is no two letters
_BLACKEST, _MARGIN = 24, 2
_RINGING = 10
LEGIBLE_DPI = 40
"""Fewer pixels an inch show no letters: as the colours that a stencil is painted in."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A rendered page: grey, top left first; `scale` pixels make a point; `box` of it in points."""

    pixels: Pixels
    scale: float
    box: tuple[float, float, float, float]

    @property
    def dpi(self) -> int:
        return max(1, round(self.scale * _POINTS))

    @property
    def size(self) -> Size:
        return Size(self.pixels.shape[1], self.pixels.shape[0])

    def placed(self, place: Affine) -> Affine:
        """From an image's unit square, y upwards, to these pixels."""
        left, _, _, top = self.box
        scale = self.scale
        return place.then(Affine(scale, 0, -left * scale, 0, -scale, top * scale))


def _grey(bitmap: pdfium.PdfBitmap) -> Pixels:
    """A copy: the bitmap's own memory goes with it."""
    pixels = np.array(bitmap.to_numpy(), np.uint8)
    return pixels.reshape(bitmap.height, bitmap.width)


def rendered(page: pdfium.PdfPage, scale: float) -> Seen:
    """All of a page, what is cropped away too, at so many pixels a point or, of a large page, fewer."""
    box = page.get_mediabox()
    page.set_cropbox(*box)
    width, height = page.get_size()
    room = (_MOST_PIXELS / max(1.0, width * height)) ** 0.5
    scale = min(scale, room, _MOST_SIDE / max(width, height, 1.0))
    bitmap = page.render(scale=scale, grayscale=True, optimize_mode=None)
    return Seen(_grey(bitmap), scale, box)


def image_pixels(image: pikepdf.Object) -> Pixels | None:
    """An image object by itself, without its masks, grey, as pdfium decodes it; None if it cannot.

    A stencil's ink is black on white.
    """
    try:
        width, height = int(image.Width), int(image.Height)
        with pikepdf.new() as alone:
            page = alone.add_blank_page(page_size=(width, height))
            copy = alone.copy_foreign(image)
            for key in _MASKED:
                if key in copy:
                    del copy[key]
            page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=copy))
            page.obj.Contents = alone.make_stream(b"q %d 0 0 %d 0 0 cm /I Do Q" % (width, height))
            data = BytesIO()
            alone.save(data, compress_streams=False)
    except (pikepdf.PdfError, AttributeError, TypeError, ValueError):
        return None
    return _first_page(data.getvalue(), width * height)


def _first_page(data: bytes, pixels: int) -> Pixels | None:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError:
        return None
    try:
        scale = min(1.0, (_MOST_PIXELS / max(1, pixels)) ** 0.5)
        bitmap = document[0].render(scale=scale, grayscale=True, optimize_mode=None)
        return _grey(bitmap)
    except pdfium.PdfiumError:
        return None
    finally:
        document.close()


def _half(pixels: Pixels) -> Pixels:
    height, width = (max(1, side // _STEP) for side in pixels.shape)
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _edges(pixels: Pixels, least: int) -> Pixels:
    steps = cv2.morphologyEx(pixels, cv2.MORPH_GRADIENT, _SIDE)
    _, edges = cv2.threshold(steps, least, 255, cv2.THRESH_BINARY)
    return np.asarray(edges, np.uint8)


def laid_out(image: Pixels, place: Affine, size: Size) -> Pixels:
    """An image's pixels where the page shows them, at half the page's resolution; white elsewhere.

    `place` brings the unit square, y upwards, to the page's pixels.
    """
    height, width = image.shape
    unit = Affine(1 / width, 0, 0, 0, -1 / height, 1)
    m = unit.then(place).then(Affine(1 / _STEP, 0, 0, 0, 1 / _STEP, 0))
    shrunk = max(1, round(1 / max(1e-6, (abs(m.a * m.e - m.b * m.d)) ** 0.5)))
    if shrunk > 1:
        small = (max(1, width // shrunk), max(1, height // shrunk))
        image = np.asarray(cv2.resize(image, small, interpolation=cv2.INTER_AREA), np.uint8)
        m = Affine(width / small[0], 0, 0, 0, height / small[1], 0).then(m)
    matrix = np.array([[m.a, m.b, m.c], [m.d, m.e, m.f]], np.float64)
    target = (max(1, size.width // _STEP), max(1, size.height // _STEP))
    laid = cv2.warpAffine(image, matrix, target, flags=cv2.INTER_LINEAR, borderValue=(255,))
    return np.asarray(laid, np.uint8)


def hidden_edges(page: Pixels, below: Pixels) -> int:
    """Pixels of edges in an image, at half the page's resolution, where the page shows none."""
    shown = cv2.dilate(_edges(_half(page), _FAINT_EDGE), _NEAR)
    height, width = (min(a, b) for a, b in zip(shown.shape, below.shape, strict=True))
    own = _edges(below, _EDGE)[:height, :width]
    return cv2.countNonZero(cv2.subtract(own, np.asarray(shown[:height, :width], np.uint8)))


def shows_more(page: Pixels, below: Pixels) -> bool:
    """Whether an image shows something that the page, over it, does not."""
    return hidden_edges(page, below) >= _LEAST_LETTERS


def resolution(image: Pixels, place: Affine, dpi: int) -> float:
    """An image's pixels an inch where a page of a resolution shows it."""
    across = (place.a**2 + place.d**2) ** 0.5
    return float(dpi * image.shape[1] / max(1.0, across))


def is_flat_below(below: Pixels, box: Box) -> bool:
    """Whether an image (at half the resolution) is of one colour where a rectangle covers it."""
    edge = _RINGING // _STEP
    top, left = box.y // _STEP + edge, box.x // _STEP + edge
    bottom, right = (box.y + box.h) // _STEP - edge, (box.x + box.w) // _STEP - edge
    inside = below[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]
    if not inside.size:
        return True
    return not cv2.countNonZero(_edges(np.ascontiguousarray(inside), _EDGE))


def is_black(page: Pixels, box: Box) -> bool:
    """Whether a rectangle is there in a rendered page, solid to its edges (2 pixels left out)."""
    edge = _MARGIN if min(box.w, box.h) > 3 * _MARGIN else 0
    inside = page[box.y + edge : box.y + box.h - edge, box.x + edge : box.x + box.w - edge]
    return bool(inside.size) and int(inside.max()) <= _BLACKEST
