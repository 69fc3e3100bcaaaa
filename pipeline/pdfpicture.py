"""A page's picture as a PDF image object, its compressed data untouched."""

from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
from PIL.TiffImagePlugin import TiffImageFile

from pipeline.image import encode_jpeg
from pipeline.jpegfile import JpegHeader, read_header
from pipeline.pdffile import PdfFile, Value
from schemas.errors import PageFailedError

_WIDTH, _HEIGHT, _PHOTOMETRIC, _OFFSETS, _COUNTS = 256, 257, 262, 273, 279
_JPEG = b"\xff\xd8"
_QUALITY = 85
_SPACES = {1: "/DeviceGray", 3: "/DeviceRGB"}


def _image(
    width: int, height: int, space: str, bits: int, entries: dict[str, Value]
) -> dict[str, Value]:
    return {
        "Type": "/XObject",
        "Subtype": "/Image",
        "Width": width,
        "Height": height,
        "ColorSpace": space,
        "BitsPerComponent": bits,
        **entries,
    }


def _plain_jpeg(data: bytes) -> tuple[bytes, JpegHeader]:
    """The stream as it is, or as far as it can be read as a plain one (CMYK, cut short)."""
    header = read_header(data)
    if header is not None and header.plain:
        return data, header
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_BGR)
    again = b"" if pixels is None else encode_jpeg(np.asarray(pixels, np.uint8), _QUALITY)
    header = read_header(again)
    if header is None:
        raise PageFailedError("image-damaged")
    return again, header


def _add_jpeg(file: PdfFile, data: bytes) -> str:
    data, header = _plain_jpeg(data)
    space = _SPACES[header.components]
    entries = _image(header.width, header.height, space, 8, {"Filter": "/DCTDecode"})
    return file.add_stream(data, entries)


def _add_g4(file: PdfFile, data: bytes) -> str:
    with TiffImageFile(BytesIO(data)) as tiff:
        tags = dict(tiff.tag_v2)
    (start,), (length,) = tags[_OFFSETS], tags[_COUNTS]
    width, height = tags[_WIDTH], tags[_HEIGHT]
    parameters: dict[str, Value] = {
        "K": -1,
        "Columns": width,
        "Rows": height,
        "BlackIs1": "true" if tags[_PHOTOMETRIC] else "false",
    }
    entries: dict[str, Value] = {"Filter": "/CCITTFaxDecode", "DecodeParms": parameters}
    return file.add_stream(
        data[start : start + length], _image(width, height, "/DeviceGray", 1, entries)
    )


def add_picture(file: PdfFile, picture: Path | bytes) -> str:
    """The image object of a JPEG or a one-strip G4 TIFF; its reference.

    Raises PageFailedError for anything else.
    """
    data = picture.read_bytes() if isinstance(picture, Path) else picture
    if data.startswith(_JPEG):
        return _add_jpeg(file, data)
    try:
        return _add_g4(file, data)
    except (OSError, SyntaxError, KeyError, ValueError) as error:
        raise PageFailedError("image-damaged", why=error) from error
