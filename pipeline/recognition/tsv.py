"""Tesseract's TSV, which both ways of calling it give: one row a page, block, line or word."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from schemas.geometry import Box
from schemas.text import Block, Line, Word

_WORD = "5"
_COLUMNS = 12


@dataclass(frozen=True, slots=True)
class _Row:
    block: str
    line: tuple[str, str, str]
    word: Word


def _row(cells: list[str]) -> _Row:
    x, y, w, h = (int(cell) for cell in cells[6:10])
    word = Word(cells[11], Box(x, y, w, h), float(cells[10]) / 100)
    return _Row(cells[2], (cells[2], cells[3], cells[4]), word)


def _rows(text: str) -> Iterator[_Row]:
    for line in text.split("\n"):
        cells = line.split("\t", _COLUMNS - 1)
        if len(cells) == _COLUMNS and cells[0] == _WORD:
            yield _row(cells)


def blocks(text: str) -> tuple[Block, ...]:
    """Blocks, lines and words in Tesseract's reading order; confidences become 0 to 1."""
    return tuple(
        Block(
            tuple(
                Line(tuple(row.word for row in line))
                for _, line in groupby(block, key=lambda row: row.line)
            )
        )
        for _, block in groupby(_rows(text), key=lambda row: row.block)
    )
