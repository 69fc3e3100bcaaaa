"""The order in which the lines of a page's head are understood: column by column.

A letterhead in two columns is read row by row: the name of an institution that goes on in the next
line of its column is then torn apart by what stands beside it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from schemas.geometry import Box
from schemas.text import PageText, Word

HEAD = 0.45
"""The share of the page's height in which a letterhead stands."""
TOP = 2  # rows that may stand above the columns; forms and tables stand further down
LEAST = 2  # rows in which both columns have a line
SAME_ROW = 0.5  # of the lower line's height
NOWHERE = Box(0, 0, 0, 0)
_NUMBERED = re.compile(r"\b(?i:nr|num[aă]r(?:ul)?)\b[^a-zA-Z]{0,6}[\d._]")
_DATED = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line: its words, the place of the first among the page's, and whether it ends a block."""

    first: int
    words: tuple[Word, ...]
    box: Box
    text: str
    ends: bool


Row = tuple[PageLine, ...]


def page_lines(page: PageText) -> tuple[PageLine, ...]:
    """The lines of a page as it was read."""
    lines, first = [], 0
    for block in page.blocks:
        for number, line in enumerate(block.lines):
            ends = number + 1 == len(block.lines)
            box = line.box if line.words else NOWHERE
            lines.append(PageLine(first, line.words, box, line.text, ends))
            first += len(line.words)
    return tuple(lines)


def _right(line: PageLine) -> int:
    return line.box.x + line.box.w


def _beside(one: PageLine, other: PageLine) -> bool:
    """Whether two lines stand in one row, the second right of the first."""
    top = max(one.box.y, other.box.y)
    low = min(one.box.y + one.box.h, other.box.y + other.box.h)
    return low - top > SAME_ROW * min(one.box.h, other.box.h) and other.box.x >= _right(one)


def _rows(lines: Sequence[PageLine]) -> list[Row]:
    rows: list[Row] = []
    for line in lines:
        if rows and _beside(rows[-1][-1], line):
            rows[-1] = (*rows[-1], line)
        else:
            rows.append((line,))
    return rows


def _kept_gutter(row: Row, left: int, right: int) -> tuple[int, int] | None:
    """The gutter between two columns as this row leaves it; None where the row is in its way.

    A number with its day beside it belongs together, whatever the columns, and so does a label
    with what it is the label of.
    """
    if len(row) > LEAST:
        return None
    if len(row) == LEAST:
        labelled = row[0].text.rstrip().endswith((":", "_"))
        if labelled or (_NUMBERED.search(row[0].text) and _DATED.search(row[1].text)):
            return None
        left, right = max(left, _right(row[0])), min(right, row[1].box.x)
    elif _right(row[0]) <= right:
        left = max(left, _right(row[0]))
    else:
        right = min(right, row[0].box.x)
    return (left, right) if left < right else None


def _run(rows: Sequence[Row], width: int) -> int:
    """How many rows from the first stand in two columns; 0 where they do not."""
    gutter, pairs, last = (0, width), 0, 0
    for number, row in enumerate(rows):
        kept = _kept_gutter(row, *gutter)
        if kept is None:
            break
        gutter = kept
        if len(row) == LEAST:
            pairs, last = pairs + 1, number + 1
    return last if pairs >= LEAST else 0


def _column(lines: Sequence[PageLine]) -> Iterator[PageLine]:
    """Lines as one block."""
    for number, line in enumerate(lines, 1):
        yield replace(line, ends=number == len(lines))


def _by_column(rows: Sequence[Row]) -> tuple[PageLine, ...]:
    """Two columns, one behind the other."""
    begins = min(row[1].box.x for row in rows if len(row) == LEAST)
    lines = [line for row in rows for line in row]
    left = [line for line in lines if line.box.x < begins]
    right = [line for line in lines if line.box.x >= begins]
    return (*_column(left), *_column(right))


def understood_order(page: PageText) -> tuple[PageLine, ...]:
    """The page's lines, those of a head in two columns column by column, all others as read."""
    lines = page_lines(page)
    low = HEAD * page.size.height
    rows = _rows([*takewhile(lambda line: line.box.y + line.box.h <= low, lines)])
    start = next((n for n, row in enumerate(rows) if len(row) == LEAST), len(rows))
    run = _run(rows[start:], page.size.width) if start <= TOP else 0
    if not run:
        return lines
    before = sum(map(len, rows[:start]))
    within = _by_column(rows[start : start + run])
    return (*lines[:before], *within, *lines[before + len(within) :])
