"""Whether a document's pages lie in the order that the numbers printed on them tell."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

_FEWEST = 2
Paper = Sequence[tuple[int, int]]
"""Pages (from 1) in the order in which they lie, with the number printed on each."""


def misplaced(numbers: Sequence[int], documents: Sequence[tuple[int, int]]) -> Iterator[int]:
    """For each document whose order is wrong, the page (from 1) where it breaks.

    `numbers` are those printed on the pages, 0 where a page has none, fewer where not all were
    looked at; `documents` are first and last pages. Numbers that are no whole series, twice the same or too far apart, are misread or of
    several papers, and tell nothing.
    """
    known = dict(enumerate(numbers, 1))
    papers = [[(n, known.get(n, 0)) for n in range(a, b + 1)] for a, b in documents]
    for before, paper in pairwise([[], *papers]):
        yield from _fall(paper) or _fall(_with_stray(before, paper))


def _fall(paper: Paper) -> tuple[int, ...]:
    """The first page whose number is lower than that before it, where all are one series."""
    told = [(page, number) for page, number in paper if number]
    if not _is_series([number for _, number in told], len(paper)):
        return ()
    return tuple(page for (_, a), (page, b) in pairwise(told) if b < a)[:1]


def _is_series(numbers: Sequence[int], pages: int) -> bool:
    """Each once, and none missing that could not stand on a page without a number."""
    if len(numbers) < _FEWEST or len(set(numbers)) < len(numbers):
        return False
    return max(numbers) - min(numbers) < pages


def _with_stray(before: Paper, paper: Paper) -> Paper:
    """The paper with the last page of the one before it, if that one lies better without."""
    stray = before[-1] if before else (0, 0)
    rest, own = {n for _, n in before[:-1] if n}, {n for _, n in paper if n}
    out_of_place = stray[1] <= max(rest) if rest else stray[1] + 1 in own
    if stray[1] > 1 and stray[1] not in own and out_of_place:
        return (stray, *paper)
    return ()
