"""Rows as the eye sees them: what was read as several lines side by side is one row."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.privacy.finding.script import Script

OVERLAP = 0.5  # of the lower line's height


@dataclass(frozen=True, slots=True)
class Rows:
    """Places of the words of each row, left to right, rows from top to bottom page by page.

    `of` is the row of each word.
    """

    places: tuple[tuple[int, ...], ...]
    of: tuple[int, ...]

    def row(self, number: int) -> tuple[int, ...]:
        """A row's words; none where there is no such row."""
        return self.places[number] if 0 <= number < len(self.places) else ()


@dataclass(frozen=True, slots=True)
class _Strip:
    """A printed line: its page, top, bottom, and words."""

    page: int
    top: int
    bottom: int
    words: tuple[int, ...]


def _strips(script: Script) -> list[_Strip]:
    strips = []
    for number in range(len(script.rows) - 1):
        words = tuple(script.row(number))
        boxes = [script.box(at) for at in words]
        top, bottom = min(b.y for b in boxes), max(b.y + b.h for b in boxes)
        strips.append(_Strip(script.page(words[0]), top, bottom, words))
    return sorted(strips, key=lambda strip: (strip.page, strip.top + strip.bottom))


def _beside(one: Sequence[_Strip], other: _Strip) -> bool:
    """Whether a line stands on the height of the row's first line."""
    first = one[0]
    shared = min(first.bottom, other.bottom) - max(first.top, other.top)
    lower = min(first.bottom - first.top, other.bottom - other.top)
    return first.page == other.page and shared > OVERLAP * lower


def rows_of(script: Script) -> Rows:
    """The rows of all pages of a document."""
    rows: list[list[_Strip]] = []
    for strip in _strips(script):
        if rows and _beside(rows[-1], strip):
            rows[-1].append(strip)
        else:
            rows.append([strip])
    places = tuple(
        tuple(sorted((at for strip in row for at in strip.words), key=lambda at: script.box(at).x))
        for row in rows
    )
    of = [0] * len(script)
    for number, row in enumerate(places):
        for at in row:
            of[at] = number
    return Rows(places, tuple(of))
