"""One page of a PDF: the scanned image itself where the page is nothing else, or drawn."""

import ctypes
import io
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_raw
from PIL import Image

from scanners.pages.raster import (
    JPEG_FLAGS,
    MEGA,
    TURNED,
    PageImage,
    Pixels,
    check_size,
    exif_orientation,
    finish,
    orient,
)
from schemas.errors import PageFailedError
from schemas.geometry import Size
from schemas.settings import Settings

POINTS = 72.0
LEAST_RENDER_DPI = 72.0
_MOST_RENDER_DPI = 600.0
_EDGE = 0.03
_STRAIGHT = 0.002
_MOST_OBJECTS = 20_000
_INVISIBLE = (3, 7)
_BITONAL = frozenset({"CCITTFaxDecode", "JBIG2Decode"})
_MASKS = ("/SMask", "/Mask", "/ImageMask", "/SMaskInData")
_DIRECT_COLOURS = frozenset({"/DeviceGray", "/DeviceRGB", "/CalGray", "/CalRGB", "/ICCBased"})
_HARMLESS_NOTES = frozenset({pdfium_raw.FPDF_ANNOT_LINK, pdfium_raw.FPDF_ANNOT_POPUP})
_TO_BGR = {3: None, 4: cv2.COLOR_BGRA2BGR}
_TURNS = {0: 1, 90: 6, 180: 3, 270: 8}


class _Nature(Enum):
    """Whether an image's JPEG is its colours, its bitmap is, or neither (masks)."""

    PLAIN = 1
    OTHER = 2
    MASKED = 3


@dataclass(frozen=True, slots=True)
class _Scan:
    """The one image of a page: the object, how it lies (an EXIF orientation), inches it covers."""

    image: pdfium.PdfImage
    orientation: int
    width: float
    height: float
    alone: bool


@contextmanager
def open_pdf(path: Path, *, mended: bool = False) -> Iterator[pdfium.PdfDocument]:
    """A PDF in pdfium, or a copy in memory that qpdf mended; raises PdfiumError or PdfError."""
    document = pdfium.PdfDocument(_mended(path) if mended else path)
    try:
        yield document
    finally:
        document.close()


def _mended(path: Path) -> bytes:
    copy = io.BytesIO()
    with pikepdf.open(path) as document:
        len(document.pages)
        document.save(copy)
    return copy.getvalue()


def top_objects(page: pdfium.PdfPage) -> tuple[pdfium.PdfObject, ...]:
    """The page's objects, those within forms left in their form; too many raise."""
    if pdfium_raw.FPDFPage_CountObjects(page) > _MOST_OBJECTS:
        return ()
    return tuple(page.get_objects(max_depth=1))


def is_unseen(mode: int) -> bool:
    """Whether a text rendering mode shows nothing."""
    return mode in _INVISIBLE


def _is_unseen(item: pdfium.PdfObject) -> bool:
    if item.type == pdfium_raw.FPDF_PAGEOBJ_TEXT:
        return is_unseen(pdfium_raw.FPDFTextObj_GetTextRenderMode(item))
    return False


def has_notes(page: pdfium.PdfPage) -> bool:
    """Whether anything but links lies upon the page: stamps, fields, signatures."""
    for number in range(pdfium_raw.FPDFPage_GetAnnotCount(page)):
        note = pdfium_raw.FPDFPage_GetAnnot(page, number)
        kind = pdfium_raw.FPDFAnnot_GetSubtype(note)
        pdfium_raw.FPDFPage_CloseAnnot(note)
        if kind not in _HARMLESS_NOTES:
            return True
    return False


def _lie(matrix: tuple[float, ...]) -> int | None:
    """How an image lies on the page as an EXIF orientation; None where it is skewed."""
    a, b, c, d, _, _ = matrix
    across, along = max(abs(a), abs(d)), max(abs(b), abs(c))
    if along <= _STRAIGHT * across:
        return {(True, True): 1, (False, True): 2, (False, False): 3, (True, False): 4}[
            a > 0, d > 0
        ]
    if across <= _STRAIGHT * along:
        return {(True, False): 8, (False, True): 6}.get((b > 0, c > 0))
    return None


