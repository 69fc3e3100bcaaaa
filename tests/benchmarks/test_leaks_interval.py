"""The interval of the share that leaked."""

import pytest

from benchmarks.leaks.report import _wilson


def test_nothing_leaked_of_three_thousand_is_still_not_nothing():
    assert _wilson(0, 3000) == [0.0, 0.00128]


@pytest.mark.parametrize(("hits", "of"), [(1, 10), (11, 522), (7, 7)])
def test_the_share_lies_in_its_interval(hits, of):
    low, high = _wilson(hits, of)
    assert 0 <= low <= hits / of <= high <= 1


def test_of_nothing_there_is_no_interval():
    assert _wilson(0, 0) is None
