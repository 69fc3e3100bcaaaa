"""The page's picture for the PDF: the scanner's own JPEG, a JPEG of ours, or CCITT G4."""

from dataclasses import dataclass
from io import BytesIO
from typing import Literal

import numpy as np
from PIL import Image

from pipeline.image import Prepared, encode_jpeg
from pipeline.jpegfile import read_header
from pipeline.raster import Pixels, grey_of
from schemas.geometry import Affine
from schemas.settings import Settings

PictureKind = Literal["jpeg", "g4"]
_BLACK = 128
_ROWS_PER_STRIP = 278
_PHOTOMETRIC = 262


@dataclass(frozen=True, slots=True)
class Picture:
    """`data` is a JPEG, or a TIFF of one CCITT G4 strip."""

    data: bytes
    kind: PictureKind


def encode_g4(page: Pixels) -> bytes:
    """A TIFF of one CCITT G4 strip, black below half brightness."""
    height, width = page.shape
    white = np.packbits(grey_of(page) >= _BLACK, axis=1)
    image = Image.frombytes("1", (width, height), white.tobytes())
    target = BytesIO()
    image.save(target, "TIFF", compression="group4", tiffinfo={_ROWS_PER_STRIP: height})
    return target.getvalue()


def _untouched(prepared: Prepared, jpeg: bytes | None) -> bool:
    if jpeg is None or prepared.transform != Affine():
        return False
    header = read_header(jpeg)
    size = prepared.size
    return (
        header is not None
        and header.plain
        and (header.width, header.height) == (size.width, size.height)
    )


def picture_of(
    prepared: Prepared, settings: Settings, jpeg: bytes | None, *, bitonal: bool
) -> Picture:
    """The smallest honest picture: nothing is encoded again that need not be."""
    if jpeg is not None and _untouched(prepared, jpeg):
        return Picture(jpeg, "jpeg")
    if bitonal:
        return Picture(encode_g4(grey_of(prepared.page)), "g4")
    return Picture(encode_jpeg(prepared.page, settings.jpeg_quality), "jpeg")
