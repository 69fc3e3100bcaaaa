"""Reading order of fragments: columns of running text one after the other, all else row by row."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.recognition.layout.columns import Column, best_column
from pipeline.recognition.layout.fragments import Fragments
from pipeline.recognition.layout.grouping import Indices
from pipeline.recognition.layout.model import Edges

_BODY = 0.7
_SAME_LINE, _SAME_ROW = 0.4, 0.6
_WORD_GAP = 3.0
_LIKE_SIZES = 1.6
_SMALL, _FEW = 0.6, 2
_DEPTH = 12
_NEAR_ROWS = 3
_WORD = 4
_TABULAR = 0.6
_PITCH = 1.7
_SHARED = 0.5

Row = tuple[int, ...]  # fragments of one line, left to right
Band = Indices


@dataclass(frozen=True, slots=True)
class Order:
    """Blocks of lines of fragment numbers, and whether that is surely how they are read."""

    blocks: tuple[tuple[Row, ...], ...]
    sure: bool


@dataclass(frozen=True, slots=True)
class _Page:
    fragments: Fragments
    walls: Edges
    floors: Edges
    letter: float


def bands(fragments: Fragments, some: Indices) -> list[Band]:
    """Fragments parted by every level that none of them crosses, from the top.

    Single marks between two rows (dittos, specks) join the nearer one, and part nothing.
    """
    top = (fragments.baseline - _BODY * fragments.x_height)[some]
    foot = fragments.baseline[some]
    small = fragments.x_height[some] < _SMALL * np.median(fragments.x_height[some])
    firm = np.flatnonzero(~(small & (fragments.letters[some] <= _FEW)))
    order = firm[np.argsort(top[firm], kind="stable")]
    reached = np.maximum.accumulate(foot[order])
    starts = np.concatenate(([0], np.flatnonzero(top[order][1:] >= reached[:-1]) + 1))
    number = np.empty(len(some), np.int64)
    number[order] = np.repeat(np.arange(len(starts)), np.diff([*starts, len(order)]))
    loose = np.setdiff1d(np.arange(len(some)), firm)
    middle = ((top + foot) / 2)[loose][:, None]
    away = np.maximum(top[order][starts] - middle, middle - reached[[*(starts[1:] - 1), -1]])
    number[loose] = np.argmin(away, axis=1)
    sort = np.argsort(number, kind="stable")
    return np.split(some[sort], np.flatnonzero(np.diff(number[sort])) + 1)


def pitch_of(fragments: Fragments, some: Indices) -> float:
    """The usual step from a line to the next one below it; 0 where none lies below another."""
    of = fragments
    left, right, base = of.left[some], of.right[some], of.baseline[some]
    shared = np.minimum(right[:, None], right) - np.maximum(left[:, None], left)
    under = shared > _SHARED * np.minimum((right - left)[:, None], right - left)
    steps = base - base[:, None]
    steps[~under | (steps < of.x_height[some][:, None])] = np.inf
    down = steps.min(axis=1)
    return float(np.median(down[np.isfinite(down)])) if np.isfinite(down).any() else 0.0


def _levels(fragments: Fragments, some: Indices) -> list[Band]:
    """Fragments by steps of the usual pitch: columns whose lines lie between each other's share them."""
    pitch = pitch_of(fragments, some)
    if not pitch:
        return []
    base = fragments.baseline[some]
    number = ((base - base.min()) // pitch).astype(np.int64)
    sort = np.argsort(number, kind="stable")
    return np.split(some[sort], np.flatnonzero(np.diff(number[sort])) + 1)


def _agree(page: _Page, left: int, right: int, tolerance: float) -> bool:
    of = page.fragments
    x = (of.right[left] + of.left[right]) / 2
    here = of.baseline[left] + of.slope[left] * (x - of.middle[left])
    there = of.baseline[right] + of.slope[right] * (x - of.middle[right])
    return bool(abs(here - there) <= tolerance * min(of.x_height[left], of.x_height[right]))


def _is_row(page: _Page, row: Sequence[int]) -> bool:
    of = page.fragments
    level = all(_agree(page, a, b, _SAME_ROW) for a, b in itertools.pairwise(row))
    apart = all(of.left[b] >= of.right[a] - page.letter for a, b in itertools.pairwise(row))
    return level and apart


def _walled(page: _Page, left: int, right: int) -> bool:
    of, walls = page.fragments, page.walls
    middle = (walls[:, 0] + walls[:, 2]) / 2
    between = (middle >= of.right[left] - page.letter) & (middle <= of.left[right] + page.letter)
    y = of.baseline[left] - of.x_height[left] / 2
    return bool((between & (walls[:, 1] <= y) & (walls[:, 3] >= y)).any())


def _one_line(page: _Page, left: int, right: int) -> bool:
    of = page.fragments
    sizes = sorted((of.x_height[left], of.x_height[right]))
    return bool(
        of.left[right] - of.right[left] <= _WORD_GAP * max(page.letter, sizes[0])
        and sizes[1] <= _LIKE_SIZES * sizes[0]
        and _agree(page, left, right, _SAME_LINE)
        and not _walled(page, left, right)
    )


def _joined(page: _Page, row: Sequence[int]) -> Iterator[Row]:
    """The row's fragments, those put together that are one line."""
    run: list[int] = []
    for one in row:
        if run and not _one_line(page, run[-1], one):
            yield tuple(run)
            run = []
        run.append(one)
    if run:
        yield tuple(run)


def _parted(page: _Page, some: Band) -> tuple[Band, Band] | None:
    """The fragments either side of the widest gap that goes through all of them."""
    of = page.fragments
    order = some[np.argsort(of.left[some], kind="stable")]
    reached = np.maximum.accumulate(of.right[order])[:-1]
    gaps = of.left[order][1:] - reached
    if not len(gaps) or gaps.max() < 0:
        return None
    cut = int(np.argmax(gaps)) + 1
    return order[:cut], order[cut:]


def _paired(page: _Page, one: Band, other: Band) -> float:
    """The share of the shorter part's fragments that have one of the other's at their level."""
    of = page.fragments
    short, long = sorted((one, other), key=len)
    off = np.abs(of.baseline[short][:, None] - of.baseline[long][None]).min(axis=1)
    return float(np.mean(off <= _SAME_LINE * of.x_height[short]))


def _rows(page: _Page, some: Band) -> list[list[int]]:
    """Rows by level, each fragment in the nearest that has room for it."""
    of = page.fragments
    rows: list[list[int]] = []
    for one in some[np.argsort(of.baseline[some], kind="stable")].tolist():
        fitting = [row for row in rows[-_NEAR_ROWS:] if _has_room(of, row, one)]
        if fitting:
            min(fitting, key=lambda row: abs(of.baseline[row[0]] - of.baseline[one])).append(one)
        else:
            rows.append([one])
    return [sorted(row, key=lambda one: of.left[one]) for row in rows]


def _has_room(of: Fragments, row: list[int], one: int) -> bool:
    level = of.baseline[one] - of.baseline[row[0]] <= _BODY * of.x_height[one]
    free = all(of.left[one] >= of.right[two] or of.right[one] <= of.left[two] for two in row)
    return bool(level and free)


def _band(page: _Page, some: Band, depth: int) -> tuple[list[list[Row]], bool]:
    """The blocks of fragments that no level parts."""
    row = some[np.argsort(page.fragments.left[some], kind="stable")].tolist()
    if _is_row(page, row):
        return [list(_joined(page, row))], True
    parts = _parted(page, some) if depth else None
    if parts and _paired(page, *parts) < _TABULAR:
        found = [_arranged(page, part, depth - 1) for part in parts]
        return [*found[0][0], *found[1][0]], found[0][1] and found[1][1]
    rows = _rows(page, some)
    lines = [line for one in rows for line in _joined(page, one)]
    return [lines], parts is not None or not _crowded(page, rows)


def _crowded(page: _Page, rows: list[list[int]]) -> bool:
    """More than one row of words that nothing parts: which comes first is a guess."""
    words = [row for row in rows if page.fragments.letters[row].sum() >= _WORD]
    return len(words) > 1


def _in_columns(
    page: _Page, every: list[Band], column: Column, depth: int
) -> tuple[list[list[Row]], bool]:
    """Above the columns, the left one, what stands between them, the right one, below them."""
    of = page.fragments
    whole = np.concatenate(every[column.first : column.last + 1])
    inside = np.setdiff1d(whole, column.island)
    on_left = of.middle[inside] < column.x
    parts = [part for part in (inside[on_left], column.island, inside[~on_left]) if len(part)]
    above, below = every[: column.first], every[column.last + 1 :]
    if above:
        parts.insert(0, np.concatenate(above))
    if below:
        parts.append(np.concatenate(below))
    found = [_arranged(page, part, depth - 1) for part in parts]
    return [block for blocks, _ in found for block in blocks], all(sure for _, sure in found)


def _arranged(page: _Page, some: Indices, depth: int) -> tuple[list[list[Row]], bool]:
    every = bands(page.fragments, some)
    column = best_column(page.fragments, every, page.floors, page.letter)
    if column and column.sure and depth:
        return _in_columns(page, every, column, depth)
    levels = _levels(page.fragments, some) if depth and not column else []
    offset = best_column(page.fragments, levels, page.floors, page.letter)
    if offset and offset.sure:
        return _in_columns(page, levels, offset, depth)
    blocks: list[list[Row]] = [[]]
    sure = column is None
    for band in every:
        found, certain = _band(page, band, depth)
        sure = sure and certain
        if len(found) == 1:
            blocks[-1].extend(found[0])
        else:
            blocks.extend([*found, []])
    return [block for block in blocks if block], sure


def _paragraphs(page: _Page, block: list[Row]) -> Iterator[tuple[Row, ...]]:
    """A block parted where lines are far apart or their size changes."""
    of = page.fragments
    first = [row[0] for row in block]
    steps = np.diff(of.baseline[first])
    down = steps[steps > page.letter]
    pitch = float(np.median(down)) if len(down) else 0.0
    run: list[Row] = []
    for number, row in enumerate(block):
        if run:
            sizes = sorted((of.x_height[row[0]], of.x_height[run[-1][0]]))
            far = abs(steps[number - 1]) > _PITCH * max(pitch, sizes[1])
            if far or sizes[1] > _LIKE_SIZES * sizes[0]:
                yield tuple(run)
                run = []
        run.append(row)
    yield tuple(run)


def reading_order(fragments: Fragments, walls: Edges, floors: Edges, letter: float) -> Order:
    """All fragments in reading order; `walls` and `floors` are upright and level rules."""
    if not len(fragments):
        return Order((), sure=True)
    page = _Page(fragments, walls, floors, letter)
    blocks, sure = _arranged(page, np.arange(len(fragments)), _DEPTH)
    return Order(tuple(part for block in blocks for part in _paragraphs(page, block)), sure)
