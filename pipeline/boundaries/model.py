"""The trained model: features in, the chance that a document begins out; and the pages' sequence."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp
from typing import Any, Final

WEIGHTS: Final = "model/boundaries.json"
_LEAST: Final = 1e-4


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic regression over standardised features, and how often documents end.

    `ends` is the chance that the next page begins a document, after one, two, three … pages, the
    last for all longer ones; `base` is that chance over all pages it learnt on.
    """

    version: str
    bias: float
    weights: Mapping[str, float]
    means: Mapping[str, float]
    scales: Mapping[str, float]
    base: float
    ends: tuple[float, ...]

    def chance(self, features: Mapping[str, float]) -> float:
        """How sure it is that a document begins, 0 to 1, from the page and its neighbours alone."""
        score = self.bias + sum(
            weight * (features[name] - self.means[name]) / self.scales[name]
            for name, weight in self.weights.items()
        )
        return min(1 - _LEAST, max(_LEAST, 1 / (1 + exp(-max(-30.0, min(30.0, score))))))


def from_json(told: Mapping[str, Any]) -> Model:
    """A model as the training wrote it."""
    return Model(**{**told, "ends": tuple(told["ends"])})


@cache
def read_model() -> Model:
    """The model that is shipped."""
    return from_json(json.loads((files(__package__) / WEIGHTS).read_text(encoding="utf-8")))


def _normal(values: Sequence[float]) -> list[float]:
    total = sum(values)
    return [value / total for value in values]


def in_sequence(
    model: Model, chances: Sequence[float], fixed: Sequence[bool | None]
) -> tuple[float, ...]:
    """How sure it is that each page begins a document, all pages and their documents' lengths seen.

    `chances` are the model's; `fixed` what is known of a page. The first page begins one. By the
    forward and backward sums over how many pages the document has so far.
    """
    if not chances:
        return ()
    known = (True, *fixed[1:])
    odds = [_evidence(model, c, f) for c, f in zip(chances, known, strict=True)]
    count = len(model.ends)
    forward = [_normal([1.0] + [0.0] * (count - 1))]
    for begins, goes_on in odds[1:]:
        forward.append(_normal(_step(model, forward[-1], begins, goes_on)))
    backward = [1.0] * count
    sure = [0.0] * len(odds)
    for at in range(len(odds) - 1, -1, -1):
        both = _normal([f * b for f, b in zip(forward[at], backward, strict=True)])
        sure[at] = both[0]
        backward = _normal(_back(model, backward, *odds[at]))
    return tuple(sure)


def _evidence(model: Model, chance: float, known: bool | None) -> tuple[float, float]:
    """How much the page speaks for a beginning, and against it."""
    if known is not None:
        return float(known), float(not known)
    return chance / model.base, (1 - chance) / (1 - model.base)


def _step(model: Model, before: Sequence[float], begins: float, goes_on: float) -> list[float]:
    """The chances of each length at the next page."""
    first = begins * sum(p * end for p, end in zip(before, model.ends, strict=True))
    longer = [goes_on * p * (1 - end) for p, end in zip(before, model.ends, strict=True)]
    if len(longer) == 1:
        return [first + longer[0]]
    return [first, *longer[:-2], longer[-2] + longer[-1]]


def _back(model: Model, behind: Sequence[float], begins: float, goes_on: float) -> list[float]:
    """The same the other way: what the pages from here on say of the length before them."""
    longer = [*behind[1:], behind[-1]]
    return [
        end * begins * behind[0] + (1 - end) * goes_on * more
        for end, more in zip(model.ends, longer, strict=True)
    ]
