"""Regions cut from a drawn page image; one picture is unpacked at a time, so that memory is bounded."""

from io import BytesIO
from threading import Lock

from PIL import Image

from schemas.geometry import Box
from search.web.iiif.requests import Cut

_QUALITY = 80
_ONE = Lock()


def picture_size(data: bytes) -> tuple[int, int]:
    """Width and height of a drawn JPEG, from its head."""
    with Image.open(BytesIO(data)) as image:
        return image.size


def cut_out(data: bytes, cut: Cut) -> bytes:
    """The region in its size as JPEG; a picture that is asked for as it is stays as it is."""
    with _ONE, Image.open(BytesIO(data)) as image:
        width, height = image.size
        if (cut.width, cut.height) == (width, height):
            return data
        smaller = min(cut.region.w // cut.width, cut.region.h // cut.height) // 2
        if smaller > 1:
            image.draft(None, (width // smaller, height // smaller))  # unpacked no larger
        corners = _corners(cut.region, image.width / width, image.height / height)
        part = image.crop(corners)
        made = part.resize((cut.width, cut.height), Image.Resampling.LANCZOS)
        stored = BytesIO()
        made.save(stored, "JPEG", quality=_QUALITY)
    return stored.getvalue()


def _corners(box: Box, across: float, down: float) -> tuple[int, int, int, int]:
    """The region's corners on a picture unpacked at a part of its size, at least a pixel apart."""
    left, top = int(box.x * across), int(box.y * down)
    right, bottom = round((box.x + box.w) * across), round((box.y + box.h) * down)
    return left, top, max(right, left + 1), max(bottom, top + 1)
