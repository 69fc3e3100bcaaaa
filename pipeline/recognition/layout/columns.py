"""Columns of running text: a gap that several rows share, with full lines on both sides."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.recognition.layout.fragments import Fragments
from pipeline.recognition.layout.grouping import Indices, Numbers, total
from pipeline.recognition.layout.model import Edges

_LEAST_ROWS = 4
_LEAST_LINE = 9.0
_LEAST_GAP = 1.2
_FULL, _VERY_FULL = 0.6, 0.8
_LEVEL, _OFF = 0.9, 0.25
_GRID = 2
_TAIL = 1.8


@dataclass(frozen=True, slots=True)
class Column:
    """A gap at `x` through bands `first` to `last`; not `sure`: it may be a table's as well."""

    x: float
    first: int
    last: int
    rows: int
    sure: bool


@dataclass(frozen=True, slots=True)
class _Bands:
    fragments: Fragments
    members: Indices  # all fragments, band by band
    band: Indices  # the band of each of them
    count: int
    step: float
    cover: NDArray[np.bool_]  # bands × steps: some fragment is there


def _covered(fragments: Fragments, every: Sequence[Indices], letter: float) -> _Bands:
    members = np.concatenate(every)
    band = np.repeat(np.arange(len(every)), [len(one) for one in every])
    step = letter / 2
    start = (fragments.left[members] // step).astype(np.int64)
    end = (fragments.right[members] // step).astype(np.int64) + 1
    edges = np.zeros((len(every), int(end.max()) + 2), np.int32)
    np.add.at(edges, (band, np.maximum(start, 0)), 1)
    np.add.at(edges, (band, end), -1)
    return _Bands(fragments, members, band, len(every), step, np.cumsum(edges, axis=1) > 0)


def _candidates(found: _Bands) -> Iterator[tuple[float, int, int]]:
    """X and the first and last band of every run of bands that a gap goes through."""
    of, members = found.fragments, found.members
    inner = np.flatnonzero(found.band[1:] == found.band[:-1])
    order = np.lexsort((of.left[members], found.band))
    right, left = of.right[members][order], of.left[members][order]
    wide = left[inner + 1] - right[inner] >= _LEAST_GAP * 2 * found.step
    middles = (left[inner + 1] + right[inner])[wide] / 2
    for place in np.unique((middles // found.step).astype(np.int64)).tolist():
        free = ~found.cover[:, max(0, place - 1) : place + 2].any(axis=1)
        turns = np.flatnonzero(np.diff(np.concatenate(([0], free.astype(np.int8), [0]))))
        for first, last in zip(turns[::2].tolist(), (turns[1::2] - 1).tolist(), strict=True):
            if last - first + 1 >= _LEAST_ROWS:
                yield (place + 0.5) * found.step, first, last


@dataclass(frozen=True, slots=True)
class _Side:
    """Text on one side of a gap, band by band: its level and how wide it is; `some`: there is."""

    some: NDArray[np.bool_]
    level: Numbers
    wide: Numbers
    room: float

    @property
    def line(self) -> float:
        """The median line's width."""
        return float(np.median(self.wide[self.some])) if self.some.any() else 0.0

    @property
    def fullness(self) -> float:
        """The median line's share of the column's width."""
        return self.line / self.room if self.room > 0 else 0.0


def _side(found: _Bands, side: NDArray[np.bool_], first: int, last: int) -> _Side:
    inside = side & (found.band >= first) & (found.band <= last)
    some, band = found.members[inside], found.band[inside] - first
    count, of = last - first + 1, found.fragments
    number = np.maximum(1, np.bincount(band, minlength=count))
    level = total(of.baseline[some], band, count) / number
    wide = total(of.right[some] - of.left[some], band, count)
    room = float(of.right[some].max() - of.left[some].min()) if len(some) else 0.0
    return _Side(np.bincount(band, minlength=count) > 0, level, wide, room)


def _gridded(x: float, top: float, bottom: float, floors: Edges) -> bool:
    """Whether level rules cross the gap between the rows: a table's."""
    crossing = (floors[:, 0] < x) & (floors[:, 2] > x)
    inside = (floors[:, 1] > top) & (floors[:, 3] < bottom)
    return int(np.count_nonzero(crossing & inside)) >= _GRID


def _judge(
    found: _Bands, candidate: tuple[float, int, int], floors: Edges, letter: float
) -> Column | None:
    x, first, last = candidate
    of = found.fragments
    on_left = of.middle[found.members] < x
    left, right = (_side(found, side, first, last) for side in (on_left, ~on_left))
    both = np.flatnonzero(left.some & right.some)
    if not len(both):
        return None
    start, end = int(both[0]), int(both[-1])
    rows = min(np.count_nonzero(side.some[start:]) for side in (left, right))
    full = min(left.fullness, right.fullness)
    if rows < _LEAST_ROWS or min(left.line, right.line) < _LEAST_LINE * letter or full < _FULL:
        return None
    level = np.where(left.some, left.level, right.level)
    if _gridded(x, level[start] - letter, level[end] + letter, floors):
        return None
    some = left.some | right.some
    start, end = _with_ends(level, some, start, end)
    aligned = float(np.mean(np.abs(left.level - right.level)[both] <= _OFF * letter))
    paired = len(both) / max(1, int(np.count_nonzero(some[start : end + 1])))
    sure = full >= _VERY_FULL or min(aligned, paired) < _LEVEL
    return Column(x, first + start, first + end, len(both), sure)


def _with_ends(level: Numbers, some: NDArray[np.bool_], start: int, end: int) -> tuple[int, int]:
    """The bands from the head of one column to the rest of the longer one, all in one step."""
    steps = np.diff(level[start : end + 1])
    most = _TAIL * float(np.median(steps)) if len(steps) else 0.0
    while end + 1 < len(level) and some[end + 1] and level[end + 1] - level[end] < most:
        end += 1
    while start and some[start - 1] and level[start] - level[start - 1] < most:
        start -= 1
    return start, end


def best_column(
    fragments: Fragments, every: Sequence[Indices], floors: Edges, letter: float
) -> Column | None:
    """The gap between two columns of text with the most rows in `every` band; None without one."""
    if len(every) < _LEAST_ROWS or all(len(band) == 1 for band in every):
        return None
    found = _covered(fragments, every, letter)
    judged = (_judge(found, one, floors, letter) for one in _candidates(found))
    columns = [column for column in judged if column]
    return max(columns, key=lambda column: (column.sure, column.rows), default=None)
