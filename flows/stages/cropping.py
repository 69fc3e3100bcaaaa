"""Pictures for review: the place in question on its page, or whole pages side by side.

Done in a process of the pool, since it opens originals.
"""

from collections.abc import Sequence

from flows.stages.tasks import Drawing
from pipeline.imaging.image import apply_transform
from pipeline.imaging.raster import Pixels
from pipeline.reviewing.crop import beside, crop, encode_png
from scanners.pages.decode import decode_page
from scanners.pages.raster import half_of
from schemas.alto import read_alto
from schemas.geometry import Box


def _page_image(task: Drawing) -> Pixels:
    """The page upright and straight, as its text describes it."""
    path = task.unit.originals / task.original
    whole = decode_page(path, task.kind, task.frame, task.settings)
    pixels = half_of(whole, task.half, task.cut).pixels
    alto = task.unit.alto_page(task.page)
    if not alto.exists():
        return pixels
    text = read_alto(alto.read_bytes())
    return apply_transform(pixels, text.transform, text.size)


def picture_of(pages: Sequence[Drawing], box: Box | None) -> bytes:
    """PNG of a box on the first page with its surroundings, without one of all pages."""
    images = [_page_image(page) for page in pages]
    return encode_png(crop(images[0], box) if box else beside(images))
