"""The layout of a page: ink, rules, fragments, order, lines."""

from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.raster import Pixels
from pipeline.recognition.layout.blots import blots, freed
from pipeline.recognition.layout.fragments import (
    Fragments,
    absorb,
    find_fragments,
    leaders,
    measure,
    released,
    united,
)
from pipeline.recognition.layout.grouping import Indices, compact
from pipeline.recognition.layout.lines import make_lines
from pipeline.recognition.layout.model import Edges, PageLayout, TextLine
from pipeline.recognition.layout.order import Order, reading_order
from pipeline.recognition.layout.pieces import (
    Flags,
    Pieces,
    ink_of,
    letter_height,
    letter_like,
    threshold_of,
    whole_pieces,
    without_specks,
)
from pipeline.recognition.layout.rest import around, boxes_of, clusters
from pipeline.recognition.layout.rules import remove_rules
from schemas.geometry import Size

_NO_LINE = -1
_LEAST_SINGLE, _MOST_SINGLE = 0.6, 2.1
_SINGLE_DENSITY, _SOLID, _SINGLE_WIDE = 0.2, 0.95, 4.0
_LEAST_UNDER_BLOT = 5
_MOST_LINES = 1500
_ODD = 1.7
_USUAL = 0.06  # height of letters, inches
_PART = 0.35


@dataclass(frozen=True, slots=True)
class _Found:
    pieces: Pieces
    owner: Indices
    letter: Flags


def _singles(found: _Found, letter: float) -> _Found:
    """Letters that stand alone, as in a table's cells, become lines."""
    pieces = found.pieces
    height, width = pieces.height, pieces.width
    sized = (height >= _LEAST_SINGLE * letter) & (height <= _MOST_SINGLE * letter)
    share = pieces.ink / (width * height)
    dense = (share >= _SINGLE_DENSITY) & ((share < _SOLID) | (width < height / 2))
    alone = (found.owner == _NO_LINE) & sized & dense & (width <= _SINGLE_WIDE * height)
    alone &= letter_like(pieces)
    owner = found.owner.copy()
    owner[alone] = owner.max(initial=_NO_LINE) + 1 + np.arange(np.count_nonzero(alone))
    return _Found(pieces, owner, found.letter | alone)


def _owned(pieces: Pieces, shape: tuple[int, int], walls: Edges, letter: float) -> _Found:
    owner, letters = find_fragments(pieces, shape, walls)
    owner = absorb(pieces, owner, letters)
    found = _singles(_Found(pieces, owner, letters & (owner != _NO_LINE)), letter)
    whole = united(pieces, found.owner, found.letter)
    same = np.array_equal(whole, owner)
    owner = whole if same else absorb(pieces, whole, found.letter)
    owner = released(pieces, owner, found.letter)
    return _Found(pieces, owner, found.letter & (owner != _NO_LINE))


def _under_blots(found: _Found, letter: float) -> _Found:
    """Without short runs inside a large piece: what stands round in a seal is no line."""
    pieces = found.pieces
    large = blots(pieces, letter)
    held = np.flatnonzero(found.owner != _NO_LINE)
    if not large.any() or not len(held):
        return found
    inside = np.zeros(len(held), np.bool_)
    for left, top, right, bottom in pieces.where(large).edges().tolist():
        own = pieces.where(held)
        inside |= (
            (own.middle > left) & (own.middle < right) & (own.centre > top) & (own.centre < bottom)
        )
    numbers, count = compact(found.owner[held])
    letters = np.bincount(numbers[found.letter[held]], minlength=count)
    outside = np.bincount(numbers[~inside], minlength=count)
    out = held[((outside == 0) & (letters < _LEAST_UNDER_BLOT))[numbers]]
    owner, letter_there = found.owner.copy(), found.letter.copy()
    owner[out], letter_there[out] = _NO_LINE, False
    return _Found(pieces, owner, letter_there)


def _is_wall(rules: Edges) -> NDArray[np.bool_]:
    return np.asarray(rules[:, 3] - rules[:, 1] > rules[:, 2] - rules[:, 0])


