"""What a page of a PDF says of itself before anything is read: its nature and its own words."""

from dataclasses import dataclass
from enum import StrEnum

from schemas.geometry import Box
from schemas.text import Word

PDF_TEXT = "pdf text"
"""Engine of a page whose words are the PDF's own, as ALTO records it."""
DIGITAL = "digital"
"""First word of such a page's reading settings where its original page can live on in a PDF."""


class PageNature(StrEnum):
    """`SCAN`: pictures only; `HIDDEN`: pictures with invisible text; `DIGITAL`: visible text."""

    SCAN = "scan"
    HIDDEN = "hidden"
    DIGITAL = "digital"


@dataclass(frozen=True, slots=True)
class TextRun:
    """Words that stand beside each other, in pixels of the page image.

    `size` is the height of the font's letters from top to foot; `upright` is no for text that runs
    up, down or slanting.
    """

    words: tuple[Word, ...]
    baseline: float
    size: float
    upright: bool = True


@dataclass(frozen=True, slots=True)
class OwnText:
    """The text of a PDF page in the order of its content.

    `unmapped`: share of its characters that stand for no known letter; `pictures`: places of its
    larger images; `signed`: whether the file carries a signature.
    """

    nature: PageNature = PageNature.SCAN
    runs: tuple[TextRun, ...] = ()
    unmapped: float = 0.0
    pictures: tuple[Box, ...] = ()
    signed: bool = False
