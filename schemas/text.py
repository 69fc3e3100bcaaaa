"""What was read on a page. ALTO is its stored form (schemas/alto.py)."""

from dataclasses import dataclass

from schemas.geometry import Affine, Box, Size, union


@dataclass(frozen=True, slots=True)
class Word:
    """One word as read: NFC, comma-below ș/ț, box on the page image, confidence 0-1."""

    text: str
    box: Box
    confidence: float


@dataclass(frozen=True, slots=True)
class Line:
    """Words of one printed line, left to right; never empty."""

    words: tuple[Word, ...]

    @property
    def box(self) -> Box:
        return union(word.box for word in self.words)

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together, in reading order; never empty."""

    lines: tuple[Line, ...]

    @property
    def box(self) -> Box:
        return union(line.box for line in self.lines)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a page was read: engine and version, language, what was tried."""

    engine: str = ""
    language: str = ""
    settings: str = ""


@dataclass(frozen=True, slots=True)
class PageText:
    """The words of one page.

    `size` is the upright, deskewed page image at master resolution, `dpi` its resolution;
    `transform` brings the delivered image's pixels (`source_size`) to the page image's; where only
    a `part` of that image is the page (half of a spread), the part's own pixels.
    """

    size: Size
    dpi: int
    blocks: tuple[Block, ...] = ()
    source_size: Size = Size(0, 0)
    transform: Affine = Affine()
    reading: Reading = Reading()
    part: Box | None = None

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line for block in self.blocks for line in block.lines)

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for line in self.lines for word in line.words)

    @property
    def plain(self) -> str:
        """Lines joined by a line break, blocks by an empty line."""
        return "\n\n".join("\n".join(line.text for line in block.lines) for block in self.blocks)

    @property
    def confidence(self) -> float:
        """Mean word confidence 0-1, weighted by letters; 0 without words."""
        letters = sum(len(word.text) for word in self.words)
        total = sum(word.confidence * len(word.text) for word in self.words)
        return total / letters if letters else 0.0
