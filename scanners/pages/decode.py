"""One page of a file as pixels. Runs in a process of its own: the bytes are anybody's.

Raises PageFailedError for whatever cannot be shown: image-damaged, too-many-pixels,
page-memory-limit, vanished.
"""

import io
from pathlib import Path
from typing import Any, BinaryIO

import cv2
import numpy as np
from PIL import Image, UnidentifiedImageError

from scanners.intake import open_source
from scanners.kinds import tiff_frames
from scanners.pages.pdf_page import decode_pdf_page
from scanners.pages.raster import (
    JPEG_FLAGS,
    TURNED,
    PageImage,
    Pixels,
    check_size,
    exif_orientation,
    finish,
    orient,
)
from schemas.errors import OpisError, PageFailedError
from schemas.settings import Settings
from schemas.sources import FileKind

__all__ = ["PageImage", "decode_page", "open_picture"]

_FORMATS = {FileKind.JPEG: "JPEG", FileKind.PNG: "PNG", FileKind.TIFF: "TIFF"}
_ALPHA = frozenset({"RGBA", "LA", "PA", "La", "RGBa"})
_BYTE = 255
_STRIP = 512
_PNG_EXIF = (b"eXIf", b"Raw profile", b"adobe.xmp")
_MORE_THAN_8_BITS = ("I", "F")


def open_picture(stream: BinaryIO, kind: FileKind) -> Image.Image:
    """A JPEG, PNG or TIFF as Pillow sees it, headers only; raises anything for hostile bytes.

    The limit on pixels is ours to check: Pillow's own would refuse at another size.
    """
    Image.MAX_IMAGE_PIXELS = None
    return Image.open(stream, formats=(_FORMATS[kind],))


def _pair(value: Any) -> tuple[float, float] | None:  # noqa: ANN401 what a file says may be anything
    try:
        return float(value[0]), float(value[1])
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return None


def _deep(values: np.ndarray[Any, Any]) -> Pixels:
    """More than 8 bits a sample to 8: 16 or 12 bits by their range, others stretched."""
    wide = np.nan_to_num(values.astype(np.float32))
    low, high = float(wide.min()), float(wide.max())
    if low >= 0 and high <= _BYTE:
        low, high = 0.0, float(_BYTE)
    elif low >= 0 and values.dtype.kind in "iu":
        low, high = 0.0, float(next((top for top in (4095, 65535) if high <= top), high))
    scaled = (wide - low) * (_BYTE / max(high - low, 1e-9))
    return np.asarray(np.clip(scaled, 0, _BYTE), dtype=np.uint8)


def _over_white(picture: Image.Image) -> Image.Image:
    layers = picture.convert("RGBA")
    white = Image.new("RGBA", layers.size, (_BYTE, _BYTE, _BYTE, _BYTE))
    return Image.alpha_composite(white, layers).convert("RGB")


def pillow_pixels(picture: Image.Image) -> Pixels:
    """Any picture of Pillow's as grey or BGR; transparency over white."""
    if picture.mode in {"1", "L"} and "transparency" not in picture.info:
        return np.asarray(picture.convert("L"), dtype=np.uint8)
    if picture.mode.startswith(_MORE_THAN_8_BITS):
        return _deep(np.asarray(picture))
    clear = picture.mode in _ALPHA or "transparency" in picture.info
    return _bgr(picture, clear=clear)


def _bgr(picture: Image.Image, *, clear: bool) -> Pixels:
    """BGR by strips of rows, so that the largest pages fit into memory."""
    width, height = picture.size
    picture.load()
    pixels = np.empty((height, width, 3), np.uint8)
    for top in range(0, height, _STRIP):
        strip = picture.crop((0, top, width, min(top + _STRIP, height)))
        colours = _over_white(strip) if clear else strip.convert("RGB")
        pixels[top : top + _STRIP] = np.asarray(colours)[:, :, ::-1]
    return pixels


def _quick(data: bytes, picture: Image.Image) -> Pixels | None:
    """By OpenCV, where it gives the same as Pillow and sooner; None where it cannot."""
    flags = JPEG_FLAGS.get(picture.mode)
    if flags is None or "transparency" in picture.info:
        return None
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error:
        return None
    if pixels is None or pixels.shape[:2] != picture.size[::-1]:
        return None
    return np.asarray(pixels, dtype=np.uint8)


def _orientation(data: bytes, kind: FileKind, picture: Image.Image) -> int:
    """EXIF orientation; a PNG is decoded for it only where it has such a chunk at all."""
    if kind is FileKind.PNG and not any(sign in data for sign in _PNG_EXIF):
        return 1
    return exif_orientation(picture)


def _single(stream: BinaryIO, kind: FileKind, settings: Settings) -> PageImage:
    """A JPEG or PNG."""
    data = stream.read()
    with open_picture(io.BytesIO(data), kind) as picture:
        check_size(*picture.size, settings)
        orientation, told = _orientation(data, kind, picture), _pair(picture.info.get("dpi"))
        bitonal = picture.mode == "1"
        untouched = kind is FileKind.JPEG and picture.mode in JPEG_FLAGS and orientation == 1
        pixels = _quick(data, picture)
        if pixels is None:
            pixels = pillow_pixels(picture)
    if told and orientation in TURNED:
        told = told[::-1]
    upright = orient(pixels, orientation)
    jpeg = data if untouched else None
    return finish(upright, told, settings, jpeg=jpeg, bitonal=bitonal)


def _tiff_frame(stream: BinaryIO, frame: int, settings: Settings) -> PageImage:
    frames = tiff_frames(stream, settings.max_pages + 1)
    if frame >= len(frames):
        raise PageFailedError("image-damaged")
    check_size(frames[frame].width, frames[frame].height, settings)
    stream.seek(0)
    with open_picture(stream, FileKind.TIFF) as picture:
        picture.seek(frames[frame].index)
        check_size(*picture.size, settings)
        told, bitonal = _pair(picture.info.get("dpi")), picture.mode == "1"
        return finish(pillow_pixels(picture), told, settings, bitonal=bitonal)


def _decoded(path: Path, kind: FileKind, frame: int, settings: Settings) -> PageImage:
    if kind is FileKind.PDF:
        return decode_pdf_page(path, frame, settings)
    with open_source(path) as raw, io.BufferedReader(raw) as stream:  # type: ignore[type-var]  # an unbuffered file is a raw stream
        if kind is FileKind.TIFF:
            return _tiff_frame(stream, frame, settings)
        return _single(stream, kind, settings)


def _why(error: Exception) -> PageFailedError:
    if isinstance(error, PageFailedError):
        return error
    if isinstance(error, MemoryError) or "nsufficient memory" in str(error):
        return PageFailedError("page-memory-limit")
    if isinstance(error, OpisError):
        return PageFailedError(error.code)
    cut = isinstance(error, OSError) and "truncated" in str(error)
    unknown = isinstance(error, UnidentifiedImageError)
    return PageFailedError("image-damaged", why="truncated" if cut and not unknown else "damaged")


def decode_page(path: Path, kind: FileKind, frame: int, settings: Settings) -> PageImage:
    """The page `frame` (from 0) of a file as it was delivered, upright as the file says.

    JPEG, PNG and TIFF frames as they are; a PDF page that is one image gives that image, any
    other is drawn at `render_dpi`. Memory stays within some four bytes a pixel beside the file.
    Raises PageFailedError only.
    """
    try:
        page = _decoded(path, kind, frame, settings)
    except Exception as error:
        raise _why(error) from error
    return page
