"""A page of a public copy as outside readers see it: drawn from the copy's own PDF, with marks."""

import cv2
import numpy as np
import pypdfium2

from flows.publication.tasks import CopyDrawing
from pipeline.imaging.image import draw_marks, encode_jpeg

_QUALITY = 80


def draw_copy(task: CopyDrawing) -> bytes:
    """JPEG of a copy's page at the width of its ALTO; in a process of the pool."""
    with pypdfium2.PdfDocument(task.pdf) as pdf:
        page = pdf[task.place]
        bitmap = page.render(scale=task.width / page.get_width())
        pixels = np.asarray(bitmap.to_numpy(), np.uint8)
    if pixels.ndim == 3 and pixels.shape[2] != 3:  # noqa: PLR2004 blue, green, red
        pixels = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGRA2BGR), np.uint8)
    marked = draw_marks(pixels, task.boxes) if task.boxes else pixels
    return encode_jpeg(marked, _QUALITY)
