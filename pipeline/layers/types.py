"""What a page's picture is made of, before any PDF: images one over another, on paper."""

from dataclasses import dataclass, field
from typing import Literal

import msgspec

from schemas.geometry import Affine, Box, Size

Codec = Literal["jpeg", "g4", "jbig2", "png"]
"""JPEG; CCITT group 4 and JBIG2, ink coded as black; PNG-predicted deflate of 8-bit grey or RGB samples."""
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Raster:
    """A compressed image, `components` (1 or 3) samples a pixel.

    In a group 4 image what is coded as black is ink, unless it is the paper (`black_is_paper`).
    """

    codec: Codec
    width: int
    height: int
    components: int
    data: bytes
    black_is_paper: bool = False


@dataclass(frozen=True, slots=True)
class Layer:
    """An image where it lies: `place` brings its pixels to the page image's.

    A `stencil` paints only its ink, in one `colour` or in those of a coarser image that covers the
    same area.
    """

    raster: Raster
    place: Affine = Affine()
    stencil: bool = False
    colour: Colour = (0, 0, 0)
    colours: Raster | None = None


@dataclass(frozen=True, slots=True)
class Layered:
    """A page as it is shown: `layers` from the lowest up, over a sheet of one colour (RGB).

    `kind` tells what was made of the page: original, bitonal, lossless, jpeg or mixed; `proof` is
    a small grey JPEG of the page image, to compare with what a PDF shows.
    """

    size: Size
    kind: str
    layers: tuple[Layer, ...]
    paper: Colour = (255, 255, 255)
    proof: bytes = field(default=b"", repr=False)

    @property
    def bytes(self) -> int:
        """Of all its images together."""
        rasters = [one for layer in self.layers for one in (layer.raster, layer.colours) if one]
        return sum(len(raster.data) for raster in rasters)


def stretched(raster: Raster, size: Size) -> Affine:
    """Where an image lies that covers the whole page."""
    return Affine(size.width / raster.width, 0, 0, 0, size.height / raster.height, 0)


def placed(box: Box) -> Affine:
    """Where an image lies whose pixels are the page image's within a box."""
    return Affine(c=float(box.x), f=float(box.y))


def laid(transform: Affine) -> Affine:
    """A transform as ALTO keeps it, so that a picture made again lies just where it lay."""
    return Affine.from_text(transform.as_text())


def pack(picture: Layered) -> bytes:
    """The picture as it is kept on disk until its document is made."""
    return msgspec.msgpack.encode(picture)


def unpack(data: bytes) -> Layered:
    """The picture that was packed; raises ValueError for anything else."""
    return msgspec.msgpack.decode(data, type=Layered)
