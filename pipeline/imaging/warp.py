"""From the delivered image to the page image: one affine map, one resampling.

The map is in edge coordinates (the first pixel reaches from 0 to 1), so boxes map exactly.
"""

from math import ceil, cos, radians, sin

import cv2
import numpy as np

from pipeline.imaging.raster import WHITE, Pixels, grey_of, has_colour
from schemas.geometry import Affine, Size

_ROTATE = {1: cv2.ROTATE_90_CLOCKWISE, 2: cv2.ROTATE_180, 3: cv2.ROTATE_90_COUNTERCLOCKWISE}
_WARP_LIMIT = 32000
STRAIGHT = 0.03
MOST_SAMPLES = 250_000_000


def quarter_turn(turns: int, size: Size) -> tuple[Affine, Size]:
    """The map of so many clockwise quarter turns and the turned image's size."""
    w, h = size.width, size.height
    turned = (
        Affine(),
        Affine(0, -1, h, 1, 0, 0),
        Affine(-1, 0, w, 0, -1, h),
        Affine(0, 1, 0, -1, 0, w),
    )
    return turned[turns % 4], Size(h, w) if turns % 2 else size


def rotated(pixels: Pixels, turns: int) -> Pixels:
    """One to three clockwise quarter turns of an image."""
    return np.asarray(cv2.rotate(pixels, _ROTATE[turns]), dtype=np.uint8)


def _straighten(degrees: float, size: Size) -> tuple[Affine, Size]:
    c, s = cos(radians(degrees)), sin(radians(degrees))
    w = ceil(size.width * c + size.height * abs(s) - 1e-6)
    h = ceil(size.height * c + size.width * abs(s) - 1e-6)
    x, y = size.width / 2, size.height / 2
    return Affine(c, s, w / 2 - c * x - s * y, -s, c, h / 2 + s * x - c * y), Size(w, h)


def page_transform(size: Size, turns: int, degrees: float) -> tuple[Affine, Size]:
    """Map and size of the upright page with nothing cut off.

    Skews under 0.03° stay, so that an upright page keeps its very pixels. The map has the digits
    that ALTO keeps, so that a page image made again has the same pixels.
    """
    turned, turned_size = quarter_turn(turns, size)
    limit = max(size.width, size.height)
    if abs(degrees) < STRAIGHT or limit > _WARP_LIMIT:
        return turned, turned_size
    straight, straight_size = _straighten(degrees, turned_size)
    return Affine.from_text(turned.then(straight).as_text()), straight_size


def _turns_of(transform: Affine, source: Size, size: Size) -> int | None:
    same = (quarter_turn(turns, source) == (transform, size) for turns in range(4))
    return next((turns for turns, equal in enumerate(same) if equal), None)


def matrix(transform: Affine) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """The 2×3 matrix for OpenCV, which counts from pixels' centres."""
    t = Affine(c=0.5, f=0.5).then(transform).then(Affine(c=-0.5, f=-0.5))
    return np.array(((t.a, t.b, t.c), (t.d, t.e, t.f)), dtype=np.float64)


def apply_transform(pixels: Pixels, transform: Affine, size: Size) -> Pixels:
    """The page image of a delivered image (grey or BGR); what lies outside it is white."""
    source = Size(pixels.shape[1], pixels.shape[0])
    turns = _turns_of(transform, source, size)
    if turns == 0:
        return pixels
    if turns is not None:
        return rotated(pixels, turns)
    warped = cv2.warpAffine(
        pixels,
        matrix(transform),
        (size.width, size.height),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(WHITE, WHITE, WHITE),
    )
    return np.asarray(warped, dtype=np.uint8)


def page_pixels(pixels: Pixels, dpi: int, transform: Affine, size: Size) -> Pixels:
    """The page image of a delivered image, grey where the page has no colour.

    So is a very large page that has to be turned: memory has no room for its colours twice.
    """
    source = Size(pixels.shape[1], pixels.shape[0])
    room = pixels.size <= MOST_SAMPLES or _turns_of(transform, source, size) == 0
    base = pixels if room and has_colour(pixels, dpi) else grey_of(pixels)
    return apply_transform(base, transform, size)


def apply_scaled(small: Pixels, transform: Affine, factor: float, size: Size) -> Pixels:
    """The same map for a copy `factor` times smaller; edges are carried on outwards."""
    scaled = Affine(factor, 0, 0, 0, factor, 0).then(transform)
    scaled = scaled.then(Affine(1 / factor, 0, 0, 0, 1 / factor, 0))
    shape = (max(1, ceil(size.width / factor)), max(1, ceil(size.height / factor)))
    warped = cv2.warpAffine(
        small, matrix(scaled), shape, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(warped, dtype=np.uint8)
