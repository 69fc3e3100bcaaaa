"""Line pictures as the network wants them: Tesseract's own scaling, sharpening and contrast.

After Tesseract's ImageData::PreScale and NetworkIO::FromPixes, and Leptonica's pixScale.
"""

from functools import lru_cache
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.raster import Pixels

Strip: TypeAlias = NDArray[np.float32]
_Places: TypeAlias = NDArray[np.int32]
_Counts: TypeAlias = NDArray[np.int32]

HEIGHT = 36
FRAME = 3
NARROWEST = 4
_WIDEST = 1 << 14
_SUBPIXELS = 16
_BY_AREA, _UNSHARPENED, _BLURRED = 0.7, 1.4, 0.2
_DARK_SHARE, _LIGHT_SHARE = 0.25, 0.75
_LEVELS = 128
_LEAST_CONTRAST = 0.4
_POWERS = (2, 4, 8, 16)
_GREYS = np.arange(256, dtype=np.float32)


def _begins(length: int, target: int) -> _Places:
    """The places where target pixels begin, in sixteenths of a pixel."""
    step = np.float32(_SUBPIXELS * length / target)
    return (step * np.arange(target, dtype=np.float32)).astype(np.int32)


def _ends(length: int, target: int) -> _Places:
    """Where they end; Leptonica reckons these in double precision, the others in single."""
    step = float(np.float32(_SUBPIXELS * length / target))
    return (step * np.arange(1, target + 1)).astype(np.int32)


def _halved(image: Pixels) -> Pixels:
    height, width = image.shape[0] // 2, image.shape[1] // 2
    quads = image[: 2 * height, : 2 * width].reshape(height, 2, width, 2)
    halved: Pixels = (quads.sum(axis=(1, 3), dtype=np.uint16) >> 2).astype(np.uint8)
    return halved


def _covered(image: _Counts, begins: _Places, ends: _Places) -> _Counts:
    """Along the first axis: sums of what each target pixel covers, in sixteenths."""
    lead = np.zeros((len(image) + 2, image.shape[1]), np.int32)
    np.cumsum(image, axis=0, out=lead[1:-1])
    lead[-1] = lead[-2]

    def before(places: _Places) -> _Counts:
        whole, part = places >> 4, (places & 15)[:, None]
        sums: _Counts = lead[whole] * (_SUBPIXELS - part) + lead[whole + 1] * part
        return sums

    return before(ends) - before(begins)


@lru_cache(maxsize=256)
def _shares(height: int) -> Strip:
    """Of each row, how many sixteenths each of the network's rows covers (height x 36)."""
    begins, ends = _begins(height, HEIGHT), _ends(height, HEIGHT)
    row = _SUBPIXELS * np.arange(height)[:, None]
    covered = np.minimum(ends, row + _SUBPIXELS) - np.maximum(begins, row)
    shares: Strip = np.maximum(covered, 0).astype(np.float32)
    return shares


def _by_area(image: Pixels, width: int) -> Pixels:
    """Every target pixel is the mean of what it covers; at the last pixels one source pixel."""
    tops, bottoms = _begins(image.shape[0], HEIGHT), _ends(image.shape[0], HEIGHT)
    lefts, rights = _begins(image.shape[1], width), _ends(image.shape[1], width)
    down = (image.T.astype(np.float32) @ _shares(image.shape[0])).astype(np.int32)
    sums = _covered(down, lefts, rights)
    area = (rights - lefts)[:, None] * (bottoms - tops).astype(np.float64)
    made: Pixels = ((sums + 128) / area).astype(np.uint8).T
    low = bottoms >> 4 > image.shape[0] - 2
    right = rights >> 4 > image.shape[1] - 2
    made[low] = image[tops[low] >> 4][:, lefts >> 4]
    made[:, right] = image[tops >> 4][:, lefts[right] >> 4]
    return made


def _shrunk(image: Pixels, width: int) -> Pixels:
    """By half, a quarter … Leptonica takes means of four; else it weighs areas."""
    times = image.shape[0] // HEIGHT
    if image.shape[0] % HEIGHT or times not in _POWERS or image.shape[1] < times * NARROWEST:
        return _by_area(image, width)
    while image.shape[0] > HEIGHT:
        image = _halved(image)
    return image


