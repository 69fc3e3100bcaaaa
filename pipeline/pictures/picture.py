"""The page's picture for the PDF, in one of two profiles.

*archive*: the scanner's own stream, turned by its place alone; what no PDF can show is encoded
again without loss. *access*: as few bytes as are honest, and read again to prove it.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np

from pipeline.imaging.raster import Pixels, grey_of, has_colour, resize
from pipeline.imaging.warp import MOST_SAMPLES, page_pixels
from pipeline.layers.codecs import (
    bit_encoder,
    decode_jpeg,
    encode_g4,
    encode_jpeg,
    encode_lossless,
    own_g4,
    own_jpeg,
)
from pipeline.layers.ink import Ink, find_ink, halved, is_grey
from pipeline.layers.mixed import Mixed, brightness, mix
from pipeline.layers.paper import shows_through
from pipeline.layers.photographs import has_photograph
from pipeline.layers.types import Layer, Layered, Raster, laid, pack, stretched
from pipeline.pictures.legibility import Reread, is_doubtful_throughout, is_legible, reads_as_well
from pipeline.pictures.patches import Guard, patches_of
from schemas.geometry import Size
from schemas.settings import Settings
from schemas.text import PageText

PictureKind = Literal["access", "archive"]
_BLACK = 128
_SHOWN_DPI = 200
_LEAST_MIXED_DPI = 190
_MOST_MIXED_PIXELS = 40_000_000
_MOST_INK, _UNREAD_INK = 0.22, 0.004
_LEAST_DEPTH, _DARKEST_PAPER = 60, 110
_MOST_BYTES = 0.03  # of a stencil for each of its pixels
_KEPT_QUALITY, _CLEARLY_SMALLER = 60, 0.8
_PROOF_SIDE = 500
_UPRIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Picture:
    """`data`: the picture packed, as it is kept until its document is made; `kind`: its profile."""

    data: bytes
    kind: PictureKind


@dataclass(frozen=True, slots=True)
class Delivered:
    """A page as it came: its pixels, their resolution, and whether they are black and white only.

    `stream` is the untouched JPEG, or one-strip G4 TIFF, of these very pixels, if there is one.
    """

    pixels: Pixels
    dpi: int
    stream: bytes | None = None
    bitonal: bool = False


def page_image(delivered: Delivered, text: PageText) -> Pixels:
    """The page image that a text describes, grey where the page has no colour."""
    return page_pixels(delivered.pixels, delivered.dpi, laid(text.transform), text.size)


def proof_of(page: Pixels, coarse: Pixels | None = None) -> bytes:
    """A small grey JPEG of a page image; `coarse` may be the very copy that it is made of."""
    times = max(0, (max(page.shape) // _PROOF_SIDE).bit_length() - 1)
    height, width = (max(1, side >> times) << times for side in page.shape[:2])
    if coarse is not None and coarse.shape == (height >> times, width >> times):
        return encode_jpeg(coarse, _KEPT_QUALITY).data
    small = halved(page[:height, :width], times) if min(page.shape[:2]) >> times else page
    return encode_jpeg(grey_of(small), _KEPT_QUALITY).data


def _own(delivered: Delivered) -> Raster | None:
    """The scanner's stream, where every reader of PDFs shows it as it is."""
    if delivered.stream is None:
        return None
    if delivered.bitonal:
        return own_g4(delivered.stream)
    return own_jpeg(delivered.stream)


def _black(delivered: Delivered) -> Pixels:
    grey = grey_of(delivered.pixels)
    _, black = cv2.threshold(grey, _BLACK - 1, 255, cv2.THRESH_BINARY_INV)
    return np.asarray(black, np.uint8)


def _turned(raster: Raster, kind: str, text: PageText, proof: bytes) -> Layered:
    return Layered(text.size, kind, (Layer(raster, laid(text.transform)),), proof=proof)


def archive_picture(page: Pixels, text: PageText, delivered: Delivered) -> Layered:
    """The delivered image, every pixel of it, where the page image has it."""
    proof, own = proof_of(page), _own(delivered)
    height, width = delivered.pixels.shape[:2]
    if own is not None and (own.width, own.height) == (width, height):
        return _turned(own, "original", text, proof)
    if delivered.bitonal:
        return _turned(encode_g4(_black(delivered)), "bitonal", text, proof)
    return _turned(encode_lossless(delivered.pixels), "lossless", text, proof)


def _models(settings: Settings) -> Path:
    """The folder of what is made once: compiled code, as converted models."""
    usual = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(settings.model_cache or Path(usual) / "opis" / "models")


def _mixable(page: Pixels, text: PageText) -> Ink | None:
    """The page's ink, where ink and paper say all that is on it."""
    if text.dpi < _LEAST_MIXED_DPI or page.shape[0] * page.shape[1] > _MOST_MIXED_PIXELS:
        return None
    if is_doubtful_throughout(text):
        return None
    ink = find_ink(page, text.dpi)
    share = cv2.countNonZero(ink.cover) and float(ink.cover.mean()) / 255
    unread = not text.blocks and share > _UNREAD_INK
    return None if unread or share > _MOST_INK or (share and ink.depth < _LEAST_DEPTH) else ink


