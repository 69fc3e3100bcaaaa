"""The page image as the portal sees it: the original, upright and straight, with its marks.

Done in a process of the pool, since it opens an original.
"""

from flows.stages.tasks import Drawing
from pipeline.imaging.image import apply_transform, draw_marks, encode_jpeg
from scanners.pages.decode import decode_page
from scanners.pages.raster import half_of
from schemas.alto import read_alto

_QUALITY = 80


def draw(task: Drawing) -> bytes:
    """JPEG of the page image with its marks; in a process of the pool, as it opens an original."""
    path = task.unit.originals / task.original
    whole = decode_page(path, task.kind, task.frame, task.settings)
    pixels = half_of(whole, task.half, task.cut).pixels
    alto = task.unit.alto_page(task.page)
    if alto.exists():
        text = read_alto(alto.read_bytes())
        pixels = apply_transform(pixels, text.transform, text.size)
    marked = draw_marks(pixels, task.boxes) if task.boxes else pixels
    return encode_jpeg(marked, _QUALITY)
