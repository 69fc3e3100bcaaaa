"""Columns of running text: a gap that several rows share, with full lines on both sides."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
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
_ABOUT = 4  # bands above and below
_MOST_BETWEEN, _BESIDE, _NEAR = 12, 0.8, 2.0


@dataclass(frozen=True, slots=True)
class Column:
    """A gap at `x` through bands `first` to `last`; not `sure`: it may be a table's as well.

    `island` are fragments that stand in the gap with text on either side, as a caption does.
    """

    x: float
    first: int
    last: int
    rows: int
    sure: bool
    island: Indices


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
        yield from _interrupted((place + 0.5) * found.step, turns.tolist())


def _interrupted(x: float, turns: Sequence[int]) -> Iterator[tuple[float, int, int]]:
    """The runs of a gap as one where few bands lie between each and the next."""
    first = turns[0] if len(turns) else 0
    for end, start, last in zip(turns[1::2], turns[2::2], turns[3::2], strict=False):
        if start - end > _MOST_BETWEEN:
            first = start
        elif last - first >= _LEAST_ROWS:
            yield x, first, last - 1


@dataclass(frozen=True, slots=True)
class _Side:
    """Text on one side of a gap, band by band: its level and how wide it is; `some`: there is.

    `room` is the width of the column about each: less where a picture stands in it.
    """

    some: NDArray[np.bool_]
    level: Numbers
    wide: Numbers
    room: Numbers

    @property
    def line(self) -> float:
        """The median line's width."""
        return float(np.median(self.wide[self.some])) if self.some.any() else 0.0

    @property
    def fullness(self) -> float:
        """The median line's share of the column's width."""
        if not self.some.any():
            return 0.0
        return float(np.median((self.wide / np.maximum(1.0, self.room))[self.some]))


def _side(found: _Bands, side: NDArray[np.bool_], first: int, last: int) -> _Side:
    inside = side & (found.band >= first) & (found.band <= last)
    some, band = found.members[inside], found.band[inside] - first
    count, of = last - first + 1, found.fragments
    number = np.maximum(1, np.bincount(band, minlength=count))
    level = total(of.baseline[some], band, count) / number
    wide = total(of.right[some] - of.left[some], band, count)
    return _Side(np.bincount(band, minlength=count) > 0, level, wide, _room(of, some, band, count))


def _room(of: Fragments, some: Indices, band: Indices, count: int) -> Numbers:
    """From the leftmost to the rightmost ink of the bands about each."""
    left, right = np.full(count + 2 * _ABOUT, np.inf), np.full(count + 2 * _ABOUT, -np.inf)
    np.minimum.at(left, band + _ABOUT, of.left[some])
    np.maximum.at(right, band + _ABOUT, of.right[some])
    wide = 2 * _ABOUT + 1
    room = sliding_window_view(right, wide).max(axis=1) - sliding_window_view(left, wide).min(
        axis=1
    )
    return np.asarray(np.maximum(room, 0.0))


def _gridded(x: float, top: float, bottom: float, floors: Edges, least: float) -> bool:
    """Whether level rules of at least that length cross the gap between the rows: a table's."""
    crossing = (floors[:, 0] < x) & (floors[:, 2] > x) & (floors[:, 2] - floors[:, 0] >= least)
    inside = (floors[:, 1] > top) & (floors[:, 3] < bottom)
    return int(np.count_nonzero(crossing & inside)) >= _GRID


def _judge(
    found: _Bands, candidate: tuple[float, int, int], floors: Edges, letter: float
) -> Column | None:
    x, first, last = candidate
    of = found.fragments
    across = (of.left[found.members] < x) & (of.right[found.members] > x)
    on_left = of.middle[found.members] < x
    sides = (on_left & ~across, ~on_left & ~across)
    left, right = (_side(found, side, first, last) for side in sides)
    inside = (found.band >= first) & (found.band <= last)
    island, *beside = (found.members[some & inside] for some in (across, *sides))
    line = min(left.line, right.line)
    if not _stands_between(of, island, (beside[0], beside[1]), line, letter):
        return None
    both = np.flatnonzero(left.some & right.some)
    if not len(both):
        return None
    start, end = int(both[0]), int(both[-1])
    rows = min(np.count_nonzero(side.some[start:]) for side in (left, right))
    full = min(left.fullness, right.fullness)
    if rows < _LEAST_ROWS or line < _LEAST_LINE * letter or full < _FULL:
        return None
    level = np.where(left.some, left.level, right.level)
    if _gridded(x, level[start] - letter, level[end] + letter, floors, line / 2):
        return None
    some = left.some | right.some
    start, end = _with_ends(level, some, start, end)
    aligned = float(np.mean(np.abs(left.level - right.level)[both] <= _OFF * letter))
    paired = len(both) / max(1, int(np.count_nonzero(some[start : end + 1])))
    sure = full >= _VERY_FULL or min(aligned, paired) < _LEVEL
    island = found.members[across & (found.band >= first + start) & (found.band <= first + end)]
    return Column(x, first + start, first + end, len(both), sure, island)


def _stands_between(
    of: Fragments, island: Indices, sides: tuple[Indices, Indices], line: float, letter: float
) -> bool:
    """Whether what is in the gap is narrower than a line, with text at either hand of nearly all."""
    if not len(island):
        return True
    narrow = bool((of.right[island] - of.left[island] < line).all())
    level = of.baseline[island][:, None]
    off = [np.abs(level - of.baseline[side]).min(axis=1, initial=np.inf) for side in sides]
    return narrow and bool(np.mean(np.maximum(*off) <= _NEAR * letter) >= _BESIDE)


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