def _linear(image: Pixels, width: int) -> Pixels:
    """Between the four pixels round each place, to a sixteenth of a pixel."""
    rows, columns = _begins(image.shape[0], HEIGHT), _begins(image.shape[1], width)
    wide = image.astype(np.uint16)
    part = (rows & 15).astype(np.uint16)[:, None]
    above, below = rows >> 4, np.minimum((rows >> 4) + 1, image.shape[0] - 1)
    mixed = np.ascontiguousarray((wide[above] * (16 - part) + wide[below] * part).T)
    part = (columns & 15).astype(np.uint16)[:, None]
    left, right = columns >> 4, np.minimum((columns >> 4) + 1, image.shape[1] - 1)
    # at most 255 * 256 + 128: sixteen bits hold it
    both = mixed[left] * (16 - part) + mixed[right] * part + np.uint16(128)
    made: Pixels = (both >> 8).astype(np.uint8).T
    return made


def _sharpened(image: Pixels, reach: int, share: float) -> Pixels:
    """Unsharp mask; the outermost `reach` pixels stay as they are."""
    side = 2 * reach + 1
    around = cv2.boxFilter(image, cv2.CV_32F, (side, side), normalize=False)
    sharp = cv2.addWeighted(image.astype(np.float32), 1 + share, around, -share / side**2, 0)
    whole = image.copy()
    inner = (slice(reach, -reach), slice(reach, -reach))
    whole[inner] = np.clip(sharp[inner] + 0.5, 0, 255).astype(np.uint8)
    return whole


def scaled(crop: Pixels) -> Pixels:
    """The crop at the network's height, as Leptonica's pixScale makes it (within a grey level)."""
    image = np.ascontiguousarray(crop)
    factor = np.float32(HEIGHT / image.shape[0])
    width = int(factor * np.float32(image.shape[1]) + np.float32(0.5))
    width = min(_WIDEST, max(NARROWEST, width))
    if factor >= _BY_AREA:
        made = image if image.shape == (HEIGHT, width) else _linear(image, width)
        return _sharpened(made, 2, 0.4) if factor < _UNSHARPENED and factor != 1 else made
    made = _shrunk(image, width)
    return _sharpened(made, 1, 0.2) if factor > _BLURRED else made


def _quantile(values: Pixels, share: float, empty: float) -> float:
    """As Tesseract's STATS::ile: linear within the grey level that holds the place."""
    if not len(values):
        return empty
    counts = np.bincount(values, minlength=256)
    total = len(values)
    target = min(max(int(share * total + 0.5), 1), total)
    sums = np.cumsum(counts)
    level = int(np.searchsorted(sums, target))
    return float(level + 1 - (sums[level] - target) / counts[level])


def _extremes(row: Pixels) -> tuple[Pixels, Pixels]:
    """The row's valleys and its peaks."""
    before, here, after = row[:-2], row[1:-1], row[2:]
    valleys = ((here < before) & (here <= after)) | ((here <= before) & (here < after))
    peaks = ((here > before) & (here >= after)) | ((here >= before) & (here > after))
    return here[valleys], here[peaks]


def _black_white(image: Pixels) -> tuple[float, float]:
    """Of the row in the middle: the dark quartile of its valleys, the light one of its peaks.

    So far Tesseract. In a line of few words far apart the paper's grain has most of the valleys,
    and ink and paper's shades would both be black; then only valleys of ink count.
    """
    valleys, peaks = _extremes(image[image.shape[0] // 2])
    black = _quantile(valleys, _DARK_SHARE, 0)
    white = _quantile(peaks, _LIGHT_SHARE, 255)
    dark, light = int(image.min()), int(image.max())
    if white - black < _LEAST_CONTRAST * (light - dark):
        ink = valleys[valleys < (dark + light) / 2]
        black = _quantile(ink, _DARK_SHARE, dark)
    return black, white


def strip_of(crop: Pixels) -> Strip:
    """36 x W floats, about -1 (ink) to 1 (paper), from a grey line, dark on white, of any size.

    The crop should hold four pixels round the line's letters, as Tesseract's do; the network
    pads with zeros beyond it.
    """
    image = scaled(crop)
    black, white = _black_white(image)
    contrast = max(white - black, 0) / 2 or 1.0
    levels = np.rint((_GREYS - black) * (_LEVELS / contrast) - _LEVELS)
    limit = _LEVELS - 1
    table = np.clip(levels, -limit, limit).astype(np.float32) * np.float32(1 / limit)
    return np.asarray(cv2.LUT(image, table), np.float32)
