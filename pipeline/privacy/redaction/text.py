"""A page's text without what was burnt: no trace of the words, their length or how sure they were."""

from collections.abc import Sequence
from dataclasses import replace

from schemas.geometry import Box
from schemas.text import Block, Line, PageText, Word


def touched_words(text: PageText, boxes: Sequence[Box]) -> tuple[int, ...]:
    """The places, from 0 in `text.words`, of the words that touch a burnt rectangle."""
    return tuple(place for place, word in enumerate(text.words) if _touches(word, boxes))


def _touches(word: Word, boxes: Sequence[Box]) -> bool:
    box = word.box
    area = Box(box.x, box.y, max(1, box.w), max(1, box.h))
    return any(area.overlap(other) > 0 for other in boxes)


def _line(line: Line, boxes: Sequence[Box]) -> Line | None:
    kept = tuple(word for word in line.words if not _touches(word, boxes))
    return Line(kept) if kept else None


def _block(block: Block, boxes: Sequence[Box]) -> Block | None:
    lines = (_line(line, boxes) for line in block.lines)
    kept = tuple(line for line in lines if line is not None)
    return Block(kept) if kept else None


def redacted_text(text: PageText, boxes: Sequence[Box]) -> PageText:
    """The page's text without every word that touches one of the burnt rectangles.

    `boxes` are those of `hidden_boxes`. Lines and blocks that lose all their words are gone too.
    """
    blocks = (_block(block, boxes) for block in text.blocks)
    return replace(text, blocks=tuple(block for block in blocks if block is not None))