def _fewer(found: _Found) -> _Found:
    """The lines with most letters where there are more than any page has."""
    numbers, count = compact(found.owner[found.owner != _NO_LINE])
    if count <= _MOST_LINES:
        return found
    names = np.unique(found.owner[found.owner != _NO_LINE])
    letters = np.bincount(numbers, minlength=count)
    kept = names[np.argsort(-letters, kind="stable")[:_MOST_LINES]]
    out = ~np.isin(found.owner, kept)
    owner = np.where(out, _NO_LINE, found.owner)
    return _Found(found.pieces, owner, found.letter & ~out)


def _arranged(found: _Found, rules: Edges, letter: float) -> tuple[Order, Indices]:
    """The reading order, and the line (numbered in that order) of each piece."""
    held = found.owner != _NO_LINE
    numbers, count = compact(found.owner[held])
    fragments = measure(found.pieces.where(held), found.letter[held], numbers, count)
    wall = _is_wall(rules)
    order = reading_order(fragments, rules[wall], rules[~wall], letter)
    line = np.full(len(held), _NO_LINE, np.int64)
    line[held] = _line_numbers(order, fragments)[numbers]
    return order, line


def _line_numbers(order: Order, fragments: Fragments) -> Indices:
    """The line, in reading order, of each fragment."""
    found = np.full(len(fragments), _NO_LINE, np.int64)
    for number, row in enumerate(chain.from_iterable(order.blocks)):
        found[list(row)] = number
    return found


def _blocks(order: Order, lines: tuple[TextLine, ...]) -> tuple[tuple[TextLine, ...], ...]:
    ends = np.cumsum([0, *(len(block) for block in order.blocks)]).tolist()
    return tuple(lines[start:end] for start, end in pairwise(ends))


def _without_letters(pieces: Pieces, rules: Edges, size: Size, threshold: int) -> PageLayout:
    """All ink is left over or ruled: nothing has the size and shape of letters."""
    pieces, specks = without_specks(pieces)
    return PageLayout(
        size,
        left_over=clusters(pieces, 1.0, size),
        rules=boxes_of(rules, size),
        specks=specks,
        threshold=threshold,
    )


def lay_out(reading: Pixels, dpi: int) -> PageLayout:
    """The layout of an upright, evenly lit page (H×W, dark on white); total on any image."""
    size = Size(reading.shape[1], reading.shape[0])
    threshold = threshold_of(reading)
    ink, every = whole_pieces(ink_of(reading, threshold), dpi)
    pieces, rules = remove_rules(ink, every, letter_height(every) or _USUAL * dpi)
    letter = letter_height(pieces)
    if not letter:
        return _without_letters(pieces, rules, size, threshold)
    pieces, specks = without_specks(pieces)
    pieces = freed(reading, threshold, pieces, letter)
    walls = rules[_is_wall(rules)]
    found = _fewer(_under_blots(_owned(pieces, reading.shape, walls, letter), letter))
    dotted = leaders(pieces, found.owner, reading.shape, letter)
    rules = np.concatenate((rules, around(pieces, dotted)))
    order, line = _arranged(found, rules, letter)
    lines = make_lines(pieces, line, found.letter, rules, size)
    letters = letter_like(pieces) & (pieces.height >= _PART * letter)
    free = (line == _NO_LINE) & (dotted == _NO_LINE)
    small = free & (np.maximum(pieces.width, pieces.height) < _PART * letter)
    return PageLayout(
        size=size,
        blocks=_blocks(order, lines),
        left_over=clusters(pieces.where(free & ~small), letter, size),
        rules=boxes_of(rules, size),
        ordered=order.sure and len(lines) < _MOST_LINES,
        letter_height=letter,
        letters=pieces.where(letters).edges(),
        letter_ink=pieces.ink[letters].astype(np.int32),
        covered=_share(pieces.ink[letters], line[letters] != _NO_LINE),
        odd=_odd(lines, letter),
        specks=specks + int(np.count_nonzero(small)),
        threshold=threshold,
    )


def _share(ink: NDArray[np.float32], there: Flags) -> float:
    whole = float(ink.sum())
    return float(ink[there].sum()) / whole if whole else 1.0


def _odd(lines: tuple[TextLine, ...], letter: float) -> float:
    sizes = np.array([line.x_height for line in lines]) / letter
    return float(np.mean((sizes > _ODD) | (sizes < 1 / _ODD))) if len(sizes) else 0.0
