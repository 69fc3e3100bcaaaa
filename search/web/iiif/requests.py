"""What a IIIF Image API 3.0 address asks for, by the rules of level 1.

https://iiif.io/api/image/3.0/ and /compliance/: region full, square or x,y,w,h; size max, w, ,h or
w,h without upscaling; rotation 0; quality default; format jpg. What is well formed and beyond level
1 is not implemented (501), all else is malformed (400).
"""

import re
from dataclasses import dataclass

from schemas.errors import UsageError
from schemas.geometry import Box

_NUMBER = r"(?:\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})"
_PIXELS = re.compile(r"(\d{1,9}),(\d{1,9}),(\d{1,9}),(\d{1,9})")
_PERCENT = re.compile(rf"pct:{_NUMBER},{_NUMBER},{_NUMBER},{_NUMBER}")
_SIZE = re.compile(r"(\d{1,9})?,(\d{1,9})?")
_OTHER_SIZE = re.compile(
    rf"\^(?:max|\d{{1,9}},(?:\d{{1,9}})?|,\d{{1,9}}|!\d{{1,9}},\d{{1,9}}|pct:{_NUMBER})|!\d{{1,9}},\d{{1,9}}|pct:{_NUMBER}"
)
_ROTATION = re.compile(rf"!?{_NUMBER}")
_NO_ROTATION = re.compile(r"0+(?:\.0+)?")
_FULL_CIRCLE = 360
_OTHER_QUALITIES = frozenset({"color", "gray", "bitonal"})
_OTHER_FORMATS = frozenset({"tif", "png", "gif", "jp2", "pdf", "webp"})


@dataclass(frozen=True, slots=True)
class Cut:
    """A region of a picture, and the size it is sent in."""

    region: Box
    width: int
    height: int


def _malformed(part: str) -> UsageError:
    return UsageError("iiif-malformed", part)


def _beyond(part: str) -> UsageError:
    return UsageError("iiif-beyond-level", part)


def _region(asked: str, width: int, height: int) -> Box:
    if asked == "full":
        return Box(0, 0, width, height)
    if asked == "square":
        side = min(width, height)
        return Box((width - side) // 2, (height - side) // 2, side, side)
    pixels = _PIXELS.fullmatch(asked)
    if not pixels:
        raise _beyond("region") if _PERCENT.fullmatch(asked) else _malformed("region")
    x, y, w, h = map(int, pixels.groups())
    box = Box(x, y, min(w, width - x), min(h, height - y))
    if box.w <= 0 or box.h <= 0:
        raise _malformed("region")
    return box


def _size(asked: str, region: Box) -> tuple[int, int]:
    if asked == "max":
        return region.w, region.h
    sides = _SIZE.fullmatch(asked)
    if not sides or asked == ",":
        raise _beyond("size") if _OTHER_SIZE.fullmatch(asked) else _malformed("size")
    w, h = (int(side) if side else None for side in sides.groups())
    width = w if w is not None else max(1, round(region.w * (h or 0) / region.h))
    height = h if h is not None else max(1, round(region.h * (w or 0) / region.w))
    if w == 0 or h == 0 or width > region.w or height > region.h:
        raise _malformed("size")
    return width, height


def _check_rotation(asked: str) -> None:
    if not _ROTATION.fullmatch(asked) or float(asked.lstrip("!")) > _FULL_CIRCLE:
        raise _malformed("rotation")
    if not _NO_ROTATION.fullmatch(asked):
        raise _beyond("rotation")


def _check_named(asked: str, served: str, others: frozenset[str], part: str) -> None:
    if asked != served:
        raise _beyond(part) if asked in others else _malformed(part)


def read_request(address: tuple[str, str, str, str, str], width: int, height: int) -> Cut:
    """The cut of a picture of that size that region, size, rotation, quality and format ask for.

    Raises UsageError iiif-malformed or iiif-beyond-level, with the part's name.
    """
    region, size, rotation, quality, form = address
    _check_rotation(rotation)
    _check_named(quality, "default", _OTHER_QUALITIES, "quality")
    _check_named(form, "jpg", _OTHER_FORMATS, "format")
    box = _region(region, width, height)
    return Cut(box, *_size(size, box))


def canonical(cut: Cut, width: int, height: int) -> str:
    """The canonical form of the address, from the region on."""
    box = cut.region
    whole = (box.x, box.y, box.w, box.h) == (0, 0, width, height)
    region = "full" if whole else f"{box.x},{box.y},{box.w},{box.h}"
    size = "max" if (cut.width, cut.height) == (box.w, box.h) else f"{cut.width},{cut.height}"
    return f"{region}/{size}/0/default.jpg"