def _covers(matrix: tuple[float, ...], page: pdfium.PdfPage) -> bool:
    """Whether an image's box is the page's visible box, within three parts in a hundred."""
    a, b, c, d, e, f = matrix
    left, bottom, right, top = page.get_bbox()
    xs, ys = sorted((e, e + a + c)), sorted((f, f + b + d))
    wide, high = right - left, top - bottom
    off = (abs(xs[0] - left), abs(xs[1] - right)), (abs(ys[0] - bottom), abs(ys[1] - top))
    return bool(max(off[0]) <= _EDGE * wide and max(off[1]) <= _EDGE * high)


def _scan(page: pdfium.PdfPage) -> _Scan | None:
    """The image that the page is, if it is one; `alone` when nothing visible lies upon it."""
    items = [item for item in top_objects(page) if not _is_unseen(item)]
    images = [item for item in items if item.type == pdfium_raw.FPDF_PAGEOBJ_IMAGE]
    if len(images) != 1:
        return None
    matrix = images[0].get_matrix().get()
    orientation = _lie(matrix)
    if orientation is None or not _covers(matrix, page):
        return None
    a, b, c, d, _, _ = matrix
    width, height = np.hypot(a, b) / POINTS, np.hypot(c, d) / POINTS
    alone = len(items) == 1 and not has_notes(page)
    return _Scan(images[0], orientation, float(width), float(height), alone)


def _bitmap(bitmap: pdfium.PdfBitmap) -> Pixels:
    """A bitmap of pdfium's as grey or BGR, copied."""
    array = bitmap.to_numpy()
    if array.ndim == 2 or array.shape[2] == 1:  # noqa: PLR2004 two dimensions: grey
        return np.array(array.reshape(array.shape[:2]), dtype=np.uint8)
    conversion = _TO_BGR[array.shape[2]]
    plain = np.array(array) if conversion is None else cv2.cvtColor(array, conversion)
    return np.asarray(plain, dtype=np.uint8)


def _nature(path: Path, number: int) -> _Nature:
    """What qpdf says of the page's image resources."""
    try:
        with pikepdf.open(path) as document:
            images = tuple(document.pages[number].get_images(recursive=False).values())
            if not images or any(key in image for image in images for key in _MASKS):
                return _Nature.MASKED
            return _Nature.PLAIN if len(images) == 1 and _is_plain(images[0]) else _Nature.OTHER
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError, RuntimeError):
        return _Nature.MASKED


def _is_plain(image: pikepdf.Object) -> bool:
    """Whether the samples of a JPEG are the colours: no inversion, no palette."""
    if "/Decode" in image or "/ColorTransform" in str(image.get("/DecodeParms", "")):
        return False
    space = image.get("/ColorSpace")
    name = space[0] if isinstance(space, pikepdf.Array) and len(space) else space
    return str(name) in _DIRECT_COLOURS


def _jpeg_data(scan: _Scan) -> bytes | None:
    filters = scan.image.get_filters()
    if not filters or filters[-1] != "DCTDecode" or "DCTDecode" in filters[:-1]:
        return None
    data = scan.image.get_data(decode_simple=True)
    return ctypes.string_at(data, len(data))


def _jpeg_pixels(data: bytes, size: tuple[int, int]) -> Pixels | None:
    """Grey or BGR of an upright JPEG of that size (width, height)."""
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as picture:
        if picture.mode not in JPEG_FLAGS or picture.size != size or exif_orientation(picture) != 1:
            return None
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), JPEG_FLAGS[picture.mode])
    return None if pixels is None else np.asarray(pixels, dtype=np.uint8)


def _drawn(page: pdfium.PdfPage, dpi: float, settings: Settings) -> PageImage:
    width, height = page.get_size()
    dpi = fitting_dpi(width, height, dpi, settings)
    bitmap = page.render(scale=dpi / POINTS, may_draw_forms=True, rev_byteorder=False)
    return finish(_bitmap(bitmap), (dpi, dpi), settings)


def fitting_dpi(width: float, height: float, dpi: float, settings: Settings) -> float:
    """The resolution, at most `dpi`, at which a page (points) stays within the pixel limit.

    Raises PageFailedError("too-many-pixels") below 72 dpi.
    """
    area = max(width * height, 1.0) / POINTS**2
    fits: float = min(dpi, (settings.max_megapixels * MEGA * 0.99 / area) ** 0.5)
    if fits < LEAST_RENDER_DPI:
        raise PageFailedError("too-many-pixels", n=settings.max_megapixels)
    return fits


