"""Runs of pieces on one baseline: what rows and cells are made of."""

from dataclasses import dataclass

import numpy as np

from pipeline.recognition.layout.chains import chain
from pipeline.recognition.layout.grouping import (
    Indices,
    Numbers,
    compact,
    least,
    most,
    quantile,
    total,
)
from pipeline.recognition.layout.model import Edges, no_edges
from pipeline.recognition.layout.pieces import Flags, Pieces, letter_height, letter_like

_LEAST_CORE, _MOST_CORE = 0.55, 2.1
_ROUNDS = 4
_STIFFNESS = 4 * 6.0**2
_ON_LINE = 0.3
_MOST_SLOPE = 0.12
_LEAST_LARGE = 3
_WORD, _WORD_SHAPE, _WORD_DENSITY = 12, 2.5, 0.25  # a word in one piece
_MOST_ABSORBED = 40_000_000
_NO_LINE = -1
_FAR = 1e6
_AWAY, _DASH_AWAY = 1.3, 3.0
_CEDILLA, _ACCENT = 0.75, 2.3
_DOT, _LEAST_DOTS = 0.35, 6


@dataclass(frozen=True, slots=True)
class Fragments:
    """Runs of pieces: edges, baseline (at the middle of the run), slope, size, how many letters.

    `top` and `bottom` are those of the letters of the line, not of strays.
    """

    left: Numbers
    right: Numbers
    top: Numbers
    bottom: Numbers
    middle: Numbers
    baseline: Numbers
    slope: Numbers
    x_height: Numbers
    letters: Indices

    def __len__(self) -> int:
        return len(self.left)

    def baseline_at(self, x: Numbers) -> Numbers:
        """Of every fragment at every x (n×1 against m gives n×m)."""
        return self.baseline + self.slope * (x - self.middle)


def _fit(pieces: Pieces, group: Indices, count: int, letter: Numbers) -> tuple[Numbers, Numbers]:
    """Baseline at the mean x, and slope, by least squares on the feet that lie on it.

    Short runs are held near the level.
    """
    x, foot = pieces.middle.astype(np.float64), pieces.bottom.astype(np.float64)
    size = np.maximum(1, np.bincount(group, minlength=count))
    x = x - (total(x, group, count) / size)[group]
    slope = np.zeros(count)
    for _ in range(2):
        rest = foot - slope[group] * x
        level = quantile(rest, group, count, 0.5)
        on = (np.abs(rest - level[group]) <= _ON_LINE * letter[group]).astype(np.float64)
        off = (foot - level[group]) * on
        heavy = _STIFFNESS * letter**2
        n = np.maximum(1.0, total(on, group, count))
        mean_x, mean_y = total(x * on, group, count) / n, total(off, group, count) / n
        spread = total(x * x * on, group, count) - n * mean_x**2
        slope = (total(x * off, group, count) - n * mean_x * mean_y) / (
            np.maximum(spread, 0) + heavy + 1
        )
        slope = np.clip(slope, -_MOST_SLOPE, _MOST_SLOPE)
    level = quantile(foot - slope[group] * x, group, count, 0.5)
    return level, slope


def measure(pieces: Pieces, core: Flags, group: Indices, count: int) -> Fragments:
    """The fragments 0 … count - 1 of pieces, each with a core piece (a letter) at least."""
    letters, of = pieces.where(core), group[core]
    size = quantile(letters.height.astype(np.float64), of, count, 0.5)
    baseline, slope = _fit(letters, of, count, size)
    number = np.bincount(of, minlength=count)
    x = letters.middle.astype(np.float64)
    middle = total(x, of, count) / np.maximum(1, number)
    base = baseline[of] + slope[of] * (x - middle[of])
    on = np.abs(letters.bottom - base) <= _ON_LINE * size[of]
    height = (base - letters.top)[on]
    low = quantile(height, of[on], count, 0.3)
    return Fragments(
        left=least(pieces.left.astype(np.float64), group, count),
        right=most(pieces.right.astype(np.float64), group, count),
        top=baseline - quantile(height, of[on], count, 0.9),
        bottom=baseline + 0.1 * size,
        middle=middle,
        baseline=baseline,
        slope=slope,
        x_height=np.where(low > 0, low, np.maximum(size, 1)),
        letters=number,
    )


def _agreeing(pieces: Pieces, group: Indices, count: int) -> Flags:
    """Groups whose letters stand on one line and are of like sizes."""
    height = pieces.height.astype(np.float64)
    size = quantile(height, group, count, 0.5)
    baseline, slope = _fit(pieces, group, count, size)
    x = pieces.middle.astype(np.float64)
    number = np.maximum(1, np.bincount(group, minlength=count))
    middle = total(x, group, count) / number
    off = np.abs(pieces.bottom - baseline[group] - slope[group] * (x - middle[group]))
    on = total((off <= _ON_LINE * size[group]).astype(np.float64), group, count)
    return np.asarray(on >= 0.6 * number)


def _round(
    pieces: Pieces, free: Flags, shape: tuple[int, int], walls: Edges
) -> tuple[Indices, Indices]:
    """Pieces of the commonest size of those that are free, and their chains."""
    letter = letter_height(pieces.where(free))
    height = pieces.height
    sized = (height >= _LEAST_CORE * letter) & (height <= _MOST_CORE * letter)
    core = np.flatnonzero(free & sized)
    return core, chain(pieces.where(core), letter, shape, walls)


