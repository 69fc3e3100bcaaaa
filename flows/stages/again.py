"""A part of a page read again, larger, for what looks for personal data in the words."""

from collections.abc import Callable, Sequence
from functools import lru_cache

import cv2
import numpy as np

from flows.stages.tasks import PageTask
from pipeline.imaging.image import apply_transform
from pipeline.imaging.raster import Pixels, grey_of
from pipeline.pictures.rereading import line_reader
from scanners.pages.decode import decode_page
from scanners.pages.raster import half_of
from schemas.alto import read_alto
from schemas.errors import PageFailedError
from schemas.geometry import Box

_ONE = 1
_LARGER = 1.5
_MARGIN = 0.5


def _page_image(task: PageTask) -> Pixels | None:
    """The page image as its words describe it, in grey; None where it cannot be had."""
    path = task.unit.alto_page(task.page)
    try:
        text = read_alto(path.read_bytes())
        whole = decode_page(task.path, task.kind, task.frame, task.settings)
    except (OSError, ValueError, PageFailedError):
        return None
    part = half_of(whole, task.half, task.cut).pixels
    return grey_of(apply_transform(part, text.transform, text.size))


def _cut_out(image: Pixels, box: Box) -> tuple[Pixels, Box]:
    """The surroundings of a box, larger, and the box in them."""
    margin = max(1, round(_MARGIN * box.h))
    top, left = max(0, box.y - margin), max(0, box.x - margin)
    part = image[top : box.y + box.h + margin, left : box.x + box.w + margin]
    if not part.size:
        return np.full((1, 1), 255, np.uint8), Box(0, 0, 1, 1)
    larger = cv2.resize(part, None, fx=_LARGER, fy=_LARGER, interpolation=cv2.INTER_CUBIC)
    place = (round(_LARGER * v) for v in (box.x - left, box.y - top, box.w, box.h))
    return np.asarray(larger, np.uint8), Box(*place)


def second_reader(sources: Sequence[PageTask]) -> Callable[[int, Box], str]:
    """Reads a box of a page (by its number in the unit) again, at another scale.

    Engine and original are opened when they are first asked for. Empty where the page cannot be
    had, or where recognition is kept out of this process.
    """
    tasks = {task.page: task for task in sources}
    image = lru_cache(_ONE)(lambda page: _page_image(tasks[page]))
    first = next(iter(tasks.values()), None)
    reader = lru_cache(_ONE)(lambda: line_reader(first.settings, first.language) if first else None)

    def reread(page: int, box: Box) -> str:
        task = tasks.get(page)
        read, pixels = (reader(), image(page)) if task else (None, None)
        if read is None or pixels is None:
            return ""
        part, place = _cut_out(pixels, box)
        return read(part, (place,))[0]

    return reread
