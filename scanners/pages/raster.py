"""Pixels on their way to a page: size limits, resolution, orientation, colour or grey."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from schemas.errors import PageFailedError
from schemas.geometry import Box, Size
from schemas.records import Half
from schemas.settings import Settings

Pixels = npt.NDArray[np.uint8]

MEGA = 1_000_000
TURNED = frozenset({5, 6, 7, 8})
JPEG_FLAGS = {
    "L": cv2.IMREAD_GRAYSCALE | cv2.IMREAD_IGNORE_ORIENTATION,
    "RGB": cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION,
}
_ORIENTATION = 274
_A4_HEIGHT = 11.69
_SCREEN_DPI = frozenset({72, 96})
_LARGEST_SCREEN_PAGE = 17.0
_LEAST_DPI, _MOST_DPI = 50, 2400
_PAGE_ASPECTS = (1.28, 1.5)
_SQUARE = 1.02
_MOST_STRETCH = 4.0
_SAMPLE = 4
_COLOUR = 8
_COLOURED_SHARE = 2e-5
_ORIENTED = {
    2: (None, 1),
    3: (cv2.ROTATE_180, None),
    4: (None, 0),
    5: (cv2.ROTATE_90_CLOCKWISE, 1),
    6: (cv2.ROTATE_90_CLOCKWISE, None),
    7: (cv2.ROTATE_90_CLOCKWISE, 0),
    8: (cv2.ROTATE_90_COUNTERCLOCKWISE, None),
}


@dataclass(frozen=True, slots=True, eq=False)
class PageImage:
    """A page as delivered: pixels H×W (grey) or H×W×3 (BGR) of uint8, square, at `dpi`.

    `jpeg` is the untouched JPEG stream where the page is one JPEG image whose pixels are `pixels`
    (orientation 1); `bitonal` says that the source held black and white only. Of a spread's half
    `part` is its place in the frame, `frame` the whole frame's size.
    """

    pixels: Pixels
    dpi: int
    jpeg: bytes | None = None
    bitonal: bool = False
    part: Box | None = None
    frame: Size = Size(0, 0)


def half_of(page: PageImage, half: Half, cut: int) -> PageImage:
    """The left or right page of a frame that shows two, the right one from column `cut`."""
    height, width = page.pixels.shape[:2]
    if half is Half.WHOLE or not 0 < cut < width:
        return page
    part = Box(0, 0, cut, height) if half is Half.LEFT else Box(cut, 0, width - cut, height)
    pixels = np.ascontiguousarray(page.pixels[:, part.x : part.x + part.w])
    return PageImage(pixels, page.dpi, bitonal=page.bitonal, part=part, frame=Size(width, height))


def check_size(width: int, height: int, settings: Settings) -> None:
    """Raises PageFailedError before an impossible or too large picture is decoded."""
    if width < 1 or height < 1:
        raise PageFailedError("image-damaged")
    if width * height > settings.max_megapixels * MEGA:
        raise PageFailedError("too-many-pixels", n=settings.max_megapixels)


def exif_orientation(picture: Image.Image) -> int:
    """EXIF orientation 1 to 8; 1 where a picture does not tell, or its EXIF block is damaged."""
    try:
        return int(picture.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 a damaged EXIF block raises anything, and tells nothing
        return 1


def orient(pixels: Pixels, orientation: int) -> Pixels:
    """The picture upright as EXIF orientation 1 to 8 says; 1 and unknown ones leave it."""
    turn, flip = _ORIENTED.get(orientation, (None, None))
    turned = pixels if turn is None else cv2.rotate(pixels, turn)
    return np.asarray(turned if flip is None else cv2.flip(turned, flip), dtype=np.uint8)


def has_colour(pixels: Pixels) -> bool:
    """Whether a BGR picture shows more than greys, by a sample of one pixel in sixteen."""
    step = _SAMPLE if pixels.shape[0] * pixels.shape[1] > MEGA else 1
    sample = np.ascontiguousarray(pixels[::step, ::step])
    blue, green, red = cv2.split(sample)
    apart = cv2.max(cv2.absdiff(blue, green), cv2.absdiff(green, red))
    coloured = int(np.count_nonzero(np.asarray(apart) > _COLOUR))
    return bool(coloured > _COLOURED_SHARE * sample.shape[0] * sample.shape[1])


def _told(dpi: tuple[float, float], long_side: int) -> bool:
    """Whether a resolution can be believed; screens' 72 and 96 only for pages that paper has."""
    if not all(_LEAST_DPI <= value <= _MOST_DPI for value in dpi):
        return False
    if round(dpi[0]) in _SCREEN_DPI:
        return long_side / dpi[0] <= _LARGEST_SCREEN_PAGE
    return max(dpi) / min(dpi) <= _MOST_STRETCH


def _guessed(width: int, height: int, settings: Settings) -> float:
    """About A4 for the aspect of a page, else the default."""
    long_side, short_side = max(width, height), min(width, height)
    low, high = _PAGE_ASPECTS
    if low <= long_side / short_side <= high:
        return min(max(long_side / _A4_HEIGHT, _LEAST_DPI), _MOST_DPI)
    return float(settings.default_dpi)


def resolution(
    told: tuple[float, float] | None, width: int, height: int, settings: Settings
) -> tuple[float, float]:
    """Pixels per inch across and down: as told where that can be believed, else guessed."""
    if told and _told(told, max(width, height)):
        return told
    guess = _guessed(width, height, settings)
    return guess, guess


def _squared(pixels: Pixels, dpi: tuple[float, float], settings: Settings) -> tuple[Pixels, float]:
    """Pixels as wide as high: the coarser direction is stretched (fax: 204 × 98 dpi)."""
    finest = max(dpi)
    if finest / min(dpi) <= _SQUARE:
        return pixels, sum(dpi) / 2
    height, width = pixels.shape[:2]
    width, height = round(width * finest / dpi[0]), round(height * finest / dpi[1])
    check_size(width, height, settings)
    stretched = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(stretched, dtype=np.uint8), finest


def finish(
    pixels: Pixels,
    told: tuple[float, float] | None,
    settings: Settings,
    *,
    jpeg: bytes | None = None,
    bitonal: bool = False,
) -> PageImage:
    """The page of a picture that is upright: square pixels, grey where it has no colour."""
    height, width = pixels.shape[:2]
    if pixels.ndim > 2 and not has_colour(pixels):  # noqa: PLR2004 the third dimension is colour
        pixels = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    square, dpi = _squared(pixels, resolution(told, width, height, settings), settings)
    same = square is pixels
    return PageImage(
        np.ascontiguousarray(square),
        round(dpi),
        jpeg if same else None,
        bitonal and same,
    )
