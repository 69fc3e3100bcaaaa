"""Lines that the stencil of a page does not show as they were: each a small picture over it."""

from dataclasses import dataclass

from pipeline.imaging.raster import Pixels, grey_of
from pipeline.layers.codecs import decode_jpeg, encode_jpeg
from pipeline.layers.mixed import Mixed, shown
from pipeline.layers.types import Layer, placed
from pipeline.pictures.legibility import (
    Reread,
    around,
    is_sure,
    lines_to_read,
    lines_unlike,
    other_lines,
)
from schemas.geometry import Box
from schemas.text import Line, PageText

_FEW, _MOST = 3, 0.15


@dataclass(frozen=True, slots=True)
class Guard:
    """What a page says, what it looked like (grey or BGR), and who reads it again."""

    page: Pixels
    text: PageText
    reread: Reread

    def grey(self) -> Pixels:
        """The page as it was before."""
        return grey_of(self.page)

    def unlike(self, seen: Pixels, lines: tuple[Line, ...]) -> tuple[Line, ...]:
        """Those of the lines that do not read the same from what is seen."""
        return lines_unlike(seen, self.text, lines, self.reread, self.grey)

    def seen(self, mixed: Mixed, lines: tuple[Line, ...]) -> Pixels:
        """The lines as a viewer shows them."""
        return shown(mixed, self.text.size, tuple(around(line.box) for line in lines))


def _lost(guard: Guard, mixed: Mixed) -> tuple[Line, ...]:
    """Lines that do not read the same; where one is among them that was sure, of all lines."""
    first = lines_to_read(guard.text)
    lost = guard.unlike(guard.seen(mixed, first), first)
    if not any(is_sure(line) for line in lost):
        return lost
    rest = other_lines(guard.text)
    return (*lost, *guard.unlike(guard.seen(mixed, rest), rest))


def _within(box: Box, page: Pixels) -> Box:
    height, width = page.shape[:2]
    return Box(box.x, box.y, min(box.w, width - box.x), min(box.h, height - box.y))


def _patch(page: Pixels, line: Line, quality: int) -> Layer:
    box = _within(around(line.box), page)
    part = page[box.y : box.y + box.h, box.x : box.x + box.w]
    return Layer(encode_jpeg(part, quality), placed(box))


def _paste(seen: Pixels, layer: Layer) -> None:
    part = grey_of(decode_jpeg(layer.raster))
    x, y = round(layer.place.c), round(layer.place.f)
    seen[y : y + part.shape[0], x : x + part.shape[1]] = part


def patches_of(guard: Guard, mixed: Mixed, quality: int) -> tuple[Layer, ...] | None:
    """Pictures (JPEG) of the few lines that do not read the same; None where that is no remedy."""
    lost = _lost(guard, mixed)
    if len(lost) > max(_FEW, _MOST * len(guard.text.lines)):
        return None
    patches = tuple(_patch(guard.page, line, quality) for line in lost)
    seen = guard.seen(mixed, lost) if lost else None
    if seen is None:
        return ()
    for patch in patches:
        _paste(seen, patch)
    return None if guard.unlike(seen, lost) else patches
