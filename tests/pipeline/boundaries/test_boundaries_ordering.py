"""Where the numbers printed on pages tell that these lie in another order."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.boundaries.ordering import misplaced

ORDERS = {
    "in order": ((1, 2, 3, 4), []),
    "two pages changed": ((1, 3, 2, 4), [3]),
    "from the end": ((4, 3, 2, 1), [2]),
    "the first page last": ((2, 3, 4, 1), [4]),
    "first page without a number": ((0, 3, 2, 4), [3]),
    "a page without a number between": ((1, 4, 0, 2), [4]),
    "a page misread": ((1, 2, 8, 4), []),
    "a page misread, another without a number": ((0, 6, 7, 3, 9), []),
    "two papers as one": ((1, 2, 1, 2), []),
    "one number": ((0, 7, 0), []),
    "no number": ((0, 0, 0), []),
}


@pytest.mark.parametrize(("numbers", "found"), ORDERS.values(), ids=ORDERS)
def test_a_document(numbers, found):
    assert list(misplaced(numbers, [(1, len(numbers))])) == found


def test_each_document_by_itself():
    numbers = (2, 1, 0, 1, 2, 3, 12, 11)
    assert list(misplaced(numbers, [(1, 2), (4, 6), (7, 8)])) == [2, 8]


@pytest.mark.parametrize("numbers", [(), (1, 3)])
def test_pages_that_nobody_looked_at_tell_nothing(numbers):
    assert not list(misplaced(numbers, [(1, 1), (2, 4)]))


STRAYS = {
    "its second page before its first": ((1, 2, 2, 1, 3), [(1, 3), (4, 5)], [4]),
    "behind a paper without numbers": ((0, 0, 2, 1, 3), [(1, 3), (4, 5)], [4]),
    "whose second page it may be": ((0, 0, 2, 1), [(1, 3), (4, 4)], []),
    "the paper before ends with it": ((1, 2, 1, 3), [(1, 2), (3, 4)], []),
    "both have one": ((0, 2, 1, 2), [(1, 2), (3, 4)], []),
}


@pytest.mark.parametrize(("numbers", "documents", "found"), STRAYS.values(), ids=STRAYS)
def test_a_page_that_was_taken_for_the_end_of_the_paper_before(numbers, documents, found):
    assert list(misplaced(numbers, documents)) == found


@given(st.integers(1, 50), st.permutations(range(6)))
def test_a_whole_series_is_told_if_and_only_if_it_falls(start, order):
    numbers = [start + at for at in order]
    falls = [page for page, (a, b) in enumerate(pairwise(numbers), 2) if b < a]
    assert list(misplaced(numbers, [(1, 6)])) == falls[:1]


@given(st.lists(st.integers(0, 300), max_size=12))
def test_pages_in_order_are_never_told(numbers):
    rising = iter(sorted(n for n in numbers if n))
    given_ = [next(rising) if n else 0 for n in numbers]
    assert not list(misplaced(given_, [(1, len(given_))]))
