"""JBIG2 (ITU-T T.88) as PDF embeds it: one generic region, every pixel kept, no symbols.

Symbol coding would put one letter's picture in place of another's.
"""

from pathlib import Path
from struct import calcsize, pack, unpack_from

from pipeline.imaging.raster import Pixels
from pipeline.layers.machinecode import coder_of
from pipeline.layers.types import Raster

_PAGE, _REGION = 48, 38
_PAGE_NUMBER = 1
_LOSSLESS = 1
_TYPICAL_ROWS = 0x08  # template 0
_NEIGHBOURS = bytes((3, 0xFF, 0xFD, 0xFF, 2, 0xFE, 0xFE, 0xFE))


_HEAD, _SIZE = ">IBBBI", ">II"


def _segment(number: int, kind: int, data: bytes) -> bytes:
    return pack(_HEAD, number, kind, 0, _PAGE_NUMBER, len(data)) + data


def size_of(stream: bytes) -> tuple[int, int] | None:
    """Width and height that an embedded stream of ours tells; None for what is none."""
    if len(stream) < calcsize(_HEAD) + calcsize(_SIZE) or unpack_from(_HEAD, stream)[1] != _PAGE:
        return None
    width, height = unpack_from(_SIZE, stream, calcsize(_HEAD))
    return width, height


def stream_of(width: int, height: int, code: bytes) -> bytes:
    """The embedded stream around the arithmetic code of one region."""
    page = pack(">IIIIBH", width, height, 0, 0, _LOSSLESS, 0)
    region = pack(">IIIIB", width, height, 0, 0, 0)
    parameters = bytes((_TYPICAL_ROWS,)) + _NEIGHBOURS
    return _segment(0, _PAGE, page) + _segment(1, _REGION, region + parameters + code)


def encode_jbig2(ink: Pixels, folder: Path) -> Raster | None:
    """Bitonal, every pixel kept; ink is whatever is not 0.

    `folder` keeps the compiled coder. None where there is none, or no gain to be had.
    """
    coder = coder_of(folder)
    code = coder(ink) if coder and ink.size else None
    if code is None:
        return None
    height, width = ink.shape
    return Raster("jbig2", width, height, 1, stream_of(width, height, code))
