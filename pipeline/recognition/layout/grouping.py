"""Sums and quantiles over groups of values, without a loop over the groups."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Indices = NDArray[np.int64]


def quantile(values: Numbers, group: Indices, count: int, share: float) -> Numbers:
    """The value at `share` of each group 0 … count - 1 in ascending order; 0 for an empty one."""
    if not len(values):
        return np.zeros(count)
    order = np.lexsort((values, group))
    sizes = np.bincount(group, minlength=count)
    first = np.cumsum(sizes) - sizes
    at = first + np.floor(share * np.maximum(sizes - 1, 0) + 0.5).astype(np.int64)
    found = values[order[np.minimum(at, len(values) - 1)]]
    return np.where(sizes > 0, found, 0.0)


def total(values: Numbers, group: Indices, count: int) -> Numbers:
    """Each group's sum; 0 for an empty one."""
    return np.bincount(group, weights=values, minlength=count).astype(np.float64)


def least(values: Numbers, group: Indices, count: int) -> Numbers:
    """Each group's smallest value; infinity for an empty one."""
    found = np.full(count, np.inf)
    np.minimum.at(found, group, values)
    return found


def most(values: Numbers, group: Indices, count: int) -> Numbers:
    """Each group's greatest value; minus infinity for an empty one."""
    return -least(-values, group, count)


def weighted_median(values: Numbers, weights: Numbers) -> float:
    """0 for no values."""
    if not len(values):
        return 0.0
    order = np.argsort(values, kind="stable")
    half = np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2)
    return float(values[order[min(int(half), len(order) - 1)]])


def compact(group: Indices) -> tuple[Indices, int]:
    """The groups renumbered 0 … count - 1, in ascending order of their numbers; and count."""
    names, numbers = np.unique(group, return_inverse=True)
    return numbers.astype(np.int64), len(names)
