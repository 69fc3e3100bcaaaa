"""The eyes of the proof: an image read again by the engine that reads the archive's pages."""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.imaging.image import Prepared, prepare
from pipeline.imaging.raster import Pixels
from pipeline.privacy.redaction.boxes import clipped
from pipeline.privacy.redaction.types import Reader
from pipeline.recognition import engine
from pipeline.recognition.cleaning import clean
from schemas.errors import PageFailedError
from schemas.geometry import Affine, Box, Size
from schemas.settings import Settings
from schemas.text import Block, Line, PageText, Word

_LEAST_SIDE = 24


def _on_image(prepared: Prepared, blocks: Sequence[Block], size: Size) -> tuple[Block, ...]:
    """Words whose boxes are pixels of what was read, with boxes in pixels of the image given."""
    height, width = prepared.reading.shape
    larger = Affine(prepared.size.width / width, 0, 0, 0, prepared.size.height / height, 0)
    back = larger.then(prepared.transform.inverse())

    def placed(word: Word) -> Word:
        return replace(word, box=clipped(back.box(word.box), size) or Box(0, 0, 1, 1))

    return tuple(
        Block(tuple(Line(tuple(map(placed, line.words))) for line in block.lines))
        for block in blocks
    )


def page_reader(settings: Settings, language: str = "ron", name: str = "") -> Reader:
    """Reads any image's words, by the archive's own engine or that of a name."""

    def read(pixels: Pixels, dpi: int) -> PageText:
        size = Size(pixels.shape[1], pixels.shape[0])
        if min(pixels.shape[:2]) < _LEAST_SIDE:
            return PageText(size, dpi)
        prepared = prepare(pixels, dpi, settings)
        if prepared.blank or prepared.noise:
            return PageText(size, dpi)
        reader = engine(name or settings.engine, settings)
        try:
            found = reader.read(prepared.reading, prepared.reading_dpi, language)
        except PageFailedError:
            return PageText(size, dpi)
        return PageText(size, dpi, _on_image(prepared, clean(found.blocks), size))

    return read
