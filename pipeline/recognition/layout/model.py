"""What the layout of a page is: lines in reading order, and all ink that is in none."""

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from schemas.geometry import Box, Size

Edges: TypeAlias = NDArray[np.int32]  # N×4: left, top, right, bottom (the last two exclusive)


def no_edges() -> Edges:
    """0×4."""
    return np.zeros((0, 4), np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class TextLine:
    """One line of text, or one cell's line of a table, in pixels of the image that was read.

    `box` holds its ink with ascenders, descenders and diacritics; `baseline` is y at the box's
    left edge, `slope` its dy/dx; `ascent` and `descent` are how far ink (and room for letters)
    goes above and below the baseline; `pieces` is the ink that belongs to it, `intruders` ink
    of others inside the box; `rules` ruled lines that cross it.
    """

    box: Box
    baseline: float
    slope: float
    x_height: float
    pieces: Edges
    ascent: float = 0.0
    descent: float = 0.0
    intruders: Edges = field(default_factory=no_edges)
    rules: Edges = field(default_factory=no_edges)

    def baseline_at(self, x: float) -> float:
        return self.baseline + self.slope * (x - self.box.x)


@dataclass(frozen=True, slots=True, eq=False)
class PageLayout:
    """The lines of a page in blocks in reading order, and what is in none of them.

    `left_over`: ink of letter size or more in no line, in clusters; `rules`: ruled and dotted
    lines; `ordered`: the order is sure; `letter_height`: typical, in pixels (0: no letters);
    `letters`: every piece that may be a letter or part of one; `covered`: the share of their
    ink in lines; `odd`: the share of lines far from the typical size; `specks`: pieces too
    small to be anything; `threshold`: darker is ink.
    """

    size: Size
    blocks: tuple[tuple[TextLine, ...], ...] = ()
    left_over: tuple[Box, ...] = ()
    rules: tuple[Box, ...] = ()
    ordered: bool = True
    letter_height: float = 0.0
    letters: Edges = field(default_factory=no_edges)
    letter_ink: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    covered: float = 1.0
    odd: float = 0.0
    specks: int = 0
    threshold: int = 128

    @property
    def lines(self) -> tuple[TextLine, ...]:
        return tuple(line for block in self.blocks for line in block)
