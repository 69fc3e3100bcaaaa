"""What a recognition engine is to the rest of the pipeline."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from pipeline.imaging.raster import Pixels
from schemas.geometry import Box
from schemas.text import Block


@dataclass(frozen=True, slots=True)
class Recognised:
    """What an engine read on a page, in the pixels of the image it was given.

    `blocks` are in reading order; `unread` are places with ink that no word covers; `tried` tells
    what was tried beside the usual way, for the record.
    """

    blocks: tuple[Block, ...] = ()
    unread: tuple[Box, ...] = ()
    tried: str = ""


class Engine(Protocol):
    """Reads the words of a prepared page."""

    @property
    def name(self) -> str:
        """The engine and its version, as ALTO records it."""
        ...

    def languages(self) -> tuple[str, ...]:
        """The installed languages' codes."""
        ...

    def knows(self, language: str) -> Callable[[str], bool] | None:
        """Asks the language's word list; None where the engine has none to ask."""
        ...

    def read(self, reading: Pixels, dpi: int, language: str) -> Recognised:
        """The words of `reading` (H×W, dark on white, upright).

        Raises InputError("engine-missing") without the language, PageFailedError for the page.
        """
        ...
