"""The sums over all ways to part a binder, against every way one by one."""

from itertools import product
from math import isclose, prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.boundaries.model import Model, in_sequence

ENDS = (0.3, 0.5, 0.6)
MODEL = Model("test", 0.0, {}, {}, {}, 0.4, ENDS)
CHANCES = st.lists(st.floats(0.01, 0.99), min_size=1, max_size=7)


def weight(begins, chances):
    """How likely a way to part the pages is, by the chance of each page and of each length."""
    total, length = 1.0, 1
    for at in range(1, len(chances)):
        end = ENDS[min(length, len(ENDS)) - 1]
        if begins[at]:
            total *= end * chances[at] / MODEL.base
            length = 1
        else:
            total *= (1 - end) * (1 - chances[at]) / (1 - MODEL.base)
            length += 1
    return total


def one_by_one(chances, fixed):
    ways = [
        begins
        for begins in product((True, False), repeat=len(chances))
        if begins[0]
        and all(f is None or f == b for f, b in zip(fixed[1:], begins[1:], strict=True))
    ]
    weights = [weight(way, chances) for way in ways]
    # evidence of a page that is known counts the same for all ways that are left
    return [
        sum(w for way, w in zip(ways, weights, strict=True) if way[at]) / sum(weights)
        for at in range(len(chances))
    ]


@given(CHANCES, st.data())
def test_it_is_the_sum_over_every_way(chances, data):
    fixed = data.draw(
        st.lists(
            st.sampled_from([None, None, True, False]),
            min_size=len(chances),
            max_size=len(chances),
        )
    )
    told = in_sequence(MODEL, chances, fixed)
    wanted = one_by_one(chances, fixed)
    assert all(isclose(a, b, abs_tol=1e-9) for a, b in zip(told, wanted, strict=True))


def test_no_page_no_beginning():
    assert in_sequence(MODEL, (), ()) == ()


@pytest.mark.parametrize("count", [1, 3000])
def test_long_binders_neither_vanish_nor_overflow(count):
    told = in_sequence(MODEL, [1e-4] * count, [None] * count)
    assert told[0] == pytest.approx(1)
    assert all(0 <= chance < 0.01 for chance in told[1:])


def test_a_chance_is_that_of_the_weights():
    model = Model("test", -1.0, {"a": 2.0}, {"a": 0.5}, {"a": 0.25}, 0.4, ENDS)
    assert model.chance({"a": 0.5}) == pytest.approx(1 / (1 + 2.718281828459045))
    assert model.chance({"a": 1e9}) < 1
    assert prod([model.chance({"a": -1e9}), 1]) > 0
