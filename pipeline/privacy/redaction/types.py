"""What a public copy is made of, and what it has to prove."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from pipeline.imaging.raster import Pixels
from schemas.geometry import Box
from schemas.text import PageText

Reader: TypeAlias = Callable[[Pixels, int], PageText]
"""Reads an image (H×W grey or H×W×3 BGR) of a resolution in dpi; only the words count."""


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A page of a public copy.

    `picture`: the file of a packed picture that `public_picture` or `cleaned_picture` gave, None
    for a page that cannot be opened; `text`: what `redacted_text` left; `number` counts in the
    unit from 1; `hidden`: the rectangles that were burnt (of `hidden_boxes`), in page pixels.
    """

    picture: Path | None
    text: PageText
    number: int
    hidden: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class ProvedPage:
    """What a page of a public copy has to show, and nothing else.

    `text` and `hidden` as in PublicPage; `picture`: `picture_digest` of its packed picture, ""
    for a page that cannot be opened.
    """

    text: PageText
    hidden: tuple[Box, ...] = ()
    picture: str = ""
