"""What a recognition engine is to the rest of the pipeline."""

from typing import Protocol

from pipeline.raster import Pixels
from schemas.text import Block


class Engine(Protocol):
    """Reads the words of a prepared page."""

    @property
    def name(self) -> str:
        """The engine and its version, as ALTO records it."""
        ...

    def languages(self) -> tuple[str, ...]:
        """The installed languages' codes."""
        ...

    def read(self, reading: Pixels, dpi: int, language: str) -> tuple[Block, ...]:
        """Blocks in reading order, boxes in the pixels of `reading` (H×W, dark on white).

        Raises InputError("engine-missing") without the language, PageFailedError for the page.
        """
        ...
