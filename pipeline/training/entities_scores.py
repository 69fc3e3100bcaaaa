"""Exact spans counted: precision, recall and F1 in per cent, with an interval."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.training.entities_data import LABELS, Span

SEED: Final = 20
DRAWS: Final = 500


@dataclass(frozen=True, slots=True)
class Counts:
    """Right, found and true entities by label, of one sentence or of many."""

    right: Counter[str]
    found: Counter[str]
    true: Counter[str]


def counts(gold: Sequence[Span], found: Sequence[Span]) -> Counts:
    """Exact spans with their label; what is said twice counts once."""
    both = set(gold) & set(found)
    right, said, true = (
        Counter(label for *_, label in set(spans)) for spans in (both, found, gold)
    )
    return Counts(right, said, true)


def summed(each: Sequence[Counts]) -> Counts:
    """The counts of many sentences together."""
    total = Counts(Counter(), Counter(), Counter())
    for one in each:
        total.right.update(one.right)
        total.found.update(one.found)
        total.true.update(one.true)
    return total


def rates(right: int, found: int, true: int) -> dict[str, float]:
    """Precision, recall and F1 in per cent; 0 where there is nothing to divide by."""
    parts = (right / max(1, found), right / max(1, true), 2 * right / max(1, found + true))
    return {name: round(100 * part, 2) for name, part in zip(("p", "r", "f1"), parts, strict=True)}


def micro_f1(each: Sequence[Counts]) -> float:
    """F1 over all labels."""
    total = summed(each)
    return rates(total.right.total(), total.found.total(), total.true.total())["f1"]


def interval(each: Sequence[Counts]) -> tuple[float, float]:
    """95 % interval of the micro-F1, by drawing sentences anew."""
    draw = random.Random(SEED)
    scores = sorted(micro_f1(draw.choices(each, k=len(each))) for _ in range(DRAWS))
    return scores[int(0.025 * DRAWS)], scores[int(0.975 * DRAWS)]


def report(each: Sequence[Counts]) -> dict[str, object]:
    """micro_f1 with its interval, and the rates of every label."""
    total = summed(each)
    labels = {
        label: rates(total.right[label], total.found[label], total.true[label]) for label in LABELS
    }
    return {
        "micro_f1": micro_f1(each),
        "interval": interval(each) if each else (0.0, 0.0),
        "labels": labels,
    }
