"""The pictures of a public copy: made from pixels that are burnt already, never a scanner's stream."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from io import BytesIO
from struct import pack as packed

import cv2
import numpy as np
from PIL import Image

from pipeline.imaging.raster import Pixels
from pipeline.layers.codecs import encode_g4
from pipeline.layers.types import Layer, Layered, Raster, pack, placed, unpack
from pipeline.pictures.legibility import Reread
from pipeline.pictures.picture import Delivered, access_picture, proof_of
from pipeline.privacy.redaction.boxes import burn
from pipeline.privacy.redaction.jpegs import bare
from schemas.geometry import Affine, Box, Size, union
from schemas.settings import Settings
from schemas.text import Block, PageText

_WHITE = 255
_RING = 24  # pixels about a rectangle, whose paper is taken
_PAPER = 75  # percent: lighter than what ink there is
_OUTSIDE = 2.0  # pixels that rounding may put outside the page
_KINDS = frozenset(("bitonal", "lossless", "jpeg", "mixed"))


def _mask(boxes: Sequence[Box], shape: tuple[int, ...]) -> Pixels:
    mask = np.zeros(shape[:2], np.uint8)
    for box in boxes:
        mask[box.y : box.y + box.h, box.x : box.x + box.w] = _WHITE
    return mask


def _papered(burnt: Pixels, mask: Pixels, boxes: Sequence[Box]) -> Pixels:
    """A burnt page with paper's colour in place of the rectangles, so that nothing lies below them."""
    page = burnt.copy()
    for box in boxes:
        top, left = max(0, box.y - _RING), max(0, box.x - _RING)
        part = slice(top, box.y + box.h + _RING), slice(left, box.x + box.w + _RING)
        near = burnt[part][mask[part] == 0]
        paper = np.percentile(near, _PAPER, axis=0) if len(near) else _WHITE
        page[box.y : box.y + box.h, box.x : box.x + box.w] = np.round(paper).astype(np.uint8)
    return page


def _bars(mask: Pixels, boxes: Sequence[Box]) -> Layer:
    """The rectangles as one black stencil."""
    around = union(boxes)
    inside = mask[around.y : around.y + around.h, around.x : around.x + around.w]
    return Layer(encode_g4(np.ascontiguousarray(inside)), placed(around), stencil=True)


def _off_the_bars(text: PageText, boxes: Sequence[Box]) -> PageText:
    """The lines that no rectangle has a part of: those that a guard can read again."""
    kept = (
        tuple(line for line in block.lines if not any(line.box.overlap(box) for box in boxes))
        for block in text.blocks
    )
    return replace(text, blocks=tuple(Block(lines) for lines in kept if lines))


def _is_bilevel(pixels: Pixels) -> bool:
    return pixels.ndim == 2 and not cv2.countNonZero(cv2.inRange(pixels, 1, _WHITE - 1))  # noqa: PLR2004 two axes


def public_picture(
    pixels: Pixels,
    text: PageText,
    hidden: Sequence[Box],
    settings: Settings,
    reread: Reread | None = None,
) -> bytes:
    """The packed access picture of a page whose `hidden` rectangles are burnt.

    `pixels` is the page image (H×W grey or H×W×3 BGR; burnt here again in any case), `text` what
    `redacted_text` left of its words. A page without rectangles is made the same way.
    """
    burnt = burn(pixels, hidden, text.dpi)
    size = Size(pixels.shape[1], pixels.shape[0])
    plain = replace(text, size=size, source_size=size, transform=Affine(), part=None)
    if _is_bilevel(burnt):
        delivered = Delivered(burnt, text.dpi, bitonal=True)
        return pack(access_picture(burnt, plain, delivered, settings, None))
    if not hidden:
        delivered = Delivered(burnt, text.dpi)
        return pack(access_picture(burnt, plain, delivered, settings, reread))
    mask = _mask(hidden, burnt.shape)
    paper = _papered(burnt, mask, hidden)
    kept = _off_the_bars(plain, hidden)
    made = access_picture(paper, kept, Delivered(paper, text.dpi), settings, reread)
    bars = _bars(mask, hidden)
    return pack(replace(made, layers=(*made.layers, bars), proof=proof_of(burnt)))


def _g4_pixels(raster: Raster) -> Pixels:
    """A group 4 strip's ink (255). Raises OSError for one that cannot be decoded."""
    tags = (
        (256, raster.width), (257, raster.height), (258, 1), (259, 4),
        (262, 0), (273, 122), (278, raster.height), (279, len(raster.data)), (277, 1),
    )  # fmt: skip
    rows = b"".join(packed("<HHII", tag, 4, 1, value) for tag, value in sorted(tags))
    head = b"II*\0" + packed("<I", 8) + packed("<H", len(tags)) + rows + packed("<I", 0)
    with Image.open(BytesIO(head + raster.data)) as image:
        coded_white = np.asarray(image.convert("L"), np.uint8)
    ink = coded_white if raster.black_is_paper else cv2.bitwise_not(coded_white)
    return np.asarray(ink, np.uint8)


def _cleaned(raster: Raster) -> Raster:
    if raster.codec == "jpeg":
        return replace(raster, data=bare(raster.data))
    return raster


def _is_inside(layer: Layer, size: Size) -> bool:
    """Whether nothing of an image lies outside the page, where no reader looked."""
    corners = ((x, y) for x in (0, layer.raster.width) for y in (0, layer.raster.height))
    points = [layer.place.point(x, y) for x, y in corners]
    beyond = (max(-x, -y, x - size.width, y - size.height) for x, y in points)
    return max(beyond) <= _OUTSIDE


def cleaned_picture(data: bytes) -> bytes | None:
    """A packed picture of a page without redaction as it may go out, or None: make it anew.

    JPEG streams are left with the picture's own parts only. A scanner's own group 4 strip is coded
    again; an image that reaches beyond the page must be made anew from the page image. Raises
    ValueError for what is no packed picture.
    """
    picture = unpack(data)
    if not all(_is_inside(layer, picture.size) for layer in picture.layers):
        return None
    try:
        layers = tuple(_own_layer(layer, picture.kind) for layer in picture.layers)
    except (OSError, ValueError):
        return None
    kind = picture.kind if picture.kind in _KINDS else "jpeg"
    return pack(replace(picture, layers=layers, kind=kind))


def _own_layer(layer: Layer, kind: str) -> Layer:
    if kind == "original" and layer.raster.codec == "g4":
        return replace(layer, raster=encode_g4(_g4_pixels(layer.raster)))
    colours = _cleaned(layer.colours) if layer.colours else None
    return replace(layer, raster=_cleaned(layer.raster), colours=colours)


def digest_of(streams: Iterable[bytes]) -> str:
    """One digest for a page's image streams, in whatever order they stand."""
    each = sorted(hashlib.sha256(stream).digest() for stream in streams)
    return hashlib.sha256(b"".join(each)).hexdigest()


def picture_digest(data: bytes) -> str:
    """The digest of a packed picture's images; raises ValueError for what is none."""
    picture: Layered = unpack(data)
    rasters = (one for layer in picture.layers for one in (layer.raster, layer.colours) if one)
    return digest_of(raster.data for raster in rasters)