def _suits(mixed: Mixed, ink: Ink) -> bool:
    """Whether paper and ink are such as a stencil can show, in less than a JPEG."""
    paper = brightness(mixed.paper)
    stencil = len(mixed.layers[-1].raster.data) if mixed.box.area else 0
    light = stencil <= _MOST_BYTES * mixed.mask.size
    if not light or paper < _DARKEST_PAPER or shows_through(ink):
        return False
    return not has_photograph(ink.coarse, paper)


def _reads(raster: Raster, page: Pixels, text: PageText, reread: Reread) -> bool:
    """Whether a JPEG of the page reads the same; of a hardly legible page, no worse."""
    seen = grey_of(decode_jpeg(raster))
    if is_doubtful_throughout(text):
        return reads_as_well(seen, text, reread, lambda: grey_of(page))
    return is_legible(seen, text, reread, lambda: grey_of(page))


def _jpeg(page: Pixels, text: PageText, quality: int, reread: Reread | None) -> Layered:
    """Grey or colour at 200 dpi; where that does not read the same, as fine as it came."""
    scale = min(1.0, _SHOWN_DPI / max(1, text.dpi))
    width, height = (max(1, round(side * scale)) for side in (page.shape[1], page.shape[0]))
    raster = encode_jpeg(resize(page, width, height), quality)
    if reread is not None and not _reads(raster, page, text, reread):
        finer = quality if scale < _CLEARLY_SMALLER else max(quality, _KEPT_QUALITY)
        raster = encode_jpeg(page, finer)
    layer = Layer(raster, stretched(raster, text.size))
    return Layered(text.size, "jpeg", (layer,), proof=proof_of(page))


def _large_colour(page: Pixels, text: PageText, delivered: Delivered) -> Layered | None:
    """Of a very large page that was turned, its colours at 200 dpi, turned by their place alone."""
    pixels = delivered.pixels
    if page.ndim == pixels.ndim or pixels.size <= MOST_SAMPLES:
        return None
    if not has_colour(pixels, delivered.dpi):
        return None
    height, width = pixels.shape[:2]
    scale = min(1.0, _SHOWN_DPI / max(1, text.dpi))
    small = resize(pixels, max(1, round(width * scale)), max(1, round(height * scale)))
    raster = encode_jpeg(small, _KEPT_QUALITY)
    place = stretched(raster, Size(width, height)).then(laid(text.transform))
    return Layered(text.size, "jpeg", (Layer(raster, place),), proof=proof_of(page))


def _mixed(
    page: Pixels, text: PageText, settings: Settings, reread: Reread | None
) -> Layered | None:
    """Mixed raster, where that suits the page and reads the same.

    A few lines that do not are shown by a picture of their own.
    """
    if text.words and reread is None:
        return None
    ink = _mixable(page, text)
    mixed = mix(page, ink, bit_encoder(_models(settings))) if ink else None
    if ink is None or mixed is None or not _suits(mixed, ink):
        return None
    guard = Guard(page, text, reread) if reread else None
    patches = patches_of(guard, mixed, settings.jpeg_quality) if guard else ()
    if patches is None:
        return None
    coarse = ink.coarse if is_grey(page) else None
    return mixed.picture(text.size, proof_of(page, coarse), patches)


def _bitonal(page: Pixels, text: PageText, delivered: Delivered, settings: Settings) -> Layered:
    """Every pixel as it was delivered, in the scanner's own stream if that is smaller."""
    kept = archive_picture(page, text, delivered)
    raster = bit_encoder(_models(settings))(_black(delivered))
    return _turned(raster, "bitonal", text, kept.proof) if len(raster.data) < kept.bytes else kept


def access_picture(
    page: Pixels,
    text: PageText,
    delivered: Delivered,
    settings: Settings,
    reread: Reread | None,
) -> Layered:
    """The smallest picture that still reads the same; grey where nobody can read it again."""
    if delivered.bitonal:
        return _bitonal(page, text, delivered, settings)
    made = (
        _large_colour(page, text, delivered)
        or _mixed(page, text, settings, reread)
        or _jpeg(page, text, settings.jpeg_quality, reread)
    )
    own = _own(delivered)
    if own is not None and len(own.data) <= made.bytes:
        return _turned(own, "original", text, made.proof)
    return made


def _same_again(page: Pixels, text: PageText, delivered: Delivered) -> Pixels:
    """The page image as it will come out when it is made again from the original.

    One that was turned after straightening was resampled before it was turned.
    """
    turned_after = text.transform.a < _UPRIGHT and text.transform.a not in {0, -1}
    return page_image(delivered, text) if turned_after else page


def picture_of(
    page: Pixels | None,
    text: PageText,
    delivered: Delivered,
    settings: Settings,
    reread: Reread | None = None,
) -> Picture:
    """The picture of a page image (None: made from the page as delivered) in the set profile.

    `reread` reads lines of it again; without it a page with words stays grey or colour.
    """
    shown_page = page_image(delivered, text) if page is None else _same_again(page, text, delivered)
    if settings.pdf_profile == "archive":
        return Picture(pack(archive_picture(shown_page, text, delivered)), "archive")
    made = access_picture(shown_page, text, delivered, settings, reread)
    return Picture(pack(made), "access")
