"""The compressed forms of a page's images, and back."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, TiffImagePlugin

from pipeline.imaging.raster import Pixels
from pipeline.layers.jbig2 import encode_jbig2
from pipeline.layers.jpegfile import read_header
from pipeline.layers.types import Raster
from schemas.errors import PageFailedError

_WIDTH, _HEIGHT, _PHOTOMETRIC, _OFFSETS, _ROWS_PER_STRIP, _COUNTS = 256, 257, 262, 273, 278, 279
_PNG_HEAD = 8
_DEFLATE = 4
_MOST_JBIG2_PIXELS = 80_000_000  # its coder takes six bytes for each
_MOST_FITTED = 120_000_000  # samples; all are kept until the tables are known
_SHARP_COLOUR = 0x111111  # no chroma subsampling


def encode_g4(ink: Pixels) -> Raster:
    """Bitonal, every pixel kept; ink is whatever is not 0."""
    height, width = ink.shape
    image = Image.frombytes("1", (width, height), np.ascontiguousarray(ink), "raw", "1;8")
    target = BytesIO()
    image.save(target, "TIFF", compression="group4", tiffinfo={_ROWS_PER_STRIP: height})
    data = target.getvalue()
    tags = TiffImagePlugin.TiffImageFile(BytesIO(data)).tag_v2
    (start,), (length,) = tags[_OFFSETS], tags[_COUNTS]
    return Raster("g4", width, height, 1, data[start : start + length])


def bit_encoder(folder: Path) -> Callable[[Pixels], Raster]:
    """JBIG2 where its coder can be made, or is in the folder; else, and for A0, group 4."""

    def encode(ink: Pixels) -> Raster:
        small = ink.size <= _MOST_JBIG2_PIXELS
        return (encode_jbig2(ink, folder) if small else None) or encode_g4(ink)

    return encode


def encode_jpeg(pixels: Pixels, quality: int, *, sharp_colour: bool = False) -> Raster:
    """A baseline JPEG of a grey or BGR image, its tables fitted to it unless it is very large."""
    fitted = int(pixels.size <= _MOST_FITTED)
    options = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_OPTIMIZE, fitted]
    if sharp_colour:
        options += [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, _SHARP_COLOUR]
    _, data = cv2.imencode(".jpg", pixels, options)
    height, width = pixels.shape[:2]
    return Raster("jpeg", width, height, _components(pixels), data.tobytes())


def encode_lossless(pixels: Pixels) -> Raster:
    """Deflated rows with PNG's predictors, as PDF takes them."""
    _, file = cv2.imencode(".png", pixels, (cv2.IMWRITE_PNG_COMPRESSION, _DEFLATE))
    height, width = pixels.shape[:2]
    return Raster("png", width, height, _components(pixels), _image_data(file.tobytes()))


def _components(pixels: Pixels) -> int:
    return 1 if pixels.ndim == 2 else 3  # noqa: PLR2004 two axes


def _image_data(png: bytes) -> bytes:
    """The IDAT chunks of a PNG, joined."""
    parts, at = [], _PNG_HEAD
    while at < len(png):
        length = int.from_bytes(png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            parts.append(png[at + 8 : at + 8 + length])
        at += length + 12
    return b"".join(parts)


def own_jpeg(data: bytes) -> Raster | None:
    """A JPEG stream as it is, where every reader of PDFs shows it; else None."""
    header = read_header(data)
    if header is None or not header.plain:
        return None
    return Raster("jpeg", header.width, header.height, header.components, data)


def own_g4(data: bytes) -> Raster | None:
    """The strip of a TIFF that is one strip of group 4, as it is; else None."""
    try:
        with TiffImagePlugin.TiffImageFile(BytesIO(data)) as tiff:
            tags = dict(tiff.tag_v2)
        (start,), (length,) = tags[_OFFSETS], tags[_COUNTS]
    except (OSError, SyntaxError, KeyError, ValueError):
        return None
    strip = data[start : start + length]
    return Raster("g4", tags[_WIDTH], tags[_HEIGHT], 1, strip, bool(tags[_PHOTOMETRIC]))


def decode_jpeg(raster: Raster) -> Pixels:
    """Grey or BGR; raises PageFailedError for a stream that cannot be shown."""
    flag = cv2.IMREAD_GRAYSCALE if raster.components == 1 else cv2.IMREAD_COLOR_BGR
    flag |= cv2.IMREAD_IGNORE_ORIENTATION
    pixels = cv2.imdecode(np.frombuffer(raster.data, np.uint8), flag)
    if pixels is None:
        raise PageFailedError("image-damaged")
    return np.asarray(pixels, np.uint8)