def _accepted(pieces: Pieces, chains: Indices, *, first: bool) -> Flags:
    """Which of the chained pieces are in chains that are text."""
    numbers, count = compact(chains)
    letters = np.bincount(numbers, minlength=count)
    if first:
        long = (pieces.width >= _WORD) & (pieces.width >= _WORD_SHAPE * pieces.height)
        long &= pieces.ink >= _WORD_DENSITY * pieces.width * pieces.height
        words = np.bincount(numbers[long], minlength=count) > 0
        return np.asarray(((letters > 1) | words)[numbers])
    fit = _agreeing(pieces, numbers, count)
    return np.asarray(((letters >= _LEAST_LARGE) & fit)[numbers])


def find_fragments(pieces: Pieces, shape: tuple[int, int], walls: Edges) -> tuple[Indices, Flags]:
    """The fragment of each piece (-1: none) and whether it is a letter there.

    Size by size: the commonest first, then what is left (titles, small print).
    """
    owner = np.full(len(pieces), _NO_LINE, np.int64)
    free = letter_like(pieces)
    given = 0
    for turn in range(_ROUNDS):
        if np.count_nonzero(free) < (1 if turn == 0 else _LEAST_LARGE):
            break
        core, chains = _round(pieces, free, shape, walls)
        free[core] = False
        good = _accepted(pieces.where(core), chains, first=turn == 0)
        owner[core[good]] = chains[good] + given
        given += int(chains.max(initial=0)) + 1
    return owner, owner != _NO_LINE


def united(pieces: Pieces, owner: Indices, letter: Flags) -> Indices:
    """Owners with fragments put together that lie over each other on one line.

    Titles are found in parts, where their small letters are as high as the text's capitals.
    """
    held = owner != _NO_LINE
    if not held.any():
        return owner
    numbers, count = compact(owner[held])
    of = measure(pieces.where(held), letter[held], numbers, count)
    shared = np.minimum(of.right, of.right[:, None]) - np.maximum(of.left, of.left[:, None])
    size = np.maximum(of.x_height, of.x_height[:, None])
    off = np.abs(of.baseline_at(of.middle[:, None]) - of.baseline[:, None])
    one = (shared > 0) & (off <= _ON_LINE * size)
    if not one[np.triu_indices(count, 1)].any():
        return owner
    first = np.arange(count)
    for a, b in np.argwhere(np.triu(one, 1)).tolist():
        first[first == first[b]] = first[a]
    found = owner.copy()
    found[held] = first[numbers]
    return found


def released(pieces: Pieces, owner: Indices, letter: Flags) -> Indices:
    """Owners without the pieces that are off their line, and lines without letters left."""
    held = np.flatnonzero(owner != _NO_LINE)
    if not len(held):
        return owner
    numbers, count = compact(owner[held])
    lines = measure(pieces.where(held), letter[held], numbers, count)
    x = pieces.middle[held].astype(np.float64)
    base = lines.baseline[numbers] + lines.slope[numbers] * (x - lines.middle[numbers])
    above = (base - pieces.centre[held]) / lines.x_height[numbers]
    on = (above > -_CEDILLA) & (above < _ACCENT)
    letters = np.bincount(numbers[on & letter[held]], minlength=count)
    found = owner.copy()
    found[held[~on | (letters == 0)[numbers]]] = _NO_LINE
    return found


def leaders(pieces: Pieces, owner: Indices, shape: tuple[int, int], letter: float) -> Indices:
    """The number of the row of dots that each piece is in; -1 where it is in none or in a line."""
    dots = (owner == _NO_LINE) & (pieces.height <= _DOT * letter) & (pieces.width <= letter)
    found = np.full(len(pieces), _NO_LINE, np.int64)
    if np.count_nonzero(dots) < _LEAST_DOTS:
        return found
    rows, count = compact(chain(pieces.where(dots), letter, shape, no_edges()))
    long = np.bincount(rows, minlength=count) >= _LEAST_DOTS
    found[dots] = np.where(long[rows], rows, _NO_LINE)
    return found


def _distance(pieces: Pieces, lines: Fragments) -> Numbers:
    """How far each piece is from the middle of each line, in its x-heights; far where beside it."""
    x, y = pieces.middle[:, None].astype(np.float64), pieces.centre[:, None].astype(np.float64)
    above = (lines.baseline_at(x) - y) / lines.x_height
    beside = np.maximum(lines.left - pieces.right[:, None], pieces.left[:, None] - lines.right)
    dash = (pieces.width > 2 * pieces.height)[:, None]
    near = beside <= np.where(dash, _DASH_AWAY, _AWAY) * lines.x_height
    near &= (above > -_CEDILLA) & (above < _ACCENT)
    outside = np.maximum(above - 1.2, 0) + np.maximum(-above, 0)
    return np.where(near, outside + 0.05 * np.abs(above - 0.5), _FAR)


def absorb(pieces: Pieces, owner: Indices, letter: Flags) -> Indices:
    """Owners with diacritics, punctuation and parts of letters given to the line they are near."""
    if not letter.any():
        return owner
    held = owner != _NO_LINE
    numbers, count = compact(owner[held])
    lines = measure(pieces.where(held), letter[held], numbers, count)
    names = np.unique(owner[held])
    free = np.flatnonzero(~held)
    found = owner.copy()
    step = max(1, _MOST_ABSORBED // (16 * max(1, count)))
    for start in range(0, len(free), step):
        some = free[start : start + step]
        distance = _distance(pieces.where(some), lines)
        best = np.argmin(distance, axis=1)
        fits = distance[np.arange(len(some)), best] < _FAR
        fits &= pieces.height[some] <= 2.2 * lines.x_height[best]
        fits &= pieces.width[some] <= 6 * lines.x_height[best]
        found[some[fits]] = names[best[fits]]
    return found
