"""The eyes of the proof: an image read again by the engine that reads the archive's pages."""

from pipeline.imaging.image import prepare
from pipeline.imaging.raster import Pixels
from pipeline.privacy.redaction.types import Reader
from pipeline.recognition import engine
from pipeline.recognition.cleaning import clean
from schemas.errors import PageFailedError
from schemas.geometry import Size
from schemas.settings import Settings
from schemas.text import PageText

_LEAST_SIDE = 24


def page_reader(settings: Settings, language: str = "ron") -> Reader:
    """Reads any image's words; their boxes are pixels of what was read, not of the image."""

    def read(pixels: Pixels, dpi: int) -> PageText:
        size = Size(pixels.shape[1], pixels.shape[0])
        if min(pixels.shape[:2]) < _LEAST_SIDE:
            return PageText(size, dpi)
        prepared = prepare(pixels, dpi, settings)
        if prepared.blank or prepared.noise:
            return PageText(size, dpi)
        reader = engine(settings.engine, settings)
        try:
            found = reader.read(prepared.reading, prepared.reading_dpi, language)
        except PageFailedError:
            return PageText(size, dpi)
        height, width = prepared.reading.shape
        return PageText(Size(width, height), prepared.reading_dpi, clean(found.blocks))

    return read