def _native_dpi(scan: _Scan, settings: Settings) -> float:
    width, _ = scan.image.get_px_size()
    native = width / max(scan.width, 1e-6)
    return float(min(max(native, LEAST_RENDER_DPI), max(_MOST_RENDER_DPI, settings.render_dpi)))


def _own_pixels(scan: _Scan, nature: _Nature) -> tuple[Pixels, bytes | None]:
    """The scan's pixels, and its JPEG stream where they are just that."""
    jpeg = _jpeg_data(scan) if nature is _Nature.PLAIN else None
    pixels = _jpeg_pixels(jpeg, scan.image.get_px_size()) if jpeg else None
    if pixels is None:
        return _bitmap(scan.image.get_bitmap()), None
    return pixels, jpeg


def _extracted(scan: _Scan, nature: _Nature, page: pdfium.PdfPage, settings: Settings) -> PageImage:
    """The scan's own pixels, turned as the page shows them."""
    size = scan.image.get_px_size()
    check_size(size[0], size[1], settings)
    pixels, jpeg = _own_pixels(scan, nature)
    turn = _TURNS.get(page.get_rotation(), 1)
    told = (size[0] / scan.width, size[1] / scan.height)
    sideways = (scan.orientation in TURNED) != (turn in TURNED)
    untouched = scan.orientation == 1 and turn == 1
    return finish(
        orient(orient(pixels, scan.orientation), turn),
        told[::-1] if sideways else told,
        settings,
        jpeg=jpeg if untouched else None,
        bitonal=bool(_BITONAL & set(scan.image.get_filters())),
    )


def _with_fields(document: pdfium.PdfDocument) -> None:
    """Lets filled form fields be drawn; dynamic XFA forms show their static page."""
    if document.get_formtype() == pdfium_raw.FORMTYPE_ACRO_FORM:
        document.init_forms()


def _page(path: Path, number: int, settings: Settings, *, mended: bool) -> PageImage:
    with open_pdf(path, mended=mended) as document:
        _with_fields(document)
        page = document[number]
        scan = _scan(page)
        if scan is None:
            return _drawn(page, float(settings.render_dpi), settings)
        nature = _nature(path, number) if scan.alone else _Nature.MASKED
        if nature is _Nature.MASKED:
            return _drawn(page, _native_dpi(scan, settings), settings)
        return _extracted(scan, nature, page, settings)


@dataclass(frozen=True, slots=True)
class TextPlace:
    """From a page's own coordinates (points) to the pixels of its image, as it is shown."""

    box_of_page: tuple[float, float, float, float]
    rotation: int
    size: Size

    @property
    def turn(self) -> float:
        """Radians by which the page is shown turned, clockwise, as the angle of its text counts."""
        return math.radians(self.rotation)

    def point(self, x: float, y: float) -> tuple[float, float]:
        left, bottom, right, top = self.box_of_page
        across, up = (x - left) / (right - left), (y - bottom) / (top - bottom)
        shown = {
            90: (up, across),
            180: (1 - across, up),
            270: (1 - up, 1 - across),
        }.get(self.rotation, (across, 1 - up))
        return shown[0] * self.size.width, shown[1] * self.size.height

    def box(
        self, left: float, bottom: float, right: float, top: float
    ) -> tuple[float, float, float, float]:
        """Left, top, right, bottom in pixels."""
        xs, ys = zip(self.point(left, bottom), self.point(right, top), strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    def holds(self, box: tuple[float, float, float, float]) -> bool:
        """Whether the middle of a box in pixels is on the image."""
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        return 0 <= x <= self.size.width and 0 <= y <= self.size.height


def place_of(page: pdfium.PdfPage, path: Path, number: int, size: Size) -> TextPlace:
    """Where the page's coordinates lie on its image of that size, as `decode_pdf_page` gives it.

    Raises ValueError for a page without area.
    """
    box = page.get_bbox()
    scan = _scan(page)
    if scan is not None and scan.alone and _nature(path, number) is not _Nature.MASKED:
        box = scan.image.get_bounds()
    if box[2] <= box[0] or box[3] <= box[1]:
        raise ValueError(box)
    return TextPlace(tuple(box), page.get_rotation(), size)


def decode_pdf_page(path: Path, number: int, settings: Settings) -> PageImage:
    """The page `number` (from 0) of a PDF; raises PageFailedError or what the libraries raise."""
    try:
        return _page(path, number, settings, mended=False)
    except (pdfium.PdfiumError, IndexError):
        return _page(path, number, settings, mended=True)
