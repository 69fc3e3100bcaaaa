"""A PDF's own words as blocks of lines in reading order.

Programs write a page as its author did, cell by cell and column by column: that order is kept. A
page that was written in leaps is put in order by its look, as a page that is read.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from pipeline.recognition.cleaning import clean_text
from pipeline.recognition.layout.fragments import Fragments
from pipeline.recognition.layout.model import no_edges
from pipeline.recognition.layout.order import reading_order
from schemas.geometry import Box
from schemas.pdftext import TextRun
from schemas.text import Block, Line

_X_HEIGHT = 0.5
_LEVEL, _NEAR, _PITCH = 0.35, 1.5, 1.8
_MOST_LEAPS = 0.1


def _cleaned(run: TextRun) -> TextRun:
    words = ((word, clean_text(word.text)) for word in run.words)
    return replace(run, words=tuple(replace(word, text=text) for word, text in words if text))


def _box(run: TextRun) -> Box:
    return Line(run.words).box


def _one_line(one: TextRun, other: TextRun) -> bool:
    """Whether a run goes on where the one before it ends."""
    size = max(one.size, other.size)
    gap = other.words[0].box.x - one.words[-1].box.x - one.words[-1].box.w
    level = abs(one.baseline - other.baseline) <= _LEVEL * size
    return level and -_LEVEL * size <= gap <= _NEAR * size


def _follows(one: TextRun, other: TextRun) -> bool:
    """Whether a line is the next one of the same paragraph."""
    above, below = _box(one), _box(other)
    beside = below.x >= above.x + above.w or above.x >= below.x + below.w
    down = other.baseline - one.baseline
    return not beside and 0 < down <= _PITCH * max(one.size, other.size)


def _leaps(one: Box, other: Box) -> bool:
    """Whether a block stands above the one written before it, in the same column."""
    beside = other.x >= one.x + one.w or one.x >= other.x + other.w
    return not beside and other.y + other.h <= one.y


def _as_written(runs: Sequence[TextRun]) -> tuple[Block, ...]:
    lines: list[TextRun] = []
    for run in runs:
        if lines and _one_line(lines[-1], run):
            size = max(lines[-1].size, run.size)
            words = (*lines[-1].words, *run.words)
            lines[-1] = replace(lines[-1], words=words, size=size)
        else:
            lines.append(run)
    blocks: list[list[TextRun]] = []
    for line in lines:
        if blocks and _follows(blocks[-1][-1], line):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return tuple(Block(tuple(Line(line.words) for line in block)) for block in blocks)


def _fragments(runs: Sequence[TextRun]) -> Fragments:
    """Runs as the fragments of the layout."""
    boxes = [Line(run.words).box for run in runs]
    rows = [
        (b.x, b.x + b.w, b.y, b.y + b.h, b.x + b.w / 2, run.baseline, 0, _X_HEIGHT * run.size)
        for b, run in zip(boxes, runs, strict=True)
    ]
    left, right, top, bottom, middle, baseline, slope, x_height = np.array(rows, np.float64).T
    letters = np.array([sum(len(w.text) for w in run.words) for run in runs], np.int64)
    return Fragments(left, right, top, bottom, middle, baseline, slope, x_height, letters)


def _as_seen(runs: Sequence[TextRun]) -> tuple[Block, ...]:
    found = _fragments(runs)
    letter = float(np.median(found.x_height))
    order = reading_order(found, no_edges(), no_edges(), letter)
    blocks = []
    for block in order.blocks:
        rows = (tuple(word for one in row for word in runs[one].words) for row in block)
        blocks.append(Block(tuple(Line(words) for words in rows)))
    return tuple(blocks)


def arranged(runs: Sequence[TextRun]) -> tuple[Block, ...]:
    """Runs of words as blocks of lines in reading order; text that is not upright comes last."""
    kept = [run for run in map(_cleaned, runs) if run.words]
    upright = [run for run in kept if run.upright]
    turned = tuple(Block((Line(run.words),)) for run in kept if not run.upright)
    if not upright:
        return turned
    blocks = _as_written(upright)
    boxes = [block.box for block in blocks]
    leaps = sum(_leaps(one, other) for one, other in pairwise(boxes))
    written = leaps <= 1 + _MOST_LEAPS * len(blocks)
    return (*(blocks if written else _as_seen(upright)), *turned)
