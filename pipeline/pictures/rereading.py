"""Single lines read again, for the legibility guard, by the engine that read the page."""

import cv2
import numpy as np

from pipeline.imaging.raster import Pixels
from pipeline.pictures.legibility import Reread
from pipeline.recognition import engine
from pipeline.recognition.opis_engine import OpisEngine
from pipeline.recognition.tesserocr_engine import TesserocrEngine
from schemas.geometry import Box
from schemas.settings import Settings

_MARGIN = 0.3
_LEAST_MARGIN = 4
_PAPER = 0.8
_WHITE = 255


def _quantile(part: Pixels, share: float) -> float:
    """As numpy's, from a histogram: the levels on both sides of the place, mixed."""
    sums = np.cumsum(np.bincount(part.ravel(), minlength=_WHITE + 1))
    place = share * (part.size - 1)
    low, high = np.searchsorted(sums, (int(place), int(np.ceil(place))), side="right")
    return float(low + (high - low) * (place - int(place)))


def _crop(shown: Pixels, box: Box) -> Pixels:
    """The line with a margin, its paper white."""
    margin = max(_LEAST_MARGIN, round(_MARGIN * box.h))
    rows = slice(max(0, box.y - margin), box.y + box.h + margin)
    columns = slice(max(0, box.x - margin), box.x + box.w + margin)
    part = shown[rows, columns]
    if not part.size:
        return np.full((1, 1), _WHITE, np.uint8)
    paper = max(1.0, _quantile(part, _PAPER))
    return np.ascontiguousarray(cv2.convertScaleAbs(part, alpha=_WHITE / paper), np.uint8)


def line_reader(settings: Settings, language: str) -> Reread | None:
    """Reads lines in a language; None where recognition is kept out of this process."""
    reader = engine(settings.engine, settings)
    if not isinstance(reader, OpisEngine | TesserocrEngine):
        return None

    def reread(shown: Pixels, boxes: tuple[Box, ...]) -> tuple[str, ...]:
        return reader.read_crops(tuple(_crop(shown, box) for box in boxes), language)

    return reread
