"""Mixed raster: ink to the pixel as a stencil, its colours and the paper behind it coarse."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from pipeline.imaging.raster import Pixels, grey_of
from pipeline.layers.codecs import decode_jpeg, encode_g4, encode_jpeg
from pipeline.layers.colours import InkColours, ink_colours
from pipeline.layers.ink import Ink, finer
from pipeline.layers.paper import (
    coarse_page,
    has_pale_marks,
    ink_free,
    is_even,
    paper_colour,
    without_ink,
)
from pipeline.layers.types import Colour, Layer, Layered, Raster, placed, stretched
from schemas.geometry import Box, Size

_PAPER_QUALITY, _MARKS_QUALITY, _COLOUR_QUALITY = 60, 50, 60
Encoder = Callable[[Pixels], Raster]
_GREY_WEIGHTS = (0.299, 0.587, 0.114)


@dataclass(frozen=True, slots=True)
class Mixed:
    """The layers of a page and, to show them without decoding the stencil again, its mask."""

    layers: tuple[Layer, ...]
    paper: Colour
    mask: Pixels
    box: Box
    background: Raster | None
    colours: InkColours

    def picture(self, size: Size, proof: bytes, over: tuple[Layer, ...] = ()) -> Layered:
        """As it is kept, other layers over it."""
        return Layered(size, "mixed", (*self.layers, *over), self.paper, proof)


def _inked(ink: Ink) -> Box:
    """Where all ink is, in page pixels; empty where there is none."""
    left, top, width, height = (side * ink.factor for side in cv2.boundingRect(ink.cover))
    return Box(left, top, width, height)


def _background(page: Pixels, ink: Ink) -> tuple[Raster | None, Colour]:
    """The paper's picture, None where it is even, and its usual colour.

    Twice as fine where there are marks on it that are too pale for ink.
    """
    coarse, free = coarse_page(page, ink), ink_free(ink)
    colour = paper_colour(coarse, free)
    if is_even(coarse, free, colour):
        return None, colour
    if has_pale_marks(ink, free) and ink.factor > 1:
        ink = finer(page, ink)
        coarse, free = coarse_page(page, ink), ink_free(ink)
        return encode_jpeg(without_ink(coarse, free), _MARKS_QUALITY), colour
    return encode_jpeg(without_ink(coarse, free), _PAPER_QUALITY), colour


def _stencil(raster: Raster, colours: InkColours, box: Box) -> Layer:
    if colours.coarse is None:
        return Layer(raster, placed(box), stencil=True, colour=colours.usual)
    coarse = encode_jpeg(colours.coarse, _COLOUR_QUALITY, sharp_colour=True)
    return Layer(raster, placed(box), stencil=True, colour=colours.usual, colours=coarse)


def mix(page: Pixels, ink: Ink, encode: Encoder = encode_g4) -> Mixed:
    """The layers of a page image (grey or BGR) whose ink was found; `encode` makes the stencil."""
    background, paper = _background(page, ink)
    layers: tuple[Layer, ...] = ()
    if background:
        height, width = ink.mask.shape
        layers = (Layer(background, stretched(background, Size(width, height))),)
    box = _inked(ink)
    part = (slice(box.y, box.y + box.h), slice(box.x, box.x + box.w))
    mask = ink.mask[part]
    colours = ink_colours(page[part], mask)
    if box.area:
        layers = (*layers, _stencil(encode(mask), colours, box))
    return Mixed(layers, paper, mask, box, background, colours)


def brightness(colour: Colour) -> int:
    """Of a colour (RGB)."""
    return round(sum(w * level for w, level in zip(_GREY_WEIGHTS, colour, strict=True)))


def _enlarged(grey: Pixels, size: Size) -> Pixels:
    wanted = (size.width, size.height)
    return np.asarray(cv2.resize(grey, wanted, interpolation=cv2.INTER_LINEAR), np.uint8)


def _paper(mixed: Mixed, page: Size) -> Pixels | int:
    """The paper's brightness, of all the page's pixels or, where it is even, one for all."""
    usual = brightness(mixed.paper)
    if not mixed.background:
        return usual
    grey = grey_of(decode_jpeg(mixed.background))
    place = mixed.layers[0].place
    enlarged = _enlarged(grey, Size(round(grey.shape[1] * place.a), round(grey.shape[0] * place.e)))
    if enlarged.shape == (page.height, page.width):
        return enlarged
    canvas = np.full((page.height, page.width), usual, np.uint8)
    canvas[: enlarged.shape[0], : enlarged.shape[1]] = enlarged
    return canvas


def _inks(mixed: Mixed) -> Pixels | int:
    """The ink's brightness, of each of the stencil's pixels or of all."""
    colours = mixed.layers[-1].colours if mixed.layers else None
    if colours is None:
        return brightness(mixed.colours.usual)
    return _enlarged(grey_of(decode_jpeg(colours)), Size(mixed.box.w, mixed.box.h))


def _common(one: Box, other: Box) -> Box:
    left, top = max(one.x, other.x), max(one.y, other.y)
    right = min(one.x + one.w, other.x + other.w)
    bottom = min(one.y + one.h, other.y + other.h)
    return Box(left, top, max(0, right - left), max(0, bottom - top))


def _part(box: Box, origin: Box) -> tuple[slice, slice]:
    x, y = box.x - origin.x, box.y - origin.y
    return slice(y, y + box.h), slice(x, x + box.w)


def _within(values: Pixels | int, part: tuple[slice, slice]) -> Pixels | np.uint8:
    return values[part] if isinstance(values, np.ndarray) else np.uint8(values)


def shown(mixed: Mixed, page: Size, boxes: Iterable[Box]) -> Pixels:
    """Grey, at the page's resolution, as a viewer shows it, within the boxes; black elsewhere."""
    paper, inks = _paper(mixed, page), _inks(mixed)
    whole = Box(0, 0, page.width, page.height)
    canvas = np.zeros((page.height, page.width), np.uint8)
    for box in boxes:
        seen = _part(_common(box, whole), whole)
        canvas[seen] = _within(paper, seen)
        common = _common(box, mixed.box)
        if common.area:
            inner = _part(common, mixed.box)
            place = canvas[_part(common, whole)]
            np.copyto(place, _within(inks, inner), where=mixed.mask[inner] > 0)
    return canvas
