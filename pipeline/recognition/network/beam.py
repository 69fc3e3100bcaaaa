"""A prefix beam over the frames of one unsure word: its likeliest readings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Probabilities: TypeAlias = NDArray[np.float32]
_Beams: TypeAlias = dict[tuple[int, ...], tuple[float, float]]
_Choices: TypeAlias = list[tuple[int, float]]

_WIDTH = 6
_LEAST = 0.01
_MOST_CHOICES = 6
_BLANK = 0.995
_HOPELESS = 1e-4
_SMALL, _TINY = 1e-100, 1e-300


@dataclass(frozen=True, slots=True)
class Reading:
    """Output classes without blanks and repeats, and the logarithm of their probability."""

    labels: tuple[int, ...]
    log_probability: float


def _choices(probabilities: Probabilities, null: int) -> Iterator[_Choices]:
    """For each frame the classes worth a thought; of surely blank frames in a row only one."""
    blank = probabilities[:, null] > _BLANK
    told = np.flatnonzero(~(blank & np.concatenate([[False], blank[:-1]])))
    likely = probabilities[told] > _LEAST
    likely[np.arange(len(told)), probabilities[told].argmax(axis=1)] = True
    _, classes = np.nonzero(likely)
    values = probabilities[told][likely].tolist()
    ends = np.cumsum(likely.sum(axis=1)).tolist()
    pairs = list(zip(classes.tolist(), values, strict=True))
    start = 0
    for end in ends:
        choices = pairs[start:end]
        if len(choices) > _MOST_CHOICES:
            choices = sorted(choices, key=lambda pair: -pair[1])[:_MOST_CHOICES]
        yield choices
        start = end


def _step(beams: _Beams, choices: _Choices, null: int) -> _Beams:
    """The beams one frame on; each holds its probability ending in a blank and in its last."""
    new: _Beams = {}
    for prefix, (blank, label) in beams.items():
        last = prefix[-1] if prefix else -1
        both = blank + label
        for choice, probability in choices:
            if choice == null:
                before = new.get(prefix, (0.0, 0.0))
                new[prefix] = (before[0] + both * probability, before[1])
                continue
            grown = both
            if choice == last:
                before = new.get(prefix, (0.0, 0.0))
                new[prefix] = (before[0], before[1] + label * probability)
                grown = blank
            if grown > 0:
                longer = (*prefix, choice)
                before = new.get(longer, (0.0, 0.0))
                new[longer] = (before[0], before[1] + grown * probability)
    return new


def _pruned(beams: _Beams) -> tuple[_Beams, float]:
    """The likeliest few, and the probability of the first."""
    totals = {prefix: blank + label for prefix, (blank, label) in beams.items()}
    most = max(totals.values())
    if len(beams) > _WIDTH:
        kept = sorted(totals, key=totals.__getitem__, reverse=True)[:_WIDTH]
    else:
        kept = list(totals)
    least = most * _HOPELESS
    return {prefix: beams[prefix] for prefix in kept if totals[prefix] >= least}, most


def readings(probabilities: Probabilities, null: int) -> Sequence[Reading]:
    """The likeliest readings of T x C probabilities, best first, at least one."""
    beams: _Beams = {(): (1.0, 0.0)}
    logarithm = 0.0
    for choices in _choices(probabilities, null):
        choice, probability = choices[0]
        if len(choices) > 1:
            beams, most = _pruned(_step(beams, choices, null))
            if 0 < most < _SMALL:
                logarithm += log(most)
                beams = {prefix: (b / most, n / most) for prefix, (b, n) in beams.items()}
        elif choice == null:
            beams = {prefix: ((b + n) * probability, 0.0) for prefix, (b, n) in beams.items()}
        else:
            beams = _step(beams, choices, null)
    found = (
        Reading(labels, min(0.0, logarithm + log(max(blank + label, _TINY))))
        for labels, (blank, label) in beams.items()
    )
    return sorted(found, key=lambda reading: -reading.log_probability)


def frames_of(labels: Sequence[int], probabilities: Probabilities) -> tuple[int, ...]:
    """A frame for each label, in order, where together they are likeliest; needs T >= labels."""
    count, frames = len(labels), len(probabilities)
    span = frames - count + 1
    best = np.zeros(span, np.float32)
    chosen = np.empty((count, span), np.int64)
    for place, label in enumerate(labels):
        here = best + probabilities[place : place + span, label]
        best = np.maximum.accumulate(here)
        rises = np.concatenate([[True], here[1:] > best[:-1]])
        chosen[place] = np.maximum.accumulate(np.where(rises, np.arange(span), 0))
    ends: list[int] = []
    last = span - 1
    for place in range(count - 1, -1, -1):
        last = int(chosen[place, last])
        ends.append(last + place)
    return tuple(reversed(ends))
