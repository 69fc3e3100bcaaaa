"""The comparison of answers' times finds a difference that is there, and none that is not."""

import random

import pytest

from benchmarks.load.inference import compared


def rounds(seed: int, twin: float = 0.0, present: float = 0.0) -> list[list[float]]:
    """A thousand rounds with a slow drift, late calls now and then, and these seconds added."""
    chance = random.Random(seed)
    told = []
    for n in range(1000):
        base = 0.010 + 0.004 * n / 1000
        late = [0.05 if chance.random() < 0.03 else 0.0 for _ in range(3)]
        each = [base + slow + chance.gauss(0, 0.001) for slow in late]
        told.append([each[0], each[1] + twin, each[2] + present])
    return told


@pytest.mark.parametrize("seed", range(2))
def test_noise_alone_is_within(seed):
    told = compared(rounds(seed), 7)
    assert told["within"]
    assert told["interval_ms"][0] < 0 < told["interval_ms"][1]


@pytest.mark.parametrize("seed", range(2))
def test_half_a_millisecond_is_found(seed):
    told = compared(rounds(seed, present=0.0005), 7)
    assert not told["within"]
    assert told["by_chance"] < 0.01 / 7
    assert told["interval_ms"][0] > 0.2
    assert told["noise_ms"] < 0.4


def test_what_the_twins_differ_by_as_well_is_no_sign():
    told = compared(rounds(1, twin=0.0006, present=0.0004), 7)
    assert told["within"]
    assert told["by_chance"] < 0.01
